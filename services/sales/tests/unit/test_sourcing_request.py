"""A request is kept for good as a whole, paid or on credit, or not at all (B2)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from sales.channels.domain import Channel
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus, Step
from sales.sourcing.domain.refusals import RequestNotPayable
from sales.sourcing.domain.request import SourcingRequest
from sales.sourcing.domain.sources import Mode
from sales.sourcing.domain.states import Need, RequestStatus

AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
EXPIRES = AT + timedelta(hours=2)


def order(site_id: str) -> SalesOrder:
    made = SalesOrder(
        order_id=uuid4(),
        number=f"SO-{site_id}-1",
        customer_id="wang",
        site_id=site_id,
        warehouse_id="main",
        currency="CNY",
        total=Decimal(5),
        placed_at=AT,
        placed_by="anna",
        ttl_seconds=7200,
    )
    made.grant(Step.RESERVE, uuid4(), EXPIRES, AT)
    return made


def held(*orders: SalesOrder) -> SourcingRequest:
    request = SourcingRequest(
        request_id=uuid4(),
        number="SQ-a-1",
        customer_id="wang",
        site_id="a",
        warehouse_id="main",
        currency="CNY",
        channel=Channel.SHOP,
        mode=Mode.SPLIT,
        total=Decimal(10),
        ttl_seconds=7200,
        placed_at=AT,
        placed_by="anna",
    )
    request.settle(orders)
    assert request.status is RequestStatus.HELD
    return request


def confirm(one: SalesOrder) -> None:
    assert one.reservation_id is not None
    one.grant(Step.CONFIRM, one.reservation_id, EXPIRES, AT)


def test_all_its_orders_are_owed_and_kept() -> None:
    orders = [order("a"), order("b")]
    request = held(*orders)
    assert request.take_on_credit(uuid4(), orders, AT) == orders
    assert request.next_need(orders) is Need.DRIVE
    for one in orders:
        assert (one.status, one.on_credit) == (OrderStatus.PAYING, True)
        confirm(one)
    assert request.next_need(orders) is Need.SETTLE
    request.settle(orders)
    assert (request.status, request.due_at) == (RequestStatus.PAID, None)


def test_the_same_command_again_owes_nothing_more_and_another_one_is_refused() -> None:
    orders, command_id = [order("a"), order("b")], uuid4()
    request = held(*orders)
    request.take_on_credit(command_id, orders, AT)
    assert request.take_on_credit(command_id, orders, AT) == []
    with pytest.raises(RequestNotPayable):
        request.take_on_credit(uuid4(), orders, AT)
    with pytest.raises(RequestNotPayable):
        request.pay(uuid4(), Decimal(10), Decimal(10), AT)


def test_if_one_order_is_lost_none_is_owed_and_the_others_are_undone() -> None:
    orders = [order("a"), order("b")]
    request = held(*orders)
    orders[0].expire(uuid4(), EXPIRES)
    assert request.take_on_credit(uuid4(), orders, AT) == []
    assert request.next_need(orders) is Need.UNDO
    assert not orders[1].on_credit


def test_what_a_site_was_paid_for_is_not_owed() -> None:
    orders = [order("a"), order("b")]
    request = held(*orders)
    orders[0].pay(uuid4(), Decimal(5), AT)
    confirm(orders[0])
    assert request.take_on_credit(uuid4(), orders, AT) == [orders[1]]
    assert not orders[0].on_credit


def test_an_order_on_credit_of_a_request_is_never_taken_for_paid() -> None:
    """Only a request that is being paid pays orders: money that did not come pays none."""
    orders = [order("a"), order("b")]
    request = held(*orders)
    request.take_on_credit(uuid4(), orders[:1], AT)
    confirm(orders[0])
    assert request.next_need(orders) is not Need.PAY
