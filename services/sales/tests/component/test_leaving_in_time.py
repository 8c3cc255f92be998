"""Batches that pass their dates after they were paid for don't leave (B5)."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.sales import ShipmentPosted
from servicekit.clock import now, shifted

HELD = [
    {"line_no": 1, "item_id": "tea", "quantity": "3", "batch_id": "t1"},
    {"line_no": 2, "item_id": "rice", "quantity": "1.25", "batch_id": "r1"},
]


def in_days(days: int) -> date:
    return now().astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=days)


def say_dates(shop: Any, *, sellable: int, expires: int) -> None:
    """Let inventory say of the tea, but not of the rice, until when it may be sold."""

    def confirmed(path: str, _: Any) -> tuple[int, Any]:
        dates = {"expires_on": str(in_days(expires)), "sellable_until": str(in_days(sellable))}
        return 200, {
            "reservation_id": path.split("/")[2],
            "expires_at": now().isoformat(),
            "lines": HELD,
            "dates": [{"line_no": 1, **dates}],
        }

    shop.line.answers["confirm"] = confirmed


async def ship(shop: Any, order: Any, body: Any = None) -> Any:
    return await shop.send(f"/orders/{order['order_id']}/ship", body)


@pytest.mark.parametrize(
    ("days", "code"), [(2, "batch_in_no_sale_window"), (4, "batch_expired"), (9, "batch_expired")]
)
async def test_a_batch_past_its_date_is_neither_picked_nor_shipped(
    shop: Any, days: int, code: str
) -> None:
    """B5: what may still be sold of the same order leaves, and the rest can be given up."""
    shop.line.held = HELD
    say_dates(shop, sellable=1, expires=3)
    order = await shop.paid()
    with shifted(timedelta(days=days)):
        for path in ("ship", "picks"):
            answer = await shop.send(f"/orders/{order['order_id']}/{path}")
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (422, code)
            assert (problem["line_no"], problem["batch_id"]) == (1, "t1")
            assert "another batch" in problem["detail"]
        assert await shop.status(order["order_id"]) == "paid"
        other = await ship(shop, order, {"lines": [{"line_no": 2, "quantity": "1.25"}]})
        assert other.status_code == 201, other.text
        late = await ship(shop, order)
        assert (late.status_code, late.json()["code"]) == (422, code)
        assert "cancel-rest" in late.json()["detail"]
        assert "`exchange`" not in late.json()["detail"]
        rest = await shop.send(f"/orders/{order['order_id']}/cancel-rest")
        assert rest.json()["status"] == "shipped"
    (fact,) = [one for one in await shop.service.events() if isinstance(one, ShipmentPosted)]
    assert [line.item_id for line in fact.lines] == ["rice"]


async def test_what_was_picked_in_time_is_shipped_only_in_time(shop: Any) -> None:
    shop.line.held = HELD
    say_dates(shop, sellable=1, expires=3)
    order = await shop.paid()
    pick = (await shop.send(f"/orders/{order['order_id']}/picks")).json()
    with shifted(timedelta(days=2)):
        late = await shop.send(f"/picks/{pick['pick_id']}/ship")
        assert (late.status_code, late.json()["code"]) == (422, "batch_in_no_sale_window")
    with shifted(timedelta(days=1)):
        assert (await shop.send(f"/picks/{pick['pick_id']}/ship")).status_code == 201


async def test_batches_of_which_no_date_is_known_leave_at_any_time(shop: Any) -> None:
    shop.line.held = HELD
    order = await shop.paid()
    with shifted(timedelta(days=900)):
        assert (await ship(shop, order)).status_code == 201
