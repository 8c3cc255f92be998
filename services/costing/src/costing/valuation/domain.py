"""The moving weighted average of one item at one site, to the cent and with nothing lost.

A receipt adds quantity × unit cost. Value is kept in cents; what is left over below a cent is
carried to the next receipt. An issue takes its share of the value, value × issued / quantity,
rounded to the cent; the last unit takes all that is left, so that no stock means no value.
Rounding goes half to even, as in accounting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from enum import StrEnum
from uuid import UUID

from servicekit.errors import Kind as RefusalKind
from servicekit.errors import Refusal

CENT = Decimal("0.01")
UNIT_COST = Decimal("0.000001")
DIGITS = 40
ZERO = Decimal(0)


class MoreIssuedThanThere(Refusal):
    """The ledger would be negative: a fact that can't be true."""

    kind = RefusalKind.RULE
    code = "more_issued_than_there"
    en = "Entry {sequence} of {stream} issues {issued}, but only {quantity} are there."
    zh = "{stream} 的第 {sequence} 条分录出库 {issued}，但库存只有 {quantity}。"


class OtherCurrency(Refusal):
    """The books are kept in one currency."""

    kind = RefusalKind.RULE
    code = "other_currency"
    en = "The books are kept in {books}; a cost in {given} can't be entered."
    zh = "账簿币种为 {books}，无法登记 {given} 的成本。"


class Kind(StrEnum):
    """What a movement was."""

    RECEIPT = "receipt"
    SHIPMENT = "shipment"


@dataclass(frozen=True)
class Movement:
    """A ledger entry as inventory told it. `unit_cost` is given for receipts only."""

    site_id: str
    item_id: str
    sequence: int
    kind: Kind
    quantity: Decimal
    unit_cost: Decimal | None
    document_id: UUID
    document_number: str
    line_no: int
    order_id: UUID | None
    posted_at: datetime


@dataclass(frozen=True)
class Entry:
    """What a movement did to the value; quantity and value of issues are negative.

    `unit_cost` is the receipt's own, or the average an issue was valued at: the value of a small
    issue, rounded to the cent, may be far from it.
    """

    movement: Movement
    quantity: Decimal
    value: Decimal
    unit_cost: Decimal
    quantity_after: Decimal
    value_after: Decimal


@dataclass
class Valuation:
    """Quantity and value of one item at one site after entry `sequence`."""

    site_id: str
    item_id: str
    sequence: int = 0
    quantity: Decimal = ZERO
    value: Decimal = ZERO
    carried: Decimal = field(default=ZERO)
    """Receipts' value below a cent, not entered yet."""

    @property
    def unit_cost(self) -> Decimal:
        """Return the average cost of a unit to six decimals; zero without stock."""
        return (self.value / self.quantity).quantize(UNIT_COST) if self.quantity else ZERO

    def advance(self, movements: Mapping[int, Movement]) -> list[Entry]:
        """Apply those whose turn it is, one after the other, until one is missing.

        Those applied before are passed over, those after a gap are left for later: so the same
        movements give the same entries in any order and with any repeats.
        """
        entries = []
        while (movement := movements.get(self.sequence + 1)) is not None:
            entries.append(self.apply(movement))
        return entries

    def apply(self, movement: Movement) -> Entry:
        """Apply the next movement of the ledger; return the value entry it makes."""
        with localcontext() as context:
            context.prec = DIGITS
            context.rounding = ROUND_HALF_EVEN
            if movement.kind is Kind.RECEIPT:
                quantity, value, cost = self._receive(movement)
            else:
                quantity, value, cost = self._issue(movement)
            self.sequence = movement.sequence
            self.quantity += quantity
            self.value += value
        return Entry(movement, quantity, value, cost, self.quantity, self.value)

    def _receive(self, movement: Movement) -> tuple[Decimal, Decimal, Decimal]:
        cost = movement.unit_cost or ZERO
        exact = movement.quantity * cost + self.carried
        value = exact.quantize(CENT)
        self.carried = exact - value
        return movement.quantity, value, cost

    def _issue(self, movement: Movement) -> tuple[Decimal, Decimal, Decimal]:
        issued = movement.quantity
        if issued > self.quantity:
            raise MoreIssuedThanThere(
                stream=f"{self.site_id}:{self.item_id}",
                sequence=movement.sequence,
                issued=str(issued),
                quantity=str(self.quantity),
            )
        if issued == self.quantity:
            value = self.value
        else:
            value = (self.value * issued / self.quantity).quantize(CENT)
        return -issued, -value, self.unit_cost
