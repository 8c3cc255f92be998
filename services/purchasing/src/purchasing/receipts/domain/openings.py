"""Openings: a code was scanned at the door, and somebody begins to count what it stands for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from purchasing.receipts.domain.refusals import OpeningElsewhere


@dataclass(eq=False, kw_only=True)
class Opening:
    """What was scanned, where, by whom and with what; it never changes."""

    opening_id: UUID
    kind: str
    supplier_id: str
    site_id: str
    order_id: UUID | None
    delivery_note: str | None
    opened_at: datetime
    opened_by: str
    device_id: str | None

    def must_be_for(self, order_id: UUID, number: str, supplier_id: str, site_id: str) -> None:
        """Raise unless goods of the order may be what was scanned."""
        same_order = self.order_id is None or self.order_id == order_id
        if not same_order or (self.supplier_id, self.site_id) != (supplier_id, site_id):
            raise OpeningElsewhere(
                supplier_id=self.supplier_id, site_id=self.site_id, number=number
            )
