"""Whom goods are bought from, and how much more than ordered may come from them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from servicekit.errors import Kind, Refusal


class UnknownSupplier(Refusal):
    """There is no such supplier."""

    kind = Kind.NOT_FOUND
    code = "unknown_supplier"
    en = "There is no supplier {supplier_id}. Define it first."
    zh = "没有供应商 {supplier_id}。请先建立该供应商。"


@dataclass(eq=False, kw_only=True)
class Supplier:
    """A supplier as it is now."""

    supplier_id: str
    name: str
    over_receipt_percent: Decimal
    """How much more than ordered is taken, in percent of what was ordered."""
    created_at: datetime

    def redefine(self, name: str, over_receipt_percent: Decimal) -> bool:
        """Take over a new description; return whether anything is different."""
        changed = (self.name, self.over_receipt_percent) != (name, over_receipt_percent)
        self.name, self.over_receipt_percent = name, over_receipt_percent
        return changed
