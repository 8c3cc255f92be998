"""How old a site's stock is, by item."""

from datetime import timedelta
from typing import Any

from servicekit.clock import now, shifted


def ages(one: Any) -> list[str]:
    """Return the quantities by age."""
    return [part["quantity"] for part in one["ages"]]


async def test_stock_is_told_by_its_age_and_moving_it_makes_it_no_younger(
    shop: Any, desk: Any
) -> None:
    for days, quantity in ((200, "5"), (70, "4"), (0, "3")):
        with shifted(timedelta(days=-days)):
            received = shop.receipt(("tea", quantity))
            await shop.service.deliver(received)
    await desk.post("issue", "tea", "6", reason="tasting")
    there = {"to_site_id": "north", "to_warehouse_id": "back"}
    dispatch = await desk.post("transfer_dispatch", "tea", "2", **there)
    path = f"/transfers/{dispatch['document_id']}/arrivals"
    await desk.finish(await desk.act(path, "ann", {}))
    await shop.receive(("oil", "1"))
    page = await shop.get("/reports/ageing", site_id="north")
    oil, tea = page["items"]
    assert (tea["on_hand"], ages(tea)) == ("6", ["3", "0", "3", "0", "0", "0"])
    assert ages(oil) == ["1", "0", "0", "0", "0", "0"]
    food = await shop.get("/reports/ageing", site_id="north", category="food")
    assert [one["item_id"] for one in food["items"]] == ["oil"]


async def test_it_comes_in_pages(shop: Any) -> None:
    await shop.receive(("tea", "1"), ("oil", "1"), ("rice", "1"))
    first = await shop.get("/reports/ageing", site_id="north", limit=2)
    second = await shop.get(
        "/reports/ageing", site_id="north", limit=2, cursor=first["next_cursor"]
    )
    items = [one["item_id"] for one in (*first["items"], *second["items"])]
    assert (items, second["next_cursor"]) == (["oil", "rice", "tea"], None)


async def test_the_age_that_stock_had_at_a_past_moment_is_told(shop: Any, desk: Any) -> None:
    """Of what was there by then, also of what is gone since, and not of what came after."""
    with shifted(timedelta(days=-100)):
        await shop.service.deliver(shop.receipt(("tea", "5"), ("oil", "1")))
    with shifted(timedelta(days=-40)):
        await shop.service.deliver(shop.receipt(("tea", "3")))
        moment = now()
    await desk.post("issue", "oil", "1", reason="tasting")
    await desk.post("issue", "tea", "6", reason="tasting")
    await shop.receive(("rice", "2"))
    asked = {"site_id": "north", "as_of": moment.isoformat()}
    page = await shop.get("/reports/ageing", **asked, limit=1)
    rest = await shop.get("/reports/ageing", **asked, cursor=page["next_cursor"])
    (oil,), (tea,) = page["items"], rest["items"]
    assert (oil["item_id"], oil["on_hand"], ages(oil)) == ("oil", "1", ["0", "0", "1", *["0"] * 3])
    assert (tea["item_id"], tea["on_hand"]) == ("tea", "8")
    assert ages(tea) == ["3", "0", "5", "0", "0", "0"]
    (food,) = (await shop.get("/reports/ageing", **asked, category="food"))["items"]
    assert food == oil
    today = (await shop.get("/reports/ageing", site_id="north"))["items"]
    assert [(one["item_id"], one["on_hand"]) for one in today] == [("rice", "2"), ("tea", "2")]


async def test_the_age_that_stock_will_have_is_not_told(shop: Any) -> None:
    asked = {"site_id": "north", "as_of": (now() + timedelta(days=1)).isoformat()}
    headers = shop.service.headers(["clerk"])
    answer = await shop.service.api.get("/reports/ageing", params=asked, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "moment_to_come")
