"""A customer's account adds up, whatever is sold, taken off and paid, and in which order."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sales.credit.domain.account import (
    Payment,
    Receivable,
    Standing,
    named_first,
    settle,
    take_back,
)
from sales.credit.domain.payout import take_out
from sales.credit.domain.refusals import (
    BalanceExceeded,
    CreditLimitExceeded,
    OrderNotOwed,
    ReducedTooMuch,
)

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CENTS = st.integers(1, 10_000).map(lambda cents: Decimal(cents) / 100)


def owed(amount: Decimal | str, at: datetime = AT) -> Receivable:
    return Receivable(
        site_id="a",
        order_id=uuid4(),
        number="SO-1",
        customer_id="wang",
        currency="CNY",
        amount=Decimal(amount),
        taken_at=at,
        taken_by="anna",
        due_on=date(2026, 12, 23),
    )


def paid(amount: Decimal | str) -> Payment:
    return Payment(
        payment_id=uuid4(),
        customer_id="wang",
        site_id="a",
        amount=Decimal(amount),
        currency="CNY",
        reference=None,
        received_at=AT,
        received_by="anna",
    )


def test_an_order_over_the_limit_is_refused_with_what_would_clear_the_way() -> None:
    standing = Standing("wang", Decimal(100), Decimal(70), Decimal(0))
    standing.must_bear("SO-1", Decimal(30))
    with pytest.raises(CreditLimitExceeded) as refused:
        standing.must_bear("SO-1", Decimal("30.01"))
    facts = refused.value.facts
    assert (facts["limit"], facts["owed"], facts["amount"], facts["over"]) == (
        "100",
        "70",
        "30.01",
        "0.01",
    )


def test_free_goods_are_borne_even_by_who_owes_too_much() -> None:
    Standing("wang", Decimal(0), Decimal(70), Decimal(0)).must_bear("SO-1", Decimal(0))


def test_what_is_named_is_settled_first_and_then_the_oldest() -> None:
    old, middle, new = owed("10"), owed("10"), owed("10")
    chosen = named_first("wang", [old, middle, new], [new.order_id])
    list(settle(chosen, [paid("15")], AT))
    assert [one.open for one in (old, middle, new)] == [5, 10, 0]
    with pytest.raises(OrderNotOwed):
        named_first("wang", [old], [uuid4()])


def test_no_more_is_taken_off_than_an_order_came_to() -> None:
    with pytest.raises(ReducedTooMuch):
        owed("10").reduce(Decimal("10.01"), AT)


def test_a_balance_is_paid_out_of_the_oldest_payments_and_no_further_than_it_goes() -> None:
    payments = [paid("10"), paid("10"), paid("10")]
    payments[0].applied = Decimal(10)
    parts = take_out("wang", payments, Decimal(12))
    assert [(one.payment_id, one.amount) for one in parts] == [
        (payments[1].payment_id, 10),
        (payments[2].payment_id, 2),
    ]
    with pytest.raises(BalanceExceeded) as refused:
        take_out("wang", payments, Decimal("8.01"))
    assert (refused.value.facts["balance"], refused.value.facts["over"]) == ("8", "0.01")
    assert [one.rest for one in payments] == [0, 0, 8]


class Account(RuleBasedStateMachine):
    """Sell on credit, pay, pay out, and take off, in any order, as the use cases do."""

    def __init__(self) -> None:
        super().__init__()
        self.receivables: list[Receivable] = []
        self.payments: list[Payment] = []
        self.applied: dict[tuple[UUID, UUID], Decimal] = {}
        self.paid_out = Decimal(0)

    def _settle(self) -> None:
        still = [one for one in self.receivables if one.settled_at is None]
        for one in settle(still, self.payments, AT):
            key = (one.order_id, one.payment_id)
            self.applied[key] = self.applied.get(key, Decimal(0)) + one.amount

    @rule(amount=CENTS)
    def sell(self, amount: Decimal) -> None:
        """An order is taken on credit."""
        at = AT + timedelta(minutes=len(self.receivables))
        self.receivables.append(owed(amount, at))
        self._settle()

    @rule(amount=CENTS)
    def pay(self, amount: Decimal) -> None:
        """The customer pays on account."""
        self.payments.append(paid(amount))
        self._settle()

    @rule(amount=CENTS)
    def pay_out(self, amount: Decimal) -> None:
        """The customer asks for what it has in advance, and gets it if there is so much."""
        balance = sum((one.rest for one in self.payments), Decimal(0))
        try:
            parts = take_out("wang", self.payments, amount)
        except BalanceExceeded:
            assert amount > balance
        else:
            assert sum(one.amount for one in parts) == amount <= balance
            self.paid_out += amount

    @precondition(lambda self: self.receivables)
    @rule(data=st.data(), amount=CENTS)
    def sell_more(self, data: st.DataObject, amount: Decimal) -> None:
        """An order is changed, and comes to more."""
        data.draw(st.sampled_from(self.receivables)).owe_more(amount)
        self._settle()

    @precondition(lambda self: self.receivables)
    @rule(data=st.data())
    def take_off(self, data: st.DataObject) -> None:
        """An order is cancelled, or a part of it comes back."""
        one = data.draw(st.sampled_from(self.receivables))
        share = data.draw(st.integers(0, 100))
        amount = (one.left * share / 100).quantize(Decimal("0.01"))
        by = [
            (payment, self.applied.get((one.order_id, payment.payment_id), Decimal(0)))
            for payment in reversed(self.payments)
        ]
        too_much = one.reduce(amount, AT)
        for back in take_back(one, by, too_much, AT):
            self.applied[one.order_id, back.payment_id] += back.amount
        self._settle()

    @invariant()
    def nothing_is_lost(self) -> None:
        """What is owed less the balance is what was sold less what was taken off and paid.

        What was paid out counts as not paid.
        """
        owes = sum((one.open for one in self.receivables), Decimal(0))
        balance = sum((one.rest for one in self.payments), Decimal(0))
        sold = sum((one.left for one in self.receivables), Decimal(0))
        came_in = sum((one.amount for one in self.payments), Decimal(0))
        assert owes - balance == sold - (came_in - self.paid_out)
        assert not (owes and balance)

    @invariant()
    def each_part_is_within_its_bounds(self) -> None:
        """No payment settles more than it is, and no order is settled by more than it came to."""
        assert all(0 <= one.applied <= one.amount for one in self.payments)
        for one in self.receivables:
            assert one.open >= 0
            assert one.paid >= 0
            assert (one.settled_at is not None) == (one.open == 0)


TestAccount = Account.TestCase
