"""What has not left of an order is called off, or called back, and paid back to the cent (B2)."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.inventory import ReservationReleased
from contracts.sales import SalesOrderCompleted, SalesOrderOnCredit, SalesOrderRefunded
from servicekit.clock import now


async def left_in_part(shop: Any) -> dict[str, Any]:
    """Return an order of which one tea of three has left."""
    order: dict[str, Any] = await shop.paid()
    lines = [{"line_no": 1, "quantity": "1"}]
    assert (await shop.send(f"/orders/{order['order_id']}/ship", {"lines": lines})).is_success
    return order


async def refunds(shop: Any) -> list[Decimal]:
    facts = await shop.service.events()
    return [one.amount for one in facts if isinstance(one, SalesOrderRefunded)]


async def test_the_rest_is_let_go_of_and_paid_back(shop: Any) -> None:
    order = await left_in_part(shop)
    path = f"/orders/{order['order_id']}/cancel-rest"
    answer = await shop.send(path)
    assert (answer.status_code, answer.json()["status"]) == (200, "shipped")
    assert answer.json()["cause"] == "tester"
    body = json.loads(shop.line.asked[-1][2])
    assert body["shipped"] == [{"line_no": 1, "quantity": "1"}]
    assert await refunds(shop) == [Decimal("34.90")], "12.50 of 47.40 have left"
    assert (await shop.send(path)).json()["status"] == "shipped"
    assert len(await refunds(shop)) == 1
    for step in ("ship", "cancel"):
        assert (await shop.send(f"/orders/{order['order_id']}/{step}")).status_code == 409


async def test_while_inventory_is_away_nothing_more_leaves_and_the_sweep_ends_it(shop: Any) -> None:
    order = await left_in_part(shop)
    shop.line.lost = True
    answer = await shop.send(f"/orders/{order['order_id']}/cancel-rest")
    assert (answer.status_code, answer.json()["status"]) == (202, "cancelling")
    assert (await shop.send(f"/orders/{order['order_id']}/ship")).status_code == 409
    assert await refunds(shop) == []
    shop.line.lost = False
    await shop.settle(timedelta(minutes=10))
    assert await shop.status(order["order_id"]) == "shipped"
    assert await refunds(shop) == [Decimal("34.90")]
    assert shop.line.work_done().count("release-rest") == 1


async def test_an_order_of_which_nothing_or_all_has_left_has_no_rest(shop: Any) -> None:
    order = await shop.paid()
    path = f"/orders/{order['order_id']}"
    answer = await shop.send(f"{path}/cancel-rest")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_has_left")
    await shop.send(f"{path}/ship")
    answer = await shop.send(f"{path}/cancel-rest")
    assert (answer.status_code, answer.json()["code"]) == (409, "order_not_shippable")


async def test_a_paid_order_that_is_cancelled_whole_is_paid_back_whole(shop: Any) -> None:
    order = await shop.paid()
    await shop.send(f"/orders/{order['order_id']}/cancel")
    assert await refunds(shop) == [Decimal("47.40")]


def called_back(order: dict[str, Any]) -> ReservationReleased:
    """Say that inventory let go of the goods of an order by itself."""
    return ReservationReleased(
        reservation_id=order["reservation_id"],
        order_id=order["order_id"],
        site_id=order["site_id"],
        at=now(),
        reason="recalled",
    )


async def on_credit(shop: Any) -> dict[str, Any]:
    """Return an order over 47.40 that is owed."""
    terms = {"credit_limit": "100", "terms_days": 30}
    assert (await shop.send("/customers/wang/credit-terms", terms, "finance")).is_success
    order = await shop.reserved()
    answer = await shop.send(f"/orders/{order['order_id']}/credit")
    assert (answer.status_code, answer.json()["status"]) == (200, "paid"), answer.text
    return dict(answer.json())


async def account(shop: Any) -> tuple[str, str]:
    found = await shop.read("/customers/wang/account")
    return found["owed"], found["balance"]


async def test_goods_that_are_called_back_before_they_left_are_paid_back_once(shop: Any) -> None:
    """B2, H3: inventory says it once or again; nobody asks for the money."""
    order = await shop.paid()
    for _ in range(2):
        await shop.service.deliver(called_back(order))
    assert await shop.status(order["order_id"]) == "cancelled"
    assert await refunds(shop) == [Decimal("47.40")]


async def test_the_rest_of_an_order_that_is_called_back_is_paid_back_once(shop: Any) -> None:
    """B2, H3: to the cent, as when somebody had cancelled it."""
    order = await left_in_part(shop)
    for _ in range(2):
        await shop.service.deliver(called_back(order))
    assert await refunds(shop) == [Decimal("34.90")], "12.50 of 47.40 have left"
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["cause"]) == ("shipped", "reservation_released")
    for step in ("ship", "cancel", "cancel-rest"):
        answer = await shop.send(f"/orders/{order['order_id']}/{step}")
        assert step == "cancel-rest" or answer.status_code == 409
    assert len(await refunds(shop)) == 1
    assert "release-rest" not in shop.line.work_done(), "nothing is held that could be let go of"


@pytest.mark.parametrize("first", ["told", "cancelled"])
async def test_a_rest_that_is_cancelled_while_it_is_called_back_is_paid_back_once(
    shop: Any, first: str
) -> None:
    order = await left_in_part(shop)
    path = f"/orders/{order['order_id']}/cancel-rest"
    if first == "told":
        await shop.service.deliver(called_back(order))
        await shop.send(path)
    else:
        shop.line.lost = True
        assert (await shop.send(path)).status_code == 202
        await shop.service.deliver(called_back(order))
        shop.line.lost = False
        await shop.settle(timedelta(minutes=10))
    assert await shop.status(order["order_id"]) == "shipped"
    assert await refunds(shop) == [Decimal("34.90")]


async def test_goods_on_credit_that_are_called_back_are_not_owed_any_more(shop: Any) -> None:
    order = await on_credit(shop)
    for _ in range(2):
        await shop.service.deliver(called_back(order))
    assert (await account(shop), await refunds(shop)) == (("0", "0"), [])
    assert await shop.status(order["order_id"]) == "cancelled"


async def test_the_rest_of_an_order_on_credit_that_is_called_back_is_not_owed_any_more(
    shop: Any,
) -> None:
    """What was paid for it already is the customer's again."""
    order = await on_credit(shop)
    lines = [{"line_no": 1, "quantity": "1"}]
    assert (await shop.send(f"/orders/{order['order_id']}/ship", {"lines": lines})).is_success
    body = {"site_id": "sh-01", "amount": "20", "reference": "bank 7"}
    assert (await shop.send("/customers/wang/payments", body, "finance")).is_success
    for _ in range(2):
        await shop.service.deliver(called_back(order))
    assert (await account(shop), await refunds(shop)) == (("0", "7.5"), [])


