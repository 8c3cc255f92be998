"""Whom goods are bought from, on which terms, and how far deliveries and invoices may differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from servicekit.errors import Kind, Refusal


class UnknownSupplier(Refusal):
    """There is no such supplier."""

    kind = Kind.NOT_FOUND
    code = "unknown_supplier"
    en = "There is no supplier {supplier_id}. Define it first."
    zh = "没有供应商 {supplier_id}。请先建立该供应商。"


class DueDateMissing(Refusal):
    """Nobody says when goods are due, and nothing is known of how long they take."""

    code = "due_date_missing"
    en = (
        "Supplier {supplier_id} has no lead time, so no day can be proposed. Give a due_date, or"
        " set the supplier's lead_days."
    )
    zh = "供应商 {supplier_id} 未维护交货周期，无法推算交货日期。请填写 due_date 或维护 lead_days。"


class TaxIdMissing(Refusal):
    """Without it an invoice of any seller could pass for one of this supplier."""

    code = "supplier_tax_id_missing"
    en = (
        "Supplier {supplier_id} has no tax id, so nothing tells its invoices from those of others,"
        " and none is booked by itself. Set its tax_id first, then switch to when_read."
    )
    zh = (
        "供应商 {supplier_id} 未维护税号，无法区分其发票与他方发票，因此不能自动入账。"
        "请先维护 tax_id，再切换为 when_read。"
    )


class InvoiceBooking(StrEnum):
    """Who books the supplier's invoices that were uploaded and read."""

    BY_HAND = "by_hand"
    """A person, one by one."""
    WHEN_READ = "when_read"
    """Nobody, where nothing is in doubt or a person has confirmed what was: it is done at once."""


TRUSTED = frozenset(
    {
        "name",
        "tax_id",
        "over_receipt_percent",
        "price_tolerance_percent",
        "quantity_tolerance_percent",
        "total_tolerance",
    }
)
"""On these terms finance let invoices be booked by themselves: on others it decides anew."""


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
    invoice_booking: InvoiceBooking = InvoiceBooking.BY_HAND
    invoice_booking_since: datetime | None = None
    """From when on what is confirmed is booked by itself; None where a person books it."""

    def arrives(self, ordered_on: date) -> date:
        """Return the first day on which goods that are ordered on a day arrive."""
        return ordered_on + timedelta(days=self.lead_days)

    def must_arrive(self, ordered_on: date) -> date:
        """Return the same as a proposal for an order that names no day; raise if it is unknown."""
        if not self.lead_days:
            raise DueDateMissing(supplier_id=self.supplier_id)
        return self.arrives(ordered_on)

    def due_on(self, issued_on: date) -> date:
        """Return by which day an invoice is to be paid."""
        last = min(issued_on.toordinal() + self.payment_days, date.max.toordinal())
        return date.fromordinal(last)

    def change(self, wanted: Mapping[str, object]) -> Sequence[FieldChange]:
        """Take over the terms given; return what is different.

        Where finance trusted what is different now, invoices are booked by hand again.
        """
        changes = [self._set(name, value) for name, value in wanted.items()]
        found = [one for one in changes if one is not None]
        if TRUSTED.intersection(one.field for one in found):
            found += self._book_by_hand()
        return found

    def let_invoices_be_booked(self, how: InvoiceBooking, at: datetime) -> Sequence[FieldChange]:
        """Take over who books them from now on; raise if nobody could tell them from others'."""
        if how is InvoiceBooking.BY_HAND:
            return self._book_by_hand()
        self.must_have_a_tax_id()
        change = self._set("invoice_booking", how)
        if change is None:
            return []
        self.invoice_booking_since = at
        return [change]

    def must_have_a_tax_id(self) -> None:
        """Raise unless something tells its invoices from those of others."""
        if self.tax_id is None:
            raise TaxIdMissing(supplier_id=self.supplier_id)

    def books_by_itself(self, confirmed_at: datetime | None) -> bool:
        """Say whether what was confirmed then is booked without anybody."""
        since = self.invoice_booking_since
        return since is not None and confirmed_at is not None and confirmed_at >= since

    def _book_by_hand(self) -> list[FieldChange]:
        self.invoice_booking_since = None
        change = self._set("invoice_booking", InvoiceBooking.BY_HAND)
        return [] if change is None else [change]

    def _set(self, name: str, value: object) -> FieldChange | None:
        present = getattr(self, name)
        if present == value:
            return None
        setattr(self, name, value)
        return FieldChange(name, _said(present), _said(value))


def _said(value: object) -> str | None:
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    return None if value is None else str(value)
