"""Where an order stands, what changed about it, and what people call it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


def document_number(prefix: str, site_id: str, day: date, count: int) -> str:
    """Return the number people call a document by: a count per site and day."""
    return f"{prefix}-{site_id}-{day:%Y%m%d}-{count}"


class OrderStatus(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PLACED = "placed"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


WITH_SUPPLIER = frozenset({OrderStatus.PLACED, OrderStatus.RECEIVED})
AT_HOME = frozenset({OrderStatus.DRAFT, OrderStatus.SUBMITTED, OrderStatus.APPROVED})


@dataclass(frozen=True)
class Change:
    """What one thing about an order was, and what it became; `line_no` is None for its head."""

    line_no: int | None
    field: str
    was: str | None
    became: str | None
