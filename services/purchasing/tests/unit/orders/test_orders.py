"""No more arrives against an order than was agreed and tolerated, come what may (C1)."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.orders.domain import (
    MOST_EVER,
    Delivery,
    OrderLine,
    OrderStatus,
    OverReceipt,
    PurchaseOrder,
    UnknownOrderLine,
    await_again,
    document_number,
)

NONE = Decimal(0)


def line(line_no: int = 1, quantity: str = "100") -> OrderLine:
    return OrderLine(
        line_no=line_no,
        item_id="tea",
        unit="box",
        quantity=Decimal(quantity),
        unit_cost=Decimal(1),
        base_unit="box",
        base_quantity=Decimal(quantity),
    )


def order(*lines: OrderLine) -> PurchaseOrder:
    return PurchaseOrder(
        order_id=uuid4(),
        number="PO-sh-01-20270101-1",
        supplier_id="acme",
        site_id="sh-01",
        warehouse_id="main",
        currency="CNY",
        due_date=date(2027, 1, 31),
        placed_at=datetime(2027, 1, 1, tzinfo=UTC),
        placed_by="anna",
        author="anna",
        status=OrderStatus.PLACED,
        lines=list(lines) or [line()],
    )


def test_exactly_the_tolerance_may_arrive_and_no_more() -> None:
    placed = order()
    placed.expect({1: Decimal(105)}, Decimal(5))
    with pytest.raises(OverReceipt):
        placed.expect({1: Decimal("0.000001")}, Decimal(5))


def test_a_refusal_says_how_much_may_still_come() -> None:
    placed = order(line(1), line(2, "10"))
    placed.expect({1: Decimal(30)}, NONE)
    placed.receive({1: Decimal(30)})
    placed.expect({1: Decimal(20)}, NONE)
    with pytest.raises(OverReceipt) as refused:
        placed.expect({1: Decimal("50.5"), 2: Decimal(10)}, NONE)
    assert refused.value.facts["lines"] == [
        {
            "order_line_no": 1,
            "item_id": "tea",
            "unit": "box",
            "ordered": "100",
            "received": "30",
            "arriving": "20",
            "requested": "50.5",
            "most": "100",
            "allowed": "50",
        }
    ]
    assert "so 50 may come" in refused.value.text("en")


def test_one_line_too_many_leaves_all_lines_as_they_were() -> None:
    placed = order(line(1), line(2, "10"))
    with pytest.raises(OverReceipt):
        placed.expect({1: Decimal(1), 2: Decimal(11)}, NONE)
    assert [one.arriving for one in placed.lines] == [NONE, NONE]


def test_an_order_is_received_when_no_line_is_open_any_more() -> None:
    placed = order(line(1), line(2, "10"))
    placed.expect({1: Decimal(100), 2: Decimal(4)}, NONE)
    placed.receive({1: Decimal(100), 2: Decimal(4)})
    assert placed.status is OrderStatus.PLACED
    assert [one.open for one in placed.lines] == [NONE, Decimal(6)]
    placed.expect({2: Decimal(6)}, NONE)
    placed.receive({2: Decimal(6)})
    assert placed.status is OrderStatus.RECEIVED


def test_what_came_in_excess_is_not_owed() -> None:
    placed = order()
    placed.expect({1: Decimal(110)}, Decimal(10))
    placed.receive({1: Decimal(110)})
    assert placed.lines[0].open == NONE


@pytest.mark.parametrize("order_line_no", [-1, 0, 3])
def test_a_line_that_the_order_does_not_have_is_refused(order_line_no: int) -> None:
    with pytest.raises(UnknownOrderLine):
        order(line(1), line(2)).line(order_line_no, 1)


def test_a_tolerance_never_makes_more_than_can_be_written() -> None:
    huge = line(quantity=str(MOST_EVER))
    assert huge.most(Decimal(100)) == MOST_EVER


@given(
    ordered=st.decimals("0.000001", "1000000", places=6),
    percent=st.decimals("0", "100", places=2),
    steps=st.lists(
        st.tuples(st.sampled_from(["expect", "receive", "forget"]), st.integers(1, 10**9)),
        max_size=20,
    ),
)
def test_received_and_arriving_together_stay_within_what_was_agreed(
    ordered: Decimal, percent: Decimal, steps: list[tuple[str, int]]
) -> None:
    """C1, whatever clerks do and in whatever order."""
    placed = order(line(quantity=str(ordered)))
    waiting: list[Mapping[int, Decimal]] = []
    for step, millionths in steps:
        if step == "expect":
            arrivals = {1: Decimal(millionths).scaleb(-6)}
            with suppress(OverReceipt):
                placed.expect(arrivals, percent)
                waiting.append(arrivals)
        elif waiting:
            (placed.receive if step == "receive" else placed.expect_no_more)(waiting.pop())
        [only] = placed.lines
        assert only.arriving == sum((one[1] for one in waiting), NONE)
        assert only.received + only.arriving <= ordered * (100 + percent) / 100
        assert only.received >= NONE


def test_numbers_say_site_day_and_count() -> None:
    assert document_number("PO", "sh-01", date(2027, 1, 2), 30) == "PO-sh-01-20270102-30"


@given(
    parts=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    cancelled=st.integers(0, 20),
    shares=st.tuples(st.integers(0, 100), st.integers(1, 100)),
    day=st.integers(-20, 60),
)
def test_what_went_back_is_due_on_its_day_and_makes_nothing_late_that_was_in_time(
    parts: list[int], cancelled: int, shares: tuple[int, int], day: int
) -> None:
    """C5: in cases of twelve, of which some boxes may not be wanted any more."""
    placed = order(line(quantity=str(sum(parts))))
    (one,) = placed.lines
    one.base_quantity *= 12
    one.cancelled = Decimal(min(cancelled, sum(parts)))
    planned = [
        Delivery(placed.due_date + timedelta(days=9 * no), Decimal(part))
        for no, part in enumerate(parts)
    ]
    one.plan(planned if len(planned) > 1 else [])
    one.received = (one.wanted * shares[0] / 100).quantize(Decimal(1))
    days = [placed.due_date + timedelta(days=no) for no in range(-21, 70)]
    late = {at: one.due_by(at, placed.due_date) - one.received for at in days}
    back = (one.received * shares[1] / 100).quantize(Decimal(1))
    again = placed.due_date + timedelta(days=day)
    placed.take_back({1: back})
    await_again(placed, {1: back}, again)
    for at in days:
        owed = one.due_by(at, placed.due_date) - one.received
        if at < max(again, placed.due_date):
            assert owed <= max(late[at], NONE)
        else:
            assert owed >= late[at] + back - Decimal("0.0001")
    assert one.due_by(date.max, placed.due_date) == one.wanted


def test_a_third_of_what_goes_back_is_due_again_exactly() -> None:
    """Ten boxes of three, one of which went back: nine and one, not a millionth less and more."""
    one = line(quantity="10")
    one.base_quantity = one.received = Decimal(30)
    placed = order(one)
    placed.take_back({1: Decimal(3)})
    await_again(placed, {1: Decimal(3)}, placed.due_date + timedelta(days=5))
    assert [part.quantity for part in one.deliveries] == [9, 1]
