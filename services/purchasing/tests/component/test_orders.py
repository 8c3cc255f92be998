"""Purchase orders are placed for what is known, in units that exist, and numbered by the day."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.purchasing import PurchaseOrderPlaced
from servicekit.clock import now, shifted


async def test_an_order_is_placed_and_told_to_others(desk: Any) -> None:
    answer = await desk.order()
    order = answer.json()
    assert (answer.status_code, order["status"]) == (201, "placed")
    assert order == await desk.read(f"/orders/{order['order_id']}")
    rice = order["lines"][1]
    assert (rice["line_no"], rice["quantity"], rice["unit_cost"]) == (2, "20.5", "6.000001")
    assert (rice["received"], rice["arriving"], rice["open"]) == ("0", "0", "20.5")
    event = (await desk.service.events())[-1]
    assert isinstance(event, PurchaseOrderPlaced)
    assert (str(event.order_id), event.number) == (order["order_id"], order["number"])
    assert [line.quantity for line in event.lines] == [Decimal(100), Decimal("20.5")]


async def test_the_same_order_sent_again_is_placed_once(desk: Any) -> None:
    """B8."""
    body = (await desk.order()).request.content
    headers = desk.service.headers(["buyer"]) | {"Content-Type": "application/json"}
    answers = [
        await desk.service.api.post("/orders", content=body, headers=headers) for _ in range(3)
    ]
    assert len({answer.json()["order_id"] for answer in answers}) == 1
    assert len((await desk.read("/orders"))["items"]) == 2


async def test_numbers_count_each_site_and_day_by_itself(desk: Any) -> None:
    day = f"{now() + timedelta(hours=8):%Y%m%d}"
    numbers = [(await desk.order(site_id=site)).json()["number"] for site in ("sh-01", "sh-01")]
    assert numbers == [f"PO-sh-01-{day}-1", f"PO-sh-01-{day}-2"]
    assert (await desk.order(site_id="bj-01")).json()["number"] == f"PO-bj-01-{day}-1"
    with shifted(timedelta(days=1)):
        tomorrow = f"{now() + timedelta(hours=8):%Y%m%d}"
        assert (await desk.order()).json()["number"] == f"PO-sh-01-{tomorrow}-1"


async def test_the_day_of_a_number_is_the_day_at_the_site(desk: Any) -> None:
    late_evening_in_utc = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    with shifted(late_evening_in_utc - now()):
        assert (await desk.order()).json()["number"] == "PO-sh-01-20270101-1"


async def test_orders_placed_at_once_get_different_numbers(desk: Any) -> None:
    answers = await asyncio.gather(*(desk.order() for _ in range(12)))
    counts = sorted(int(one.json()["number"].rsplit("-", 1)[1]) for one in answers)
    assert counts == list(range(1, 13))


async def test_a_refused_order_takes_no_number(desk: Any) -> None:
    await desk.order(lines=[{"item_id": "tea", "quantity": "1", "unit": "bag", "unit_cost": "1"}])
    assert (await desk.order()).json()["number"].endswith("-1")


def line(**changes: Any) -> list[dict[str, str]]:
    return [{"item_id": "tea", "quantity": "1", "unit": "box", "unit_cost": "1", **changes}]


@pytest.mark.parametrize(
    ("change", "status", "code", "facts"),
    [
        ({"supplier_id": "nobody"}, 404, "unknown_supplier", {"supplier_id": "nobody"}),
        ({"site_id": "nowhere"}, 404, "unknown_site", {"site_id": "nowhere"}),
        ({"warehouse_id": "attic"}, 404, "unknown_warehouse", {"warehouse_id": "attic"}),
        ({"lines": line(item_id="ghost")}, 404, "unknown_item", {"item_id": "ghost"}),
        (
            {"lines": line(unit="bag")},
            422,
            "unknown_unit",
            {"line_no": 1, "item_id": "tea", "unit": "bag", "base_unit": "box"},
        ),
        (
            {"lines": line(quantity="1.5")},
            422,
            "quantity_too_precise",
            {"line_no": 1, "item_id": "tea", "quantity": "1.5", "scale": 0},
        ),
        (
            {"lines": line(kind="gift", unit_cost="0")},
            422,
            "free_goods_for_sale",
            {"line_no": 1, "item_id": "tea", "line_kind": "gift"},
        ),
        (
            {"lines": line(kind="sample")},
            422,
            "free_line_priced",
            {"line_no": 1, "unit_cost": "1"},
        ),
        (
            {"lines": line(unit_cost="0")},
            422,
            "paid_line_free",
            {"line_no": 1, "item_id": "tea"},
        ),
        # A box of twelve would cost less than can be written.
        (
            {"lines": line(unit="case", unit_cost="0.000001")},
            422,
            "paid_line_free",
            {"line_no": 1, "item_id": "tea"},
        ),
        ({"lines": []}, 422, "invalid_request", {}),
        ({"lines": line() * 501}, 422, "invalid_request", {}),
        ({"lines": line(quantity="0")}, 422, "invalid_request", {}),
        ({"lines": line(quantity=1)}, 422, "invalid_request", {}),
        ({"lines": line(unit_cost="-1")}, 422, "invalid_request", {}),
        ({"unasked": 1}, 422, "invalid_request", {}),
    ],
)
async def test_what_does_not_fit_is_refused_by_name(
    desk: Any, change: dict[str, Any], status: int, code: str, facts: dict[str, Any]
) -> None:
    """B6: a unit that is not the item's is refused by name, never taken as 1:1."""
    answer = await desk.order(**change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert facts.items() <= answer.json().items()
    assert (await desk.read("/orders"))["items"] == []


async def test_an_order_of_500_lines_is_placed_whole(desk: Any) -> None:
    order = (await desk.order(lines=line() * 500)).json()
    read = await desk.read(f"/orders/{order['order_id']}")
    assert [one["line_no"] for one in read["lines"]] == list(range(1, 501))


async def test_orders_are_listed_newest_first_and_filtered(desk: Any) -> None:
    await desk.supplier(supplier_id="best")
    placed = [
        (await desk.order(**change)).json()["number"]
        for change in ({}, {"site_id": "bj-01"}, {"supplier_id": "best"})
    ]

    async def found(**params: Any) -> list[str]:
        return [one["number"] for one in (await desk.read("/orders", **params))["items"]]

    assert await found() == placed[::-1]
    assert await found(site_id="bj-01") == [placed[1]]
    assert await found(supplier_id="best") == [placed[2]]
    assert await found(number=placed[0]) == [placed[0]]
    assert await found(status="received") == []
    assert await found(sites=["bj-01"]) == [placed[1]]
    page = await desk.read("/orders", limit=2)
    assert await found(limit=2, cursor=page["next_cursor"]) == [placed[0]]


async def test_a_cursor_that_is_none_of_ours_is_refused(desk: Any) -> None:
    cursor = (await desk.read("/suppliers", limit=1))["next_cursor"]
    await desk.supplier(supplier_id="best")
    cursor = (await desk.read("/suppliers", limit=1))["next_cursor"]
    assert (await desk.read("/orders", cursor=cursor))["code"] == "bad_cursor"


async def test_orders_are_placed_and_read_at_ones_own_sites_only(desk: Any) -> None:
    order = (await desk.order()).json()
    other = await desk.read(f"/orders/{order['order_id']}", sites=["bj-01"])
    assert other["code"] == "site_forbidden"
    body = {**{name: order[name] for name in ("supplier_id", "site_id", "warehouse_id")}}
    body |= {"currency": "CNY", "due_date": "2027-01-31", "lines": line()}
    answer = await desk.send("/orders", body, "buyer", sites=["bj-01"])
    assert (answer.status_code, answer.json()["code"]) == (403, "site_forbidden")


async def test_a_clerk_places_no_orders(desk: Any) -> None:
    answer = await desk.send("/orders", {}, "clerk")
    assert answer.status_code in {403, 422}
    assert (await desk.read("/orders"))["items"] == []


async def test_what_is_paid_for_is_not_changed_to_cost_nothing(desk: Any) -> None:
    """C3: at no cost it would lower the average of what is sold."""
    order = (await desk.order()).json()
    body = {"reason": "a present", "lines": [{"line_no": 1, "unit_cost": "0"}]}
    answer = await desk.send(f"/orders/{order['order_id']}/change", body, "buyer")
    assert (answer.status_code, answer.json()["code"]) == (422, "paid_line_free")
    kept = await desk.read(f"/orders/{order['order_id']}")
    assert (kept["version"], kept["lines"][0]["unit_cost"]) == (order["version"], "12.5")
