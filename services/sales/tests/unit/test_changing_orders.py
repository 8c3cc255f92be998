"""The rules of changing an order, one by one (B2)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from sales.orders.domain.change_refusals import (
    DifferenceToPay,
    NothingToPay,
    OrderBeingAsked,
    OrderBeingChanged,
    OrderNotChangeable,
    OrderVersionConflict,
    RestNotExchanged,
)
from sales.orders.domain.changing import Difference, adds_goods, difference_paid, place_after
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import ReservationExpired
from sales.orders.domain.states import OrderStatus, Shortage, Step

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
UNTIL = AT + timedelta(hours=2)
HELD, OTHER = uuid4(), uuid4()


def placed(shortage: Shortage = Shortage.REFUSE) -> SalesOrder:
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


def reserved() -> SalesOrder:
    order = placed()
    order.grant(Step.RESERVE, HELD, UNTIL, AT)
    return order


def changing() -> SalesOrder:
    order = reserved()
    order.change(1, AT)
    return order


def line(item: str, quantity: str, unit: str = "box", batch: str = "") -> OrderLine:
    return OrderLine(
        line_no=1,
        item_id=item,
        unit=unit,
        quantity=Decimal(quantity),
        amount=Decimal(1),
        batch_id=batch,
    )


def test_a_reserved_order_asks_for_an_exchange_and_is_reserved_again() -> None:
    order = changing()
    assert (order.status, order.next_step) == (OrderStatus.CHANGING, Step.EXCHANGE)
    assert order.due_at is not None
    order.grant(Step.EXCHANGE, OTHER, UNTIL, AT)
    assert (order.status, order.next_step) == (OrderStatus.RESERVED, None)
    assert (order.reservation_id, order.expires_at) == (OTHER, UNTIL)


def test_a_change_that_is_refused_leaves_the_order_as_it_was() -> None:
    order = changing()
    order.deny(Step.EXCHANGE, "insufficient_stock")
    assert (order.status, order.reservation_id, order.cause) == (OrderStatus.RESERVED, HELD, None)
    order.pay(uuid4(), Decimal(10), AT)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("reservation_expired", OrderStatus.EXPIRED),
        ("reservation_released", OrderStatus.REFUSED),
        ("unknown_reservation", OrderStatus.REFUSED),
    ],
)
def test_a_change_that_finds_nothing_held_ends_the_order(code: str, status: OrderStatus) -> None:
    order = changing()
    order.deny(Step.EXCHANGE, code)
    assert (order.status, order.cause, order.next_step) == (status, code, None)


def test_an_expiry_heard_of_while_it_changes_is_the_one_end() -> None:
    order = changing()
    order.expire(OTHER, AT)
    order.grant(Step.EXCHANGE, OTHER, UNTIL, AT)
    assert (order.status, order.cause) == (OrderStatus.EXPIRED, "reservation_expired")
    with pytest.raises(ReservationExpired):
        order.change(1, AT)


@pytest.mark.parametrize("on_credit", [False, True])
def test_what_is_kept_for_good_does_not_expire_while_it_changes(
    on_credit: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    order = kept(on_credit=on_credit)
    order.swap(AT)
    order.expire(OTHER, AT)
    assert (order.status, order.cause) == (OrderStatus.CHANGING, None)
    order.grant(Step.EXCHANGE, OTHER, UNTIL, AT)
    assert order.status is OrderStatus.PAID


def test_goods_taken_by_others_while_it_changes_end_it() -> None:
    order = changing()
    order.lose(HELD)
    assert (order.status, order.cause) == (OrderStatus.CANCELLED, "reservation_released")


def test_what_is_being_changed_is_not_paid_cancelled_or_changed_again() -> None:
    order = changing()
    with pytest.raises(OrderBeingChanged):
        order.pay(uuid4(), Decimal(10), AT)
    with pytest.raises(OrderBeingChanged):
        order.take_on_credit(uuid4(), AT)
    with pytest.raises(OrderBeingChanged):
        order.cancel("anna", AT)
    with pytest.raises(OrderBeingChanged):
        order.change(1, AT)


def test_a_change_meant_for_other_lines_is_refused() -> None:
    order = reserved()
    order.lines_from = 3
    with pytest.raises(OrderVersionConflict):
        order.change(1, AT)
    assert order.status is OrderStatus.RESERVED


def test_while_inventory_is_asked_for_the_goods_nothing_is_changed() -> None:
    with pytest.raises(OrderBeingAsked):
        placed().change(1, AT)
    tried = placed(Shortage.BACKORDER)
    tried.deny(Step.RESERVE, "insufficient_stock")
    tried.fill(AT)
    with pytest.raises(OrderBeingAsked):
        tried.change(1, AT)


def kept(*, on_credit: bool = False) -> SalesOrder:
    order = reserved()
    if on_credit:
        order.take_on_credit(uuid4(), AT)
    else:
        order.pay(uuid4(), Decimal(10), AT)
    order.grant(Step.CONFIRM, HELD, UNTIL, AT)
    return order


def test_what_is_being_paid_or_is_over_is_not_changed() -> None:
    paying, cancelled, shipped = reserved(), reserved(), kept()
    paying.pay(uuid4(), Decimal(10), AT)
    cancelled.cancel("anna", AT)
    shipped.ship(uuid4())
    for order in (paying, cancelled, shipped):
        with pytest.raises(OrderNotChangeable):
            order.change(1, AT)


@pytest.mark.parametrize("on_credit", [False, True])
@pytest.mark.parametrize("code", [None, "insufficient_stock", "reservation_partly_shipped"])
def test_what_is_paid_or_owed_is_changed_and_stays_so_whatever_inventory_says(
    on_credit: bool,  # noqa: FBT001 - a parameter of the test
    code: str | None,
) -> None:
    order = kept(on_credit=on_credit)
    paid_at = order.paid_at
    order.change(1, AT)
    assert (order.status, order.next_step) == (OrderStatus.CHANGING, Step.EXCHANGE)
    if code is None:
        order.grant(Step.EXCHANGE, OTHER, UNTIL, AT + timedelta(days=1))
    else:
        order.deny(Step.EXCHANGE, code)
    assert (order.status, order.paid_at, order.due_at) == (OrderStatus.PAID, paid_at, None)
    assert order.reservation_id == (OTHER if code is None else HELD)


def test_what_is_paid_and_let_go_of_by_others_is_cancelled() -> None:
    order = kept()
    order.change(1, AT)
    order.deny(Step.EXCHANGE, "reservation_released")
    assert (order.status, order.cause) == (OrderStatus.CANCELLED, "reservation_released")


def test_once_a_part_has_left_what_is_held_stays() -> None:
    order = kept()
    order.ship(uuid4(), last=False)
    with pytest.raises(RestNotExchanged):
        order.change(1, AT)
    with pytest.raises(RestNotExchanged):
        order.swap(AT)


def test_what_a_paid_order_comes_to_more_is_paid_with_the_change_to_the_cent() -> None:
    order = kept()
    assert difference_paid(order, Decimal(12), Decimal(2)) == Difference(paid_besides=Decimal(2))
    assert difference_paid(order, Decimal(7), None) == Difference(paid_back=Decimal(3))
    assert difference_paid(order, Decimal(10), None) == Difference()
    for payment in (None, Decimal(1), Decimal(3)):
        with pytest.raises(DifferenceToPay) as refused:
            difference_paid(order, Decimal(12), payment)
        assert refused.value.facts["difference"] == "2"


def test_nothing_is_paid_with_a_change_that_costs_nothing_or_is_paid_later() -> None:
    for order, total in ((kept(), 9), (kept(), 10), (kept(on_credit=True), 12), (reserved(), 12)):
        with pytest.raises(NothingToPay):
            difference_paid(order, Decimal(total), Decimal(2))
        assert difference_paid(order, Decimal(total), None).paid_besides is None


def test_a_back_order_is_changed_at_once_and_asks_anew_when_it_is_tried() -> None:
    order = placed(Shortage.BACKORDER)
    order.deny(Step.RESERVE, "insufficient_stock")
    asked_before = order.round
    order.change(1, AT)
    assert (order.status, order.next_step) == (OrderStatus.BACKORDERED, None)
    assert order.round == asked_before + 1


@pytest.mark.parametrize(
    ("after", "adds"),
    [
        ([line("tea", "3")], False),
        ([line("tea", "2"), line("rice", "1")], False),
        ([line("tea", "1"), line("tea", "2")], False),
        ([line("tea", "2"), line("tea", "2")], True),
        ([line("tea", "3", unit="case")], True),
        ([line("tea", "3", batch="b1")], False),
        ([line("oil", "1")], True),
    ],
)
def test_a_change_adds_goods_if_there_is_more_of_anything(
    after: list[OrderLine],
    adds: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert adds_goods([line("tea", "3"), line("rice", "1")], after) is adds


def test_who_adds_goods_stands_behind_those_who_wait_unless_promised_for_later() -> None:
    later = AT + timedelta(days=1)
    assert place_after(AT, later, adds=False) == AT
    assert place_after(AT, later, adds=True) == later
    assert place_after(later, AT, adds=True) == later
