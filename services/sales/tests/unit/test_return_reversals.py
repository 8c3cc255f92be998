"""A reversal takes its steps one after the other, and inventory may say no (A1)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from sales.credit.domain.account import Receivable
from sales.returns.domain.reversal import ReturnReversal, ReversalStatus
from servicekit.errors import Refusal

AT = datetime(2026, 11, 29, tzinfo=UTC)
COMMAND = UUID(int=7)


def drafted() -> ReturnReversal:
    return ReturnReversal(
        reversal_id=uuid4(),
        number="RV-1",
        return_id=uuid4(),
        return_number="RT-1",
        order_id=uuid4(),
        customer_id="wang",
        site_id="s",
        warehouse_id="main",
        reason="entered twice",
        drafted_at=AT,
        drafted_by="dan",
    )


def posting() -> ReturnReversal:
    one = drafted()
    one.audit("eve", AT)
    one.post("dan", AT, COMMAND)
    return one


def refused(one: ReturnReversal, step: str) -> str:
    steps = {
        "audit": lambda: one.audit("eve", AT),
        "post": lambda: one.post("eve", AT, UUID(int=8)),
        "book": lambda: one.book(AT),
        "cancel": lambda: one.cancel("eve", AT),
    }
    with pytest.raises(Refusal) as refusal:
        steps[step]()
    return refusal.value.code


def test_nobody_audits_their_own_reversal() -> None:
    with pytest.raises(Refusal) as refusal:
        drafted().audit("dan", AT)
    assert refusal.value.code == "second_person_needed"


def test_steps_are_taken_in_their_order() -> None:
    assert refused(drafted(), "post") == "reversal_not_audited"
    assert refused(drafted(), "book") == "reversal_not_audited"
    for step in ("post", "cancel"):
        assert refused(posting(), step) == "reversal_already_posted"
    assert refused(posting(), "audit") == "reversal_not_draft"


def test_what_inventory_refuses_once_is_audited_as_before() -> None:
    one = posting()
    one.refuse(UUID(int=8), "another command", AT)
    assert one.status is ReversalStatus.POSTING
    one.refuse(COMMAND, "sold again", AT)
    assert (one.status, one.held_cause, one.posted_by) == (
        ReversalStatus.AUDITED,
        "sold again",
        None,
    )
    one.post("eve", AT, UUID(int=9))
    assert one.held_cause is None


def test_it_is_booked_once() -> None:
    one = posting()
    assert (one.book(AT), one.book(AT), one.status) == (True, False, ReversalStatus.POSTED)


@pytest.mark.parametrize(("paid", "open_again"), [("87.50", "12.50"), ("60", "40.00")])
def test_what_was_taken_off_is_owed_again(paid: str, open_again: str) -> None:
    receivable = Receivable(
        site_id="s",
        order_id=uuid4(),
        number="SO-1",
        customer_id="wang",
        currency="CNY",
        amount=Decimal("100.00"),
        taken_at=AT,
        taken_by="li",
        due_on=AT.date(),
    )
    receivable.pay(Decimal(paid), AT)
    receivable.reduce(Decimal("12.50"), AT)
    receivable.owe_again(Decimal("12.50"))
    assert (receivable.open, receivable.settled_at) == (Decimal(open_again), None)
