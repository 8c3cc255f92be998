"""Openings: a code was scanned at the door, and somebody begins to count what it stands for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from purchasing.clocks.domain import Watched
from purchasing.receipts.domain.refusals import (
    OpeningAbandoned,
    OpeningElsewhere,
    WrongWarehouse,
)

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
    session_id: UUID | None = None
    """The scan session it was scanned in, and where that is; None for scans of long ago."""
    warehouse_id: str | None = None
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
            scanned=scan_of(self.order_id or self._suppliers_goods, self.delivery_note),
        )

    @property
    def _suppliers_goods(self) -> str:
        """Return what a supplier brings: to each warehouse other goods."""
        return f"{self.warehouse_id}/{self.supplier_id}" if self.warehouse_id else self.supplier_id

    def must_be_for(
        self, order_id: UUID, number: str, supplier_id: str, site_id: str, warehouse_id: str
    ) -> None:
        """Raise unless goods of the order may be what was scanned."""
        same_order = self.order_id is None or self.order_id == order_id
        if not same_order or (self.supplier_id, self.site_id) != (supplier_id, site_id):
            raise OpeningElsewhere(
                supplier_id=self.supplier_id, site_id=self.site_id, number=number
            )
        if self.warehouse_id is not None:
            must_be_in(self.warehouse_id, number, site_id, warehouse_id)
        if self.abandoned_at is not None:
            raise OpeningAbandoned(abandoned_by=self.abandoned_by, reason=self.abandoned_reason)

    def abandon(self, by: str, reason: str, at: datetime) -> bool:
        """Note that nothing comes of it, and why; return whether something still could."""
        if self.abandoned_at is not None:
            return False
        self.abandoned_at, self.abandoned_by, self.abandoned_reason = at, by, reason
        return True


def must_be_in(session_warehouse: str, number: str, site_id: str, warehouse_id: str) -> None:
    """Raise `WrongWarehouse` unless the order is for the warehouse that the session is for."""
    if warehouse_id != session_warehouse:
        raise WrongWarehouse(
            session_warehouse_id=session_warehouse,
            thing=number,
            document_site_id=site_id,
            document_warehouse_id=warehouse_id,
        )


def scan_of(subject: UUID | str, note: str | None = None) -> str:
    """Return the same for the same that is scanned: an order, a supplier, or its note."""
    return f"{subject}:{note or ''}"
