"""What an order is made of, and what it may come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sales.orders.domain.line_refusals import ForeignCurrency, GiftWithPrice, TotalTooLarge

MOST_MONEY = Decimal("999999999999.99")
"""The largest sum that can be written anywhere in the platform."""


def document_number(prefix: str, site_id: str, day: date, count: int) -> str:
    """Return the number people call a document by: a count per site and day."""
    return f"{prefix}-{site_id}-{day:%Y%m%d}-{count}"


def must_be_in_books_currency(currency: str, books: str) -> None:
    """Raise unless the order is in the currency the books are kept in."""
    if currency != books:
        raise ForeignCurrency(books=books, currency=currency)


class BatchChoice(StrEnum):
    """Who names the batch of goods that are managed by batch."""

    NAMED = "named"
    """The order does, now or when the goods are there."""
    FEFO = "fefo"
    """It was agreed beforehand to take what inventory proposes, first expiry first out."""


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """A line of an order; `amount` is its net price as a whole."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal
    batch_id: str = ""
    """Needed for goods that are managed by batch; inventory says which it would take."""
    serials: Sequence[str] = ()
    """Needed for goods that are managed by serial number."""
    batch_choice: BatchChoice = BatchChoice.NAMED
    gift: bool = False
    """It is given away, so it may be of what is not for sale, and costs its customer nothing."""


@dataclass(frozen=True, kw_only=True)
class LineWanted:
    """A line as it is asked for; without an amount it is priced."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal | None = None
    batch_id: str = ""
    serials: Sequence[str] = ()
    substitute_for: str | None = None
    """The item that the customer wanted, and takes this one for."""
    batch_choice: BatchChoice = BatchChoice.NAMED
    gift: bool = False

    def must_be_free(self) -> None:
        """Raise if it is a gift with a price."""
        if self.gift and self.amount:
            raise GiftWithPrice(line_no=self.line_no, item_id=self.item_id, amount=self.amount)

    def at(self, amount: Decimal) -> OrderLine:
        """Return the line at its price; who names a batch leaves nothing to be proposed."""
        said = {name: value for name, value in vars(self).items() if name != "substitute_for"}
        choice = BatchChoice.NAMED if self.batch_id else self.batch_choice
        return OrderLine(**{**said, "amount": amount, "batch_choice": choice})


@dataclass(frozen=True, kw_only=True)
class HeldLine:
    """A line that inventory holds for an order, in the item's base unit."""

    line_no: int
    order_line_no: int
    """The line of the order that it is held for: of a kit each component is a line here."""
    item_id: str
    quantity: Decimal
    batch_id: str = ""
    serials: Sequence[str] = ()
    unit_version: int | None = None
    """Which version of the order's unit was converted, if it was another than the base unit."""
    expires_on: date | None = None
    """The last day on which its batch may be used, said once it is paid; None means for ever."""
    sellable_until: date | None = None
    """The last day on which its batch may be sold."""


def total_of(lines: Iterable[OrderLine]) -> Decimal:
    """Return what the lines come to; raise if that is more than can be written."""
    total = sum((line.amount for line in lines), Decimal(0))
    if total > MOST_MONEY:
        raise TotalTooLarge(total=f"{total:f}", most=f"{MOST_MONEY:f}")
    return total
