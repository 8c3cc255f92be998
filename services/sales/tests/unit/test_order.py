"""The rules of a sales order, one by one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import (
    OrderNotCancellable,
    OrderNotPayable,
    OrderNotShippable,
    ReservationExpired,
    WrongAmount,
)
from sales.orders.domain.states import OrderStatus, Step

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
EXPIRES = AT + timedelta(hours=2)
HELD = uuid4()
TOTAL = Decimal("12.50")


def placed() -> SalesOrder:
    return SalesOrder(
        order_id=uuid4(),
        number="SO-a-20261123-1",
        customer_id="wang",
        site_id="a",
        warehouse_id="main",
        currency="CNY",
        total=TOTAL,
        placed_at=AT,
        placed_by="anna",
        ttl_seconds=7200,
    )


def reserved() -> SalesOrder:
    order = placed()
    order.grant(Step.RESERVE, HELD, EXPIRES, AT)
    return order


def paying(payment_id: UUID | None = None) -> SalesOrder:
    order = reserved()
    order.pay(payment_id or uuid4(), TOTAL, AT)
    return order


def paid() -> SalesOrder:
    order = paying()
    order.grant(Step.CONFIRM, HELD, EXPIRES, AT)
    return order


def cancelling() -> SalesOrder:
    order = reserved()
    order.cancel("anna", AT)
    return order


def shipped() -> SalesOrder:
    order = paid()
    order.ship(uuid4())
    return order


def refused() -> SalesOrder:
    order = placed()
    order.deny(Step.RESERVE, "insufficient_stock")
    return order


def expired() -> SalesOrder:
    order = reserved()
    order.expire(HELD, EXPIRES)
    return order


def cancelled() -> SalesOrder:
    order = cancelling()
    order.grant(Step.RELEASE, HELD, EXPIRES, AT)
    return order


ENDED = (refused, expired, cancelled, shipped)


def test_a_new_order_waits_for_inventory() -> None:
    order = placed()
    assert (order.status, order.next_step) == (OrderStatus.PLACED, Step.RESERVE)
    assert order.due_at == AT + timedelta(seconds=2)


def test_goods_that_are_held_are_remembered_with_their_time() -> None:
    order = reserved()
    assert (order.status, order.reservation_id, order.expires_at) == (
        OrderStatus.RESERVED,
        HELD,
        EXPIRES,
    )
    assert (order.next_step, order.due_at) == (None, None)


@pytest.mark.parametrize("order", [placed, refused, expired, cancelled, shipped, cancelling, paid])
def test_only_a_reserved_order_is_paid(order: object) -> None:
    assert callable(order)
    with pytest.raises((OrderNotPayable, ReservationExpired)):
        order().pay(uuid4(), TOTAL, AT)


def test_an_expired_order_says_that_it_expired_to_who_pays_it() -> None:
    with pytest.raises(ReservationExpired):
        expired().pay(uuid4(), TOTAL, AT)


def test_an_order_is_paid_as_a_whole() -> None:
    with pytest.raises(WrongAmount):
        reserved().pay(uuid4(), TOTAL - Decimal("0.01"), AT)
    order = reserved()
    order.pay(uuid4(), Decimal("12.5"), AT)
    assert order.next_step is Step.CONFIRM


def test_the_same_payment_again_changes_nothing_wherever_the_order_stands() -> None:
    payment_id = uuid4()
    order = paying(payment_id)
    order.pay(payment_id, TOTAL, AT)
    assert order.status is OrderStatus.PAYING
    order.deny(Step.CONFIRM, "reservation_expired")
    order.pay(payment_id, TOTAL, AT)
    assert order.status is OrderStatus.EXPIRED


def test_an_order_that_is_being_paid_waits_for_inventorys_word_and_for_nothing_else() -> None:
    order = paying()
    order.expire(HELD, EXPIRES)
    with pytest.raises(OrderNotCancellable):
        order.cancel("anna", AT)
    assert order.status is OrderStatus.PAYING
    order.grant(Step.CONFIRM, HELD, EXPIRES, AT)
    order.expire(HELD, EXPIRES)
    assert order.status is OrderStatus.PAID


@pytest.mark.parametrize("order", [reserved, paying, paid])
def test_goods_that_are_called_back_are_lost_whatever_is_answered_later(order: object) -> None:
    """Inventory kept them for good, was not heard, and let go: its first answer is outdated."""
    assert callable(order)
    lost: SalesOrder = order()
    lost.lose(HELD)
    lost.grant(Step.CONFIRM, HELD, EXPIRES, AT)
    assert (lost.status, lost.cause) == (OrderStatus.CANCELLED, "reservation_released")
    assert lost.next_step is None


@pytest.mark.parametrize("order", [refused, expired, shipped, paying])
def test_what_is_over_or_being_decided_is_not_cancelled(order: object) -> None:
    assert callable(order)
    with pytest.raises(OrderNotCancellable):
        order().cancel("anna", AT)


def test_an_order_cancelled_unheard_asks_first_what_it_holds() -> None:
    order = placed()
    order.cancel("anna", AT)
    assert order.next_step is Step.RESERVE
    order.grant(Step.RESERVE, HELD, EXPIRES, AT)
    assert (order.status, order.next_step) == (OrderStatus.CANCELLING, Step.RELEASE)
    order.grant(Step.RELEASE, HELD, EXPIRES, AT)
    assert (order.status, order.cause) == (OrderStatus.CANCELLED, "anna")


def test_an_order_cancelled_unheard_that_holds_nothing_is_cancelled() -> None:
    order = placed()
    order.cancel("anna", AT)
    order.deny(Step.RESERVE, "insufficient_stock")
    assert (order.status, order.cause) == (OrderStatus.CANCELLED, "anna")


@pytest.mark.parametrize("order", [placed, reserved, paying, cancelling, refused, expired])
def test_only_a_paid_order_is_shipped(order: object) -> None:
    assert callable(order)
    with pytest.raises(OrderNotShippable):
        order().ship(uuid4())


def test_an_order_is_shipped_once() -> None:
    order = paid()
    assert order.ship(uuid4()) == HELD
    with pytest.raises(OrderNotShippable):
        order.ship(uuid4())


@pytest.mark.parametrize("order", ENDED)
def test_what_is_over_stays_so_whatever_is_heard(order: object) -> None:
    assert callable(order)
    ended: SalesOrder = order()
    before = dict(vars(ended))
    for step in Step:
        ended.grant(step, uuid4(), AT, AT)
        ended.deny(step, "insufficient_stock")
    ended.expire(uuid4(), AT)
    ended.lose(uuid4())
    assert vars(ended) == before


def test_a_release_that_inventory_does_not_know_of_is_one() -> None:
    order = cancelling()
    order.deny(Step.RELEASE, "reservation_fulfilled")
    assert order.status is OrderStatus.CANCELLING
    order.deny(Step.RELEASE, "unknown_reservation")
    assert order.status is OrderStatus.CANCELLED


def test_attempts_are_made_less_and_less_often() -> None:
    order = placed()
    waits = []
    for _ in range(7):
        order.try_again(AT)
        assert order.due_at is not None
        waits.append((order.due_at - AT).seconds)
    assert waits == [4, 8, 16, 32, 60, 60, 60]
    order.grant(Step.RESERVE, HELD, EXPIRES, AT)
    assert (order.attempts, order.due_at) == (0, None)


def test_an_order_on_credit_is_held_like_a_paid_one_and_paid_when_it_is_settled() -> None:
    order, command = reserved(), uuid4()
    assert order.take_on_credit(command, AT)
    assert not order.take_on_credit(command, AT)
    order.grant(Step.CONFIRM, HELD, EXPIRES, AT)
    assert (order.status, order.paid_at, order.on_credit) == (OrderStatus.PAID, None, True)
    order.ship(uuid4())
    assert not order.close(AT)
    assert order.settle(AT)
    assert not order.settle(AT)
    assert order.close(AT)
    assert not order.close(AT)


def test_an_order_is_taken_on_credit_only_while_its_goods_are_held() -> None:
    for order in (placed(), paying(), paid(), cancelling()):
        with pytest.raises(OrderNotPayable):
            order.take_on_credit(uuid4(), AT)


def test_what_is_cancelled_is_not_settled_and_what_is_not_shipped_does_not_close() -> None:
    order = reserved()
    order.take_on_credit(uuid4(), AT)
    order.grant(Step.CONFIRM, HELD, EXPIRES, AT)
    order.cancel("anna", AT)
    order.grant(Step.RELEASE, HELD, EXPIRES, AT)
    assert not order.settle(AT)
    assert not paid().close(AT)
