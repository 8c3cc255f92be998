"""What a requisition allows, and where it stands when orders come and fall through."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from purchasing.demand.domain import (
    ApproverAsked,
    MoreThanOpen,
    Requisition,
    RequisitionChanged,
    RequisitionLine,
    RequisitionPartlyOrdered,
    RequisitionStatus,
    RequisitionStepRefused,
    UnknownRequisitionLine,
)

AT = datetime(2026, 11, 28, tzinfo=UTC)


def line(line_no: int = 1, quantity: str = "2", base: str = "24") -> RequisitionLine:
    return RequisitionLine(
        line_no=line_no,
        item_id="tea",
        warehouse_id="main",
        unit="case",
        quantity=Decimal(quantity),
        base_unit="box",
        base_quantity=Decimal(base),
        unit_version=2,
        needed_by=date(2026, 12, 5),
    )


def requisition(*lines: RequisitionLine) -> Requisition:
    return Requisition(
        requisition_id=UUID(int=1),
        number="RQ-sh-01-20261128-1",
        site_id="sh-01",
        author="li",
        created_at=AT,
        lines=list(lines) or [line()],
    )


def approved(*lines: RequisitionLine) -> Requisition:
    made = requisition(*lines)
    made.submit()
    made.approve("bo", AT)
    return made


def test_nobody_approves_what_they_asked_for() -> None:
    asked = requisition()
    asked.submit()
    with pytest.raises(ApproverAsked, match="li"):
        asked.approve("li", AT)
    assert asked.status is RequisitionStatus.SUBMITTED


def test_it_closes_by_itself_when_all_is_ordered_and_opens_again_when_an_order_falls_through() -> (
    None
):
    asked = approved(line(), line(2))
    asked.order(1, Decimal(24))
    assert asked.settle() is RequisitionStatus.APPROVED
    assert asked.status is RequisitionStatus.ORDERING
    asked.order(2, Decimal(24))
    asked.settle()
    assert asked.status is RequisitionStatus.CLOSED
    asked.lines[1].ordered -= 24
    asked.settle()
    assert asked.status is RequisitionStatus.ORDERING
    asked.lines[0].ordered -= 24
    asked.settle()
    assert asked.status is RequisitionStatus.APPROVED
    assert asked.settle() is None


def test_what_was_given_up_stays_given_up_when_an_order_falls_through() -> None:
    asked = approved()
    asked.order(1, Decimal(12))
    asked.settle()
    asked.close()
    assert (asked.lines[0].given_up, asked.lines[0].open) == (12, 0)
    asked.lines[0].ordered -= 12
    asked.settle()
    assert asked.status is RequisitionStatus.ORDERING
    assert asked.lines[0].open == 12


def test_no_more_is_ordered_than_is_open() -> None:
    asked = approved()
    asked.order(1, Decimal(20))
    with pytest.raises(MoreThanOpen, match=r"open \(4\)"):
        asked.order(1, Decimal(5))
    with pytest.raises(UnknownRequisitionLine):
        asked.order(2, Decimal(1))


def test_what_is_open_is_told_in_the_unit_asked_for_if_that_comes_out_even() -> None:
    asked = approved()
    asked.order(1, Decimal(12))
    assert asked.lines[0].rest() == (Decimal(1), "case")
    asked.order(1, Decimal(5))
    assert asked.lines[0].rest() == (Decimal(7), "box")


def test_what_is_ordered_is_not_cancelled() -> None:
    asked = approved()
    asked.order(1, Decimal(1))
    asked.settle()
    with pytest.raises(RequisitionPartlyOrdered, match="1 box of line 1"):
        asked.cancel()


def test_only_a_draft_is_changed_and_only_what_was_asked_for_is_approved() -> None:
    asked = requisition()
    with pytest.raises(RequisitionStepRefused, match="submitted"):
        asked.approve("bo", AT)
    asked.submit()
    with pytest.raises(RequisitionStepRefused, match="draft"):
        asked.rewrite([line()], None)
    asked.send_back()
    asked.rewrite([line(quantity="3", base="36")], "more")
    assert (asked.lines[0].open, asked.version) == (36, 4)
    asked.submit()
    asked.reject()
    with pytest.raises(RequisitionStepRefused):
        asked.must_be_orderable()


def test_who_saw_an_older_version_is_told_of_the_newer_one() -> None:
    asked = approved()
    with pytest.raises(RequisitionChanged, match="approved now, in version 3"):
        asked.must_be_at({1})
    asked.must_be_at(None)


def test_of_what_has_no_price_nothing_is_known() -> None:
    asked = requisition(line(), line(2))
    asked.lines[0].unit_cost = Decimal("120.5")
    assert asked.known_value == Decimal("241.0")
