"""What is asked for when a document is drafted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from inventory.documents.domain.kinds import RULES, DocumentKind, Need
from inventory.documents.domain.line import DraftLine
from inventory.documents.domain.refusals import DocumentIncomplete, SamePlace


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A document as it is asked for. What its kind needs and it lacks is refused by name."""

    kind: DocumentKind
    lines: Sequence[DraftLine]
    site_id: str | None = None
    warehouse_id: str | None = None
    effective_at: datetime | None = None
    source_document: str | None = None
    reason: str | None = None
    department: str | None = None
    currency: str | None = None
    to_site_id: str | None = None
    to_warehouse_id: str | None = None
    expected_at: datetime | None = None
    over_percent: int = 0
    dispatch_id: UUID | None = None

    def place(self) -> tuple[str, str]:
        """Return site and warehouse; raise if these, or anything else, are missing."""
        present = {
            Need.SITE: self.site_id,
            Need.WAREHOUSE: self.warehouse_id,
            Need.SOURCE_DOCUMENT: self.source_document,
            Need.APPROVER: "comes later",
            Need.REASON: self.reason,
            Need.TARGET_SITE: self.to_site_id,
            Need.TARGET_WAREHOUSE: self.to_warehouse_id,
            Need.DISPATCH: self.dispatch_id,
        }
        missing = RULES[self.kind].missing(present)
        if missing or not self.site_id or not self.warehouse_id:
            raise DocumentIncomplete(self.kind.value, "drafted", missing)
        if (self.site_id, self.warehouse_id) == (self.to_site_id, self.to_warehouse_id):
            raise SamePlace(site_id=self.site_id, warehouse_id=self.warehouse_id)
        return self.site_id, self.warehouse_id