async def test_an_order_closes_whose_rest_was_called_back_after_the_others_were_signed_for(
    shop: Any,
) -> None:
    order = await shop.paid()
    lines = [{"line_no": 1, "quantity": "1"}]
    left = (await shop.send(f"/orders/{order['order_id']}/ship", {"lines": lines})).json()
    signed = await shop.send(f"/shipments/{left['shipment_id']}/deliver", {"signed_by": "Wang"})
    assert signed.is_success
    await shop.service.deliver(called_back(order))
    await shop.service.run_job("complete_rests")
    assert (await shop.read(f"/orders/{order['order_id']}"))["closed_at"]
    assert sum(isinstance(one, SalesOrderCompleted) for one in await shop.service.events()) == 1


@pytest.mark.parametrize("step", ["pay", "credit"])
async def test_goods_that_are_called_back_while_they_are_paid_are_neither_sold_nor_owed(
    shop: Any, step: str
) -> None:
    """B2: inventory kept them, nobody heard it, and then they were called back."""
    terms = {"credit_limit": "100", "terms_days": 30}
    assert (await shop.send("/customers/wang/credit-terms", terms, "finance")).is_success
    order = await shop.reserved()
    path, body = f"/orders/{order['order_id']}/{step}", None
    if step == "pay":
        body = {"amount": "47.40"}
    shop.line.lost = True
    assert (await shop.send(path, body)).json()["status"] == "paying"
    await shop.service.deliver(called_back(order))
    shop.line.lost = False
    await shop.settle(timedelta(minutes=10))
    assert await shop.status(order["order_id"]) == "cancelled"
    assert (await account(shop), await refunds(shop)) == (("0", "0"), [])
    assert not [one for one in await shop.service.events() if isinstance(one, SalesOrderOnCredit)]
    late = await shop.send(path, body)
    assert (late.status_code, late.json()["code"]) == (409, "reservation_released")
