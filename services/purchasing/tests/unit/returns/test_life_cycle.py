"""A return takes its steps one after the other, and inventory may say no (A1, C7)."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from purchasing.returns.domain import PurchaseReturn, ReturnCause, ReturnStatus
from servicekit.errors import Refusal

AT = datetime(2026, 11, 28, tzinfo=UTC)
COMMAND = UUID(int=7)


def drafted(cause: ReturnCause = ReturnCause.DEFECT) -> PurchaseReturn:
    return PurchaseReturn(
        return_id=uuid4(),
        number="PR-1",
        cause=cause,
        note=None,
        replace=False,
        receipt_id=uuid4(),
        receipt_number="GR-1",
        order_id=uuid4(),
        supplier_id="acme",
        site_id="s",
        warehouse_id="main",
        drafted_at=AT,
        drafted_by="dan",
    )


def posting() -> PurchaseReturn:
    one = drafted()
    one.audit("eve", AT)
    one.post("eve", AT, COMMAND)
    return one


def refused(step: str, one: PurchaseReturn) -> str:
    """Return why a step can't be taken."""
    steps = {
        "audit": lambda: one.audit("eve", AT),
        "post": lambda: one.post("eve", AT, uuid4()),
        "cancel": lambda: one.cancel("eve", AT),
        "book": lambda: one.book(AT),
    }
    with pytest.raises(Refusal) as caught:
        steps[step]()
    return caught.value.code


def test_each_step_needs_the_one_before() -> None:
    assert refused("post", drafted()) == "return_not_audited"
    assert refused("book", drafted()) == "return_not_audited"
    for step in ("audit", "post", "cancel"):
        code = "return_not_draft" if step == "audit" else "return_already_posted"
        assert refused(step, posting()) == code


def test_what_inventory_refuses_is_audited_again_and_says_why_until_it_is_posted() -> None:
    one = posting()
    assert not one.refuse(uuid4(), "of another command", AT)
    assert one.refuse(COMMAND, "not there", AT)
    assert (one.status, one.held_cause, one.posted_by) == (ReturnStatus.AUDITED, "not there", None)
    assert not one.refuse(COMMAND, "again", AT)
    one.post("eve", AT, uuid4())
    assert (one.held_since, one.held_cause) == (None, None)


def test_a_repeat_of_the_command_that_posts_goes_on_with_it() -> None:
    one = posting()
    assert one.is_posted_by(COMMAND)
    assert not one.is_posted_by(uuid4())
    assert (one.book(AT), one.book(AT)) == (True, False)
    assert one.is_posted_by(COMMAND)


def test_a_whole_receipt_is_undone_by_two_people_and_opens_its_order() -> None:
    one = drafted(ReturnCause.REVERSAL)
    with pytest.raises(Refusal) as caught:
        one.audit("dan", AT)
    assert caught.value.code == "reversal_needs_another"
    one.audit("eve", AT)
    assert one.reopens_order
    assert not drafted().reopens_order
