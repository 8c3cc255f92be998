"""Openings: a code was scanned at the door, and somebody begins to count what it stands for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from purchasing.clocks.domain import Watched
from purchasing.receipts.domain.refusals import OpeningAbandoned, OpeningElsewhere

KIND = "receipt_opening"


@dataclass(eq=False, kw_only=True)
class Opening:
    """What was scanned, where, by whom and with what; and why nothing came of it, if so."""

    opening_id: UUID
    kind: str
    supplier_id: str
    site_id: str
    order_id: UUID | None
    delivery_note: str | None
    opened_at: datetime
    opened_by: str
    device_id: str | None
    abandoned_at: datetime | None = None
    abandoned_by: str | None = None
    abandoned_reason: str | None = None

    def watched(self, number: str) -> Watched:
        """Return it as clocks know it until goods are counted: by what people call it."""
        return Watched(
            document_id=self.opening_id,
            number=number,
            site_id=self.site_id,
            supplier_id=self.supplier_id,
            clerk=self.opened_by,
            document_kind=KIND,
            scanned=scan_of(self.order_id or self.supplier_id, self.delivery_note),
        )

    def must_be_for(self, order_id: UUID, number: str, supplier_id: str, site_id: str) -> None:
        """Raise unless goods of the order may be what was scanned."""
        same_order = self.order_id is None or self.order_id == order_id
        if not same_order or (self.supplier_id, self.site_id) != (supplier_id, site_id):
            raise OpeningElsewhere(
                supplier_id=self.supplier_id, site_id=self.site_id, number=number
            )
        if self.abandoned_at is not None:
            raise OpeningAbandoned(abandoned_by=self.abandoned_by, reason=self.abandoned_reason)

    def abandon(self, by: str, reason: str, at: datetime) -> bool:
        """Note that nothing comes of it, and why; return whether something still could."""
        if self.abandoned_at is not None:
            return False
        self.abandoned_at, self.abandoned_by, self.abandoned_reason = at, by, reason
        return True


def scan_of(subject: UUID | str, note: str | None = None) -> str:
    """Return the same for the same that is scanned: an order, a supplier, or its note."""
    return f"{subject}:{note or ''}"
