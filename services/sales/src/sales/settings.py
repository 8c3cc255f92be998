"""What sales is told by its environment."""

from typing import Annotated

from pydantic import Field

from attachments.settings import FilesSettings
from contracts.wire import Currency
from servicekit.context import Context

WEEK_SECONDS = 604_800


class SalesSettings(FilesSettings):
    """The kit's settings, where files are kept and inventory answers, and how orders are taken."""

    inventory_url: Annotated[str, Field(pattern=r"^https?://")]
    currency: Currency
    reservation_ttl_seconds: int = Field(default=7200, ge=1, le=WEEK_SECONDS)
    """How long an order may stay unpaid."""


def settings_of(context: Context) -> SalesSettings:
    """Return the settings of this service's process."""
    if not isinstance(context.settings, SalesSettings):
        raise TypeError("this process was not started with the settings of sales")
    return context.settings
