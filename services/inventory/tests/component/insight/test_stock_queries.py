"""What a shop asks of the books: now, and as of a moment that has passed (B1, A9)."""

from datetime import datetime, timedelta
from typing import Any

from servicekit.clock import now, shifted


def at(days: int) -> str:
    """Return the moment so many days ago."""
    return (now() - timedelta(days=days)).isoformat()


def figures(page: Any, *names: str) -> list[tuple[Any, ...]]:
    """Return some figures of each row, after its site, item and warehouse."""
    place = ("site_id", "item_id", "warehouse_id")
    return [tuple(one[name] for name in (*place, *names)) for one in page["items"]]


async def filled(shop: Any) -> None:
    """Move tea and rice ten days ago, five days ago and today."""
    with shifted(timedelta(days=-10)):
        await shop.receive(("tea", "10"), ("rice", "1.5"))
        await shop.receive(("tea", "4"), site="south")
    with shifted(timedelta(days=-5)):
        await shop.receive(("tea", "2"), warehouse="back")
        shipped = await shop.held(("tea", "3"))
        await shop.confirm(shipped)
        await shop.service.deliver(shop.shipment(shipped))
    await shop.receive(("oil", "7"))
    await shop.held(("tea", "1"))


async def test_stock_is_told_as_of_any_past_moment(shop: Any) -> None:
    await filled(shop)
    wanted = {"site_id": "north", "item_id": "tea"}
    before = await shop.get("/stock", **wanted, as_of=at(11))
    assert figures(before, "on_hand", "sequence", "moved_at") == [
        ("north", "tea", "back", "0", 0, None),
        ("north", "tea", "main", "0", 0, None),
    ]
    then = await shop.get("/stock", **wanted, as_of=at(7))
    assert figures(then, "on_hand", "sequence") == [
        ("north", "tea", "back", "0", 0),
        ("north", "tea", "main", "10", 1),
    ]
    later = await shop.get("/stock", **wanted, as_of=at(1))
    assert figures(later, "on_hand", "in_inspection", "frozen", "sequence") == [
        ("north", "tea", "back", "2", "0", "0", 2),
        ("north", "tea", "main", "7", "0", "0", 3),
    ]


async def test_what_was_allocated_in_the_past_is_not_known(shop: Any) -> None:
    await filled(shop)
    page = await shop.get("/stock", site_id="north", item_id="tea", as_of=at(0))
    assert figures(page, "allocated", "available") == [
        ("north", "tea", "back", None, None),
        ("north", "tea", "main", None, None),
    ]


async def test_the_last_moment_agrees_with_the_balances(shop: Any) -> None:
    await filled(shop)
    past, present = await shop.get("/stock", as_of=at(0)), await shop.get("/stock")
    names = ("batch_id", "on_hand", "in_inspection", "frozen")
    assert figures(past, *names) == figures(present, *names)


async def test_pages_of_the_past_are_those_of_the_present(shop: Any) -> None:
    await filled(shop)
    seen, cursor = [], {}
    for _ in range(5):
        page = await shop.get("/stock", limit=2, as_of=at(7), **cursor)
        seen += figures(page, "on_hand")
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [
        ("north", "oil", "main", "0"),
        ("north", "rice", "main", "1.5"),
        ("north", "tea", "back", "0"),
        ("north", "tea", "main", "10"),
        ("south", "tea", "main", "4"),
    ]


async def test_a_moment_to_come_is_refused(shop: Any) -> None:
    headers = shop.service.headers(["clerk"])
    answer = await shop.service.api.get("/stock", params={"as_of": at(-1)}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "moment_to_come")


async def test_every_answer_says_of_when_it_is_and_when_the_item_last_moved(shop: Any) -> None:
    """F3."""
    asked = now()
    await filled(shop)
    page = await shop.get("/stock", site_id="north")
    assert asked < datetime.fromisoformat(page["as_of"]) < now()
    ages = {
        one["item_id"]: (now() - datetime.fromisoformat(one["moved_at"])).days
        for one in page["items"]
    }
    assert ages == {"tea": 5, "rice": 10, "oil": 0}
    ledger = await shop.get("/ledger", site_id="north", item_id="tea")
    assert asked < datetime.fromisoformat(ledger["as_of"]) < now()


async def test_one_item_is_shown_in_all_sites_the_caller_may_see(shop: Any) -> None:
    await filled(shop)
    everywhere = await shop.get("/stock", item_id="tea")
    assert figures(everywhere, "on_hand", "allocated", "available") == [
        ("north", "tea", "back", "2", "0", "2"),
        ("north", "tea", "main", "7", "1", "6"),
        ("south", "tea", "main", "4", "0", "4"),
    ]
    mine = await shop.get("/stock", item_id="tea", role="clerk", sites=("south",))
    assert figures(mine) == [("south", "tea", "main")]


async def test_stock_is_narrowed_to_a_category(shop: Any) -> None:
    await filled(shop)
    assert figures(await shop.get("/stock", category="food")) == [("north", "oil", "main")]
    past = await shop.get("/stock", category="food", site_id="north", as_of=at(1))
    assert figures(past, "on_hand") == [("north", "oil", "main", "0")]
    assert (await shop.get("/stock", category="none"))["items"] == []
