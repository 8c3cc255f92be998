"""The ways by which orders come in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """By which way an order came in."""

    SHOP = "shop"
    WEB = "web"
    PHONE = "phone"
    IMPORT = "import"
    COUNTER = "counter"
    """Sold at a till: paid at once, so that nothing waits."""


@dataclass(frozen=True, kw_only=True)
class TimeToLive:
    """How long the goods of unpaid orders of a channel are held."""

    channel: Channel
    seconds: int
    set_at: datetime
    set_by: str
