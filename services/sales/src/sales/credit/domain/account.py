"""A customer's account: what is owed for each order on credit, and what was paid on account.

What was paid in advance settles what is owed, the oldest first, as soon as there is anything: a
customer never owes something and has a balance at once. So whatever comes in which order, what is
owed less the balance is what was sold on credit less what was taken off and what was paid, and not
paid out again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sales.credit.domain.refusals import CreditLimitExceeded, OrderNotOwed, ReducedTooMuch

ZERO = Decimal(0)


@dataclass(eq=False, kw_only=True)
class Receivable:
    """What is owed for an order; `reduced` is what cancelling, changes and returns took off."""

    site_id: str
    order_id: UUID
    number: str
    customer_id: str
    currency: str
    amount: Decimal
    taken_at: datetime
    taken_by: str
    due_on: date
    over_limit: Decimal = ZERO
    """By how much it went over the customer's limit; then somebody allowed it, and said why."""
    allowed_by: str | None = None
    reason: str | None = None
    added: Decimal = ZERO
    """What changes of the order put on it."""
    reduced: Decimal = ZERO
    paid: Decimal = ZERO
    settled_at: datetime | None = None
    told_at: datetime | None = None
    """When its order was told that it is settled."""

    @property
    def open(self) -> Decimal:
        """Return what is still owed."""
        return self.left - self.paid

    @property
    def left(self) -> Decimal:
        """Return what the order comes to by now."""
        return self.amount + self.added - self.reduced

    def pay(self, amount: Decimal, at: datetime) -> None:
        """Take a part of a payment; a negative one goes back."""
        self.paid += amount
        self._settle(at)

    def reduce(self, amount: Decimal, at: datetime) -> Decimal:
        """Owe so much less; return how much of what was paid is the customer's again."""
        if amount > self.left:
            raise ReducedTooMuch(number=self.number, left=f"{self.left:f}", amount=f"{amount:f}")
        self.reduced += amount
        too_much = max(-self.open, ZERO)
        self._settle(at)
        return too_much

    def owe_more(self, amount: Decimal) -> None:
        """Owe so much besides: the order comes to more."""
        self.added += amount
        self._reopen()

    def owe_again(self, amount: Decimal) -> None:
        """Owe what had been taken off: it was taken off by mistake."""
        self.reduced -= amount
        self._reopen()

    def _reopen(self) -> None:
        if self.open > 0:
            self.settled_at = self.told_at = None

    def _settle(self, at: datetime) -> None:
        if self.open <= 0 and self.settled_at is None:
            self.settled_at = at


@dataclass(eq=False, kw_only=True)
class Payment:
    """What a customer paid on account; `applied` settles orders, or was paid out again."""

    payment_id: UUID
    customer_id: str
    site_id: str
    amount: Decimal
    currency: str
    reference: str | None
    received_at: datetime
    received_by: str
    applied: Decimal = ZERO

    @property
    def rest(self) -> Decimal:
        """Return what of it is paid in advance."""
        return self.amount - self.applied


@dataclass(frozen=True, kw_only=True)
class Application:
    """A part of a payment that settles a part of an order; a negative one goes back."""

    payment_id: UUID
    site_id: str
    order_id: UUID
    number: str
    amount: Decimal


def settle(
    receivables: Iterable[Receivable], payments: Sequence[Payment], at: datetime
) -> Iterator[Application]:
    """Settle what is owed with what was paid, in the order given, as far as it goes."""
    for receivable in receivables:
        for payment in payments:
            part = min(receivable.open, payment.rest)
            if part > 0:
                yield _apply(payment, receivable, part, at)


def take_back(
    receivable: Receivable,
    paid_by: Sequence[tuple[Payment, Decimal]],
    amount: Decimal,
    at: datetime,
) -> Iterator[Application]:
    """Take so much of what settled an order back; `paid_by` says which payments did, and how."""
    for payment, part in paid_by:
        back = min(part, amount)
        if back > 0:
            amount -= back
            yield _apply(payment, receivable, -back, at)


def _apply(payment: Payment, receivable: Receivable, amount: Decimal, at: datetime) -> Application:
    payment.applied += amount
    receivable.pay(amount, at)
    return Application(
        payment_id=payment.payment_id,
        site_id=receivable.site_id,
        order_id=receivable.order_id,
        number=receivable.number,
        amount=amount,
    )


def named_first(
    customer_id: str, receivables: Sequence[Receivable], named: Sequence[UUID]
) -> list[Receivable]:
    """Return what is owed, what is named first; raise if something named is not owed."""
    known = {one.order_id: one for one in receivables}
    for order_id in named:
        if order_id not in known:
            raise OrderNotOwed(customer_id=customer_id, order_id=order_id)
    chosen = dict.fromkeys(named)
    return [known[one] for one in chosen] + [
        one for one in receivables if one.order_id not in chosen
    ]


@dataclass(frozen=True)
class Standing:
    """How a customer stands: what it may owe, what it owes, and what it has paid in advance."""

    customer_id: str
    limit: Decimal
    owed: Decimal
    balance: Decimal

    @property
    def available(self) -> Decimal:
        """Return for how much it can still buy on credit."""
        return max(self.limit - self.owed + self.balance, ZERO)

    def over(self, amount: Decimal) -> Decimal:
        """Return by how much an order would go over the limit."""
        return max(self.owed - self.balance + amount - self.limit, ZERO)

    def must_bear(self, number: str, amount: Decimal) -> None:
        """Raise if the order goes over the limit; free goods never do."""
        over = self.over(amount)
        if amount and over:
            raise CreditLimitExceeded(
                customer_id=self.customer_id,
                limit=f"{self.limit:f}",
                owed=f"{self.owed:f}",
                balance=f"{self.balance:f}",
                number=number,
                amount=f"{amount:f}",
                over=f"{over:f}",
            )
