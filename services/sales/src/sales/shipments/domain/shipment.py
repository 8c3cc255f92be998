"""Shipments: what left, for which order; never changed but for who signed for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sales.shipments.domain.refusals import (
    ShipmentCameBack,
    SignedForAlready,
    SignedOutOfTime,
)


class SignedVia(StrEnum):
    """How it is known that a customer has the goods."""

    SCAN = "scan"  # the driver scanned the paper
    LINK = "link"  # the customer followed the link
    CARRIER = "carrier"  # the carrier's file says so
    COUNTER = "counter"  # the customer took the goods at the till


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who took the goods, when, how that is known, and where the proof is."""

    signed_at: datetime
    signed_by: str
    signed_via: SignedVia
    proof: str | None
    noted_at: datetime
    noted_by: str


@dataclass(frozen=True, kw_only=True)
class ShipmentLine:
    """A line of a shipment; `amount` is what the customer paid for it."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal
    batch_id: str = ""
    serials: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A shipment with its lines."""

    shipment_id: UUID
    number: str
    order_id: UUID
    reservation_id: UUID
    site_id: str
    warehouse_id: str
    currency: str
    posted_at: datetime
    posted_by: str
    lines: tuple[ShipmentLine, ...]
    signed_at: datetime | None = None
    signed_by: str | None = None
    signed_via: SignedVia | None = None
    proof: str | None = None
    noted_at: datetime | None = None
    noted_by: str | None = None
    device_id: str | None = None
    """The registered device that it was posted with; at the counter, the till."""
    came_back_at: datetime | None = None
    """When nothing of it was under way any more, back again or lost, unless it was signed for."""

    def signed(self, by: Signature) -> "Shipment | None":
        """Return the shipment signed for, or None if it was by this very signature before."""
        if (self.signed_at, self.signed_by) == (by.signed_at, by.signed_by):
            return None
        self.must_be_under_way()
        if not self.posted_at <= by.signed_at <= by.noted_at:
            raise SignedOutOfTime(
                number=self.number,
                posted_at=self.posted_at,
                now=by.noted_at,
                signed_at=by.signed_at,
            )
        return replace(self, **vars(by))

    def must_be_under_way(self) -> None:
        """Raise if the customer has the goods, or they are back or lost."""
        self.must_not_be_signed_for()
        if self.came_back_at is not None:
            raise ShipmentCameBack(number=self.number, came_back_at=self.came_back_at)

    def must_not_be_signed_for(self) -> None:
        """Raise if the customer has the goods."""
        if self.signed_at is not None:
            raise SignedForAlready(
                number=self.number, signed_by=self.signed_by, signed_at=self.signed_at
            )
