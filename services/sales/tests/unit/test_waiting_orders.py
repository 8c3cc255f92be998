"""The rules of orders that wait for goods, and of rests that are called off, one by one (B2)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from sales.orders.domain.holding import RETRY_SECONDS
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import NothingHasLeft, OrderNotPayable, OrderNotShippable
from sales.orders.domain.states import OrderStatus, Shortage, Step

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HELD = uuid4()


def placed(shortage: Shortage = Shortage.BACKORDER) -> SalesOrder:
    return SalesOrder(
        order_id=uuid4(),
        number="SO-a-20261123-1",
        customer_id="wang",
        site_id="a",
        warehouse_id="main",
        currency="CNY",
        total=Decimal(10),
        placed_at=AT,
        placed_by="anna",
        ttl_seconds=7200,
        shortage=shortage,
    )


def waiting(shortage: Shortage = Shortage.BACKORDER) -> SalesOrder:
    order = placed(shortage)
    order.deny(Step.RESERVE, "insufficient_stock")
    order.sleep(AT)
    return order


def left_in_part() -> SalesOrder:
    order = placed()
    order.grant(Step.RESERVE, HELD, AT + timedelta(hours=2), AT)
    order.pay(uuid4(), Decimal(10), AT)
    order.grant(Step.CONFIRM, HELD, AT + timedelta(hours=2), AT)
    order.ship(uuid4(), last=False)
    return order


def test_only_an_order_that_may_wait_waits() -> None:
    order = placed(Shortage.REFUSE)
    order.deny(Step.RESERVE, "insufficient_stock")
    assert order.status is OrderStatus.REFUSED
    order = placed()
    order.deny(Step.RESERVE, "unknown_item")
    assert order.status is OrderStatus.REFUSED
    assert (waiting().status, waiting().due_at) == (OrderStatus.BACKORDERED, None)


@pytest.mark.parametrize(
    ("shortage", "first", "later"),
    [
        (Shortage.REFUSE, False, False),
        (Shortage.BACKORDER, True, False),
        (Shortage.BACKORDER_IN_PARTS, True, True),
    ],
)
def test_a_part_is_asked_for_as_its_customer_wants_it(
    shortage: Shortage, *, first: bool, later: bool
) -> None:
    order = placed(shortage)
    assert order.takes_part is first
    order.await_goods()
    assert order.takes_part is later


def test_each_try_is_another_question_and_asks_for_nothing_in_between() -> None:
    order = waiting()
    assert (order.round, order.next_step) == (1, None)
    order.fill(AT)
    assert order.next_step is Step.RESERVE
    order.deny(Step.RESERVE, "insufficient_stock")
    assert (order.round, order.next_step) == (2, None)


def test_a_refused_try_sleeps_unless_goods_came_meanwhile() -> None:
    order = waiting()
    assert order.wake_at == AT + timedelta(seconds=RETRY_SECONDS)
    order.fill(AT)
    order.wake(AT)
    order.deny(Step.RESERVE, "insufficient_stock")
    order.sleep(AT)
    assert order.wake_at == AT


def test_a_filled_one_is_reserved_like_any_other() -> None:
    order = waiting()
    order.fill(AT)
    order.wake(AT)
    order.grant(Step.RESERVE, HELD, AT + timedelta(hours=2), AT)
    assert (order.status, order.wake_at, order.reservation_id) == (
        OrderStatus.RESERVED,
        None,
        HELD,
    )


def test_a_release_ends_one_that_is_tried_and_no_other() -> None:
    order = waiting()
    order.expire(HELD, AT)
    assert order.status is OrderStatus.BACKORDERED
    order.fill(AT)
    order.expire(HELD, AT)
    assert order.status is OrderStatus.EXPIRED


def test_what_waits_is_not_paid_and_is_cancelled_at_once() -> None:
    order = waiting()
    with pytest.raises(OrderNotPayable):
        order.pay(uuid4(), Decimal(10), AT)
    order.cancel("anna", AT)
    assert (order.status, order.next_step, order.wake_at) == (OrderStatus.CANCELLED, None, None)


def test_one_that_is_tried_finds_out_first_what_is_held_for_it() -> None:
    order = waiting()
    order.fill(AT)
    order.cancel("anna", AT)
    assert (order.status, order.next_step) == (OrderStatus.CANCELLING, Step.RESERVE)
    order.deny(Step.RESERVE, "insufficient_stock")
    assert order.status is OrderStatus.CANCELLED


def test_lines_that_take_the_place_of_others_say_what_is_due() -> None:
    order = placed()
    line = OrderLine(line_no=3, item_id="tea", unit="box", quantity=Decimal(1), amount=Decimal(4))
    order.amend([line])
    assert (order.due, order.total, order.lines_from) == (4, 10, 3)


def test_the_rest_of_what_left_in_part_is_called_off_once() -> None:
    order = left_in_part()
    assert order.cancel_rest("anna", AT)
    assert order.next_step is Step.RELEASE_REST
    with pytest.raises(OrderNotShippable):
        order.ship(uuid4())
    order.grant(Step.RELEASE_REST, HELD, AT, AT)
    assert (order.status, order.cause) == (OrderStatus.SHIPPED, "anna")
    assert not order.cancel_rest("anna", AT)


def test_a_rest_whose_goods_others_let_go_of_is_called_off_all_the_same() -> None:
    order = left_in_part()
    order.cancel_rest("anna", AT)
    order.lose(HELD)
    assert order.status is OrderStatus.SHIPPED
    order = left_in_part()
    order.cancel_rest("anna", AT)
    order.deny(Step.RELEASE_REST, "reservation_released")
    assert order.status is OrderStatus.SHIPPED


def test_what_has_not_left_at_all_has_no_rest() -> None:
    order = placed()
    order.grant(Step.RESERVE, HELD, AT, AT)
    with pytest.raises(OrderNotShippable):
        order.cancel_rest("anna", AT)
    order.pay(uuid4(), Decimal(10), AT)
    order.grant(Step.CONFIRM, HELD, AT, AT)
    with pytest.raises(NothingHasLeft):
        order.cancel_rest("anna", AT)
