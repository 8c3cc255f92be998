"""Arriving goods go where the first rule that fits says, and the ledger says which (A7)."""

from datetime import timedelta
from typing import Any

from contracts.inventory import StockReceived
from contracts.purchasing import PurchaseLine
from servicekit.clock import now

RULES = "/sites/north/arrival-rules"


async def rule(
    shop: Any, name: str, priority: int = 1, role: str = "shop_manager", **more: Any
) -> Any:
    body = {
        "rule_id": name,
        "priority": priority,
        "warehouse_id": more.pop("warehouse_id", "back"),
        "active": more.pop("active", True),
        "terms": more,
    }
    return await shop.post(RULES, body, role)


async def dry_run(shop: Any, *lines: dict[str, Any], supplier: str = "farm") -> Any:
    body = {"supplier_id": supplier, "warehouse_id": "main", "lines": lines}
    answer = await shop.post(f"{RULES}/dry-run", body, "clerk")
    assert answer.status_code == 200, answer.text
    return answer.json()["lines"]


async def test_a_receipts_lines_go_where_the_rules_say_and_the_ledger_names_them(shop: Any) -> None:
    """A7."""
    assert (await rule(shop, "food", category="food")).status_code == 201
    await shop.receive(("tea", "5"), ("oil", "2"))
    assert (await shop.stock("tea"))["on_hand"] == "5"
    assert (await shop.stock("oil", warehouse="back"))["on_hand"] == "2"
    (oil,) = (await shop.get("/ledger", site_id="north", item_id="oil"))["items"]
    (tea,) = (await shop.get("/ledger", site_id="north", item_id="tea"))["items"]
    assert (oil["rule"], oil["warehouse_id"]) == ("arrival:food@1", "back")
    assert (tea["rule"], tea["warehouse_id"]) == (None, "main")
    facts = {fact.item_id: fact.warehouse_id for fact in await shop.facts(StockReceived)}
    assert facts == {"tea": "main", "oil": "back"}
    assert await shop.books_agree()


async def test_another_sites_rules_decide_nothing_here(shop: Any) -> None:
    await rule(shop, "all")
    await shop.receive(("tea", "5"), site="south")
    assert (await shop.stock("tea", site="south"))["on_hand"] == "5"


async def test_shelf_life_is_counted_in_days_of_the_sites_clock(shop: Any) -> None:
    """A7: less than a week left goes to the front, and goods without a date stay as ordered."""
    await rule(shop, "short", days_left_below=7)
    today = (now() + timedelta(hours=8)).date()  # Asia/Shanghai
    posted = shop.receipt(("tea", "1"))
    lines = tuple(
        PurchaseLine.model_validate(
            {"line_no": no, "item_id": item, "quantity": "1", "unit_cost": "1", "expires_on": day}
        )
        for no, item, day in (
            (1, "tea", today + timedelta(days=6)),
            (2, "rice", today + timedelta(days=7)),
            (3, "oil", None),
        )
    )
    await shop.service.deliver(posted.model_copy(update={"lines": lines}))
    assert (await shop.stock("tea", warehouse="back"))["on_hand"] == "1"
    assert (await shop.stock("rice"))["on_hand"] == "1"
    assert (await shop.stock("oil"))["on_hand"] == "1"


async def test_a_dry_run_says_which_rule_decides_and_why_those_before_did_not(shop: Any) -> None:
    """A7."""
    await rule(shop, "mill", 1, supplier_id="mill", warehouse_id="main")
    await rule(shop, "old", 2, days_left_below=0, warehouse_id="main")
    await rule(shop, "food", 3, category="food")
    oil, tea = await dry_run(
        shop, {"item_id": "oil", "expires_on": "2999-01-01"}, {"item_id": "tea"}
    )
    assert (oil["warehouse_id"], oil["rule"]) == ("back", "arrival:food@1")
    mill, old = oil["passed_over"]
    assert (mill["rule"], mill["mismatches"]) == (
        "arrival:mill@1",
        [{"criterion": "supplier_id", "wanted": "mill", "found": "farm"}],
    )
    assert old["mismatches"][0]["criterion"] == "days_left_below"
    assert (tea["warehouse_id"], tea["rule"], len(tea["passed_over"])) == ("main", None, 3)
    assert tea["passed_over"][1]["mismatches"][0]["found"] is None


async def test_a_changed_rule_is_a_new_version_and_the_old_one_stays_readable(shop: Any) -> None:
    for change, status, version in (
        ({"category": "food"}, 201, 1),
        ({"category": "food"}, 200, 1),
        ({"category": "dry"}, 200, 2),
        ({"category": "dry", "active": False}, 200, 3),
    ):
        answer = await rule(shop, "x", **change)
        assert (answer.status_code, answer.json()["version"]) == (status, version)
    (present,) = (await shop.get(RULES))["items"]
    assert (present["name"], present["active"]) == ("arrival:x@3", False)
    versions = (await shop.get(f"{RULES}/x/versions"))["items"]
    assert [one["terms"]["category"] for one in versions] == ["food", "dry", "dry"]
    assert (await dry_run(shop, {"item_id": "oil"}))[0]["passed_over"] == []


async def test_the_same_rule_changed_by_many_at_once_has_versions_without_a_gap(shop: Any) -> None:
    answers = await shop.at_once(*(rule(shop, "x", priority) for priority in range(8)))
    assert sorted(answer.json()["version"] for answer in answers) == list(range(1, 9))
    assert len((await shop.get(RULES))["items"]) == 1


async def test_a_rule_for_a_warehouse_or_item_nobody_knows_is_refused(shop: Any) -> None:
    for change, code in (
        ({"warehouse_id": "attic"}, "unknown_warehouse"),
        ({"item_id": "ghost"}, "unknown_item"),
        ({"days_left_from": 3, "days_left_below": 3}, "empty_shelf_life"),
    ):
        assert (await rule(shop, "x", **change)).json()["code"] == code
    assert (await rule(shop, "x", role="clerk")).json()["code"] == "role_missing"
    headers = shop.service.headers(["clerk"])
    answer = await shop.service.api.get(f"{RULES}/x/versions", headers=headers)
    assert answer.json()["code"] == "unknown_arrival_rule"


async def test_rules_are_listed_in_the_order_in_which_they_are_asked(shop: Any) -> None:
    for name, priority in (("a", 3), ("b", 1), ("c", 2)):
        await rule(shop, name, priority)
    first = await shop.get(RULES, limit=2)
    second = await shop.get(RULES, limit=2, cursor=first["next_cursor"])
    names = [one["rule_id"] for one in (*first["items"], *second["items"])]
    assert (names, second["next_cursor"]) == (["b", "c", "a"], None)
