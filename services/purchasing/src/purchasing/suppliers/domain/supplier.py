"""Whom goods are bought from, on which terms, and how far deliveries and invoices may differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.errors import Kind, Refusal


class UnknownSupplier(Refusal):
    """There is no such supplier."""

    kind = Kind.NOT_FOUND
    code = "unknown_supplier"
    en = "There is no supplier {supplier_id}. Define it first."
    zh = "没有供应商 {supplier_id}。请先建立该供应商。"


@dataclass(frozen=True)
class FieldChange:
    """What one term was, and what it became."""

    field: str
    was: str | None
    became: str | None


@dataclass(frozen=True, kw_only=True)
class SupplierChange:
    """A change of one term: who made it, and when."""

    change_id: UUID
    supplier_id: str
    field: str
    was: str | None
    became: str | None
    changed_at: datetime
    changed_by: str


@dataclass(eq=False, kw_only=True)
class Supplier:
    """A supplier as it is now."""

    supplier_id: str
    name: str
    over_receipt_percent: Decimal
    """How much more than ordered is taken, in percent of what was ordered."""
    created_at: datetime
    payment_days: int = 0
    """Days net from the invoice."""
    lead_days: int = 0
    """Days from order to arrival."""
    price_tolerance_percent: Decimal = Decimal(0)
    """How far an invoiced price may be from the one agreed."""
    quantity_tolerance_percent: Decimal = Decimal(0)
    """How far an invoiced quantity may be from the one received."""
    total_tolerance: Decimal = Decimal(0)
    """How far an invoice's total may be from what was expected, in the invoice's currency."""
    tax_id: str | None = None
    contact_mail: str | None = None

    def change(self, wanted: Mapping[str, object]) -> Sequence[FieldChange]:
        """Take over the terms given; return what is different."""
        changes = []
        for name, value in wanted.items():
            present = getattr(self, name)
            if present != value:
                changes.append(FieldChange(name, _said(present), _said(value)))
                setattr(self, name, value)
        return changes


def _said(value: object) -> str | None:
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    return None if value is None else str(value)
