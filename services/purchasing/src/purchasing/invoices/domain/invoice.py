"""Invoices as booked documents: they agree with themselves, and their steps are counted."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.invoices.domain.naming import InvoiceKind, identity_of, must_be_of_kind
from purchasing.invoices.domain.refusals import InvoiceChanged, InvoiceDoesNotAddUp, NotInStatus

CENT = Decimal("0.01")
ZERO = Decimal(0)
TAX_ID = re.compile(r"[0-9A-Z]{6,20}")
LIMIT = Decimal(10) ** 12
"""No figure of an invoice reaches it."""


class InvoiceStatus(StrEnum):
    """Where an invoice stands."""

    BOOKED = "booked"
    HELD = "held"
    MATCHED = "matched"
    REFUSED = "refused"


@dataclass(eq=False, kw_only=True)
class InvoiceLine:
    """A line of an invoice, in the seller's words."""

    line_no: int
    name: str
    specification: str = ""
    unit: str | None
    quantity: Decimal | None
    unit_price: Decimal | None
    net: Decimal
    tax_percent: Decimal
    tax: Decimal

    def wrong(self) -> Iterator[str]:
        """Say which figures of the line can't be."""
        if not ZERO <= self.tax_percent <= 100 or self.tax_percent != _cents(self.tax_percent):
            yield f"line {self.line_no}: tax rate {self.tax_percent} %"
            return
        figures = ("quantity", "unit_price", "net", "tax")
        if beyond := list(_beyond(self, *figures)):
            yield from (f"line {self.line_no}: {one}" for one in beyond)
            return
        for name, amount in (("net", self.net), ("tax", self.tax)):
            if amount != _cents(amount):
                yield f"line {self.line_no}: {name} {amount} is not in cents"
        expected = _cents(self.net * self.tax_percent / 100)
        if abs(expected - self.tax) > CENT:
            yield f"line {self.line_no}: tax {self.tax}, counted {expected}"

    def lowers(self, other: "InvoiceLine") -> bool:
        """Whether it is a discount on the other line: named alike, below zero, of no quantity."""
        return self.net < 0 and self.quantity is None and self.name == other.name


@dataclass(eq=False, kw_only=True)
class Invoice:
    """An invoice with its lines, which never change; `version` counts its steps."""

    invoice_id: UUID
    supplier_id: str
    kind: InvoiceKind
    code: str
    number: str
    issued_on: date
    seller_name: str
    seller_tax_id: str
    buyer_name: str
    buyer_tax_id: str
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    document_id: UUID | None
    booked_at: datetime
    booked_by: str
    status: InvoiceStatus = InvoiceStatus.BOOKED
    version: int = 1
    due_on: date | None = None
    """By when it is to be paid, on the terms at the time when it was booked."""
    refused_reason: str | None = None
    identity: str | None = None
    """What no other invoice has; None where one is booked twice from before that was refused."""
    lines: list[InvoiceLine] = field(default_factory=list)

    @property
    def is_credit(self) -> bool:
        """Whether it takes back (红字)."""
        return self.net < 0

    def identify(self) -> None:
        """Keep what names it; raise if code and number are none's, or those of other kinds."""
        self.identity = identity_of(self.code, self.number)
        must_be_of_kind(self.kind, self.code, self.number)

    def must_add_up(self) -> None:
        """Raise with every figure that disagrees with the others or can't be what it says."""
        known = TAX_ID.fullmatch(self.seller_tax_id)
        wrong = [] if known else [f"seller_tax_id {self.seller_tax_id!r}"]
        wrong += _beyond(self, "net", "tax", "total")
        net = sum((one.net for one in self.lines), ZERO)
        tax = sum((one.tax for one in self.lines), ZERO)
        for name, said, counted in (
            ("net", self.net, net),
            ("tax", self.tax, tax),
            ("total", self.total, self.net + self.tax),
        ):
            if said != counted:
                wrong.append(f"{name} {said}, counted {counted}")
        wrong += [said for line in self.lines for said in line.wrong()]
        if wrong:
            raise InvoiceDoesNotAddUp(figures="; ".join(wrong))

    def priced(self) -> Mapping[int, Decimal]:
        """Return what the goods of each line cost; a discount lowers the line it follows."""
        found: dict[int, Decimal] = {}
        last: InvoiceLine | None = None
        for line in self.lines:
            if last is not None and line.lowers(last) and not self.is_credit:
                found[last.line_no] += line.net
            else:
                found[line.line_no], last = line.net, line
        return found

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the invoice is as the caller saw it; None means the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise InvoiceChanged(
                number=self.number, invoice_status=self.status.value, version=self.version
            )

    def go(self, status: InvoiceStatus, *allowed: InvoiceStatus) -> None:
        """Take a step, if it stands where that may be done."""
        self.must_stand(*allowed)
        self.status = status
        self.version += 1

    def must_stand(self, *allowed: InvoiceStatus) -> None:
        """Raise unless the invoice stands in one of these."""
        if self.status not in allowed:
            needed = ", ".join(one.value for one in allowed)
            raise NotInStatus(number=self.number, invoice_status=self.status.value, needed=needed)


def _beyond(shown: object, *names: str) -> Iterator[str]:
    for name in names:
        amount = getattr(shown, name)
        if amount is not None and abs(amount) >= LIMIT:
            yield f"{name} {amount} has more than 12 digits before the point"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
