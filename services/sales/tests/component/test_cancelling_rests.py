"""What has not left of an order that left in part is called off, and paid back to the cent (B2)."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from contracts.sales import SalesOrderRefunded


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
