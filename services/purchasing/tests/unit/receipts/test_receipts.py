"""A receipt goes draft, audited, posting, posted, in this order and never back (A1)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from purchasing.receipts.domain import (
    AlreadyPosted,
    AuditorCounted,
    NotAudited,
    NotDraft,
    Receipt,
    ReceiptLine,
    ReceiptStatus,
    VersionConflict,
)
from servicekit.errors import Refusal

AT = datetime(2027, 1, 1, 9, tzinfo=UTC)
LATER = datetime(2027, 1, 1, 10, tzinfo=UTC)


def counted(line_no: int, order_line_no: int, quantity: str) -> ReceiptLine:
    return ReceiptLine(
        line_no=line_no,
        order_line_no=order_line_no,
        item_id="tea",
        unit="box",
        quantity=Decimal(quantity),
        unit_cost=Decimal(1),
        counted_unit="box",
        counted_quantity=Decimal(quantity),
    )


def draft(*lines: ReceiptLine) -> Receipt:
    return Receipt(
        receipt_id=uuid4(),
        number="GR-sh-01-20270101-1",
        order_id=uuid4(),
        supplier_id="acme",
        site_id="sh-01",
        warehouse_id="main",
        currency="CNY",
        delivery_note=None,
        received_at=AT,
        received_by="anna",
        lines=list(lines),
    )


def audited() -> Receipt:
    receipt = draft()
    receipt.audit("bo", AT)
    return receipt


def posting() -> Receipt:
    receipt = audited()
    receipt.post("cai", AT)
    return receipt


def test_each_step_says_who_and_when_and_counts_as_a_version() -> None:
    receipt = posting()
    assert (receipt.status, receipt.version) == (ReceiptStatus.POSTING, 3)
    assert (receipt.audited_by, receipt.posted_by, receipt.posted_at) == ("bo", "cai", AT)
    receipt.book(LATER)
    assert (receipt.status, receipt.version, receipt.booked_at) == (ReceiptStatus.POSTED, 4, LATER)


def test_a_draft_is_not_posted() -> None:
    with pytest.raises(NotAudited):
        draft().post("anna", AT)


def test_a_receipt_is_audited_once() -> None:
    with pytest.raises(NotDraft):
        audited().audit("dan", LATER)


def test_who_posts_late_is_told_who_posted() -> None:
    with pytest.raises(AlreadyPosted) as refused:
        posting().post("dan", LATER)
    assert refused.value.facts["posted_by"] == "cai"


def test_hearing_of_a_booking_twice_changes_nothing() -> None:
    receipt = posting()
    receipt.book(AT)
    receipt.book(LATER)
    assert (receipt.booked_at, receipt.version) == (AT, 4)


def test_a_booking_of_what_was_never_posted_is_refused() -> None:
    with pytest.raises(NotAudited):
        audited().book(AT)


def test_cancelling_again_changes_nothing() -> None:
    receipt = draft()
    assert receipt.cancel("anna", AT) is True
    assert receipt.cancel("bo", LATER) is False
    assert (receipt.cancelled_by, receipt.version) == ("anna", 2)


def test_what_was_cancelled_is_neither_audited_nor_posted() -> None:
    receipt = audited()
    receipt.cancel("anna", AT)
    with pytest.raises(NotDraft):
        receipt.audit("bo", LATER)
    with pytest.raises(NotAudited):
        receipt.post("bo", LATER)


def test_a_caller_who_names_no_version_does_not_mind_which_there_is() -> None:
    audited().must_be_at(None)
    audited().must_be_at({1, 2})
    with pytest.raises(VersionConflict):
        audited().must_be_at({1})
    with pytest.raises(VersionConflict):
        audited().must_be_at(())


def test_lines_that_name_the_same_order_line_are_counted_together() -> None:
    receipt = draft(counted(1, 2, "1.5"), counted(2, 1, "4"), counted(3, 2, "0.5"))
    assert receipt.arrivals() == {1: Decimal(4), 2: Decimal(2)}


class ReceiptLife(RuleBasedStateMachine):
    """Any steps in any order: what is posted stays posted, and each change is a version."""

    def __init__(self) -> None:
        super().__init__()
        self.receipt = draft()
        self.seen = [self.receipt.status]

    def _try(self, step: str) -> None:
        version = self.receipt.version
        try:
            if step == "book":
                self.receipt.book(AT)
            else:
                getattr(self.receipt, step)("anna", AT)
        except Refusal:
            assert self.receipt.version == version
        if self.receipt.status is not self.seen[-1]:
            self.seen.append(self.receipt.status)

    @rule()
    def audit(self) -> None:
        self._try("audit")

    @rule()
    def post(self) -> None:
        self._try("post")

    @rule()
    def book(self) -> None:
        self._try("book")

    @rule()
    def cancel(self) -> None:
        self._try("cancel")

    @invariant()
    def the_way_is_one_of_those_allowed(self) -> None:
        way = [
            ReceiptStatus.DRAFT,
            ReceiptStatus.AUDITED,
            ReceiptStatus.POSTING,
            ReceiptStatus.POSTED,
        ]
        straight = [one for one in self.seen if one is not ReceiptStatus.CANCELLED]
        assert straight == way[: len(straight)]
        if ReceiptStatus.CANCELLED in self.seen:
            assert self.seen[-1] is ReceiptStatus.CANCELLED
            assert ReceiptStatus.POSTING not in self.seen
        assert self.receipt.version == len(self.seen)


TestReceiptLife = ReceiptLife.TestCase
TestReceiptLife.settings = settings(max_examples=50, stateful_step_count=12)


def test_where_the_house_asks_for_it_nobody_audits_what_they_counted() -> None:
    """C1."""
    receipt = draft(counted(1, 1, "5"))
    with pytest.raises(AuditorCounted):
        receipt.audit("anna", LATER, by_another=True)
    receipt.audit("bo", LATER, by_another=True)
    assert receipt.status is ReceiptStatus.AUDITED
