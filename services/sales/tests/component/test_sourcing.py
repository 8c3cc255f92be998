"""Goods from the nearest site with everything, or from several, and all of them or none (B3)."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.inventory import (
    ItemDefined,
    ReservationReleased,
    SiteDefined,
    SubstituteDefined,
    WarehouseDefined,
)
from contracts.sales import SalesOrderOnCredit
from sales.sourcing.use_cases import end_request
from servicekit.clock import now, shifted

PLACES = {
    "sh-01": ("31.23", "121.47"),
    "sz-01": ("31.30", "120.58"),
    "bj-01": ("39.90", "116.41"),
}
CHAIN = [
    *(
        SiteDefined(
            site_id=site,
            name=site,
            time_zone="Asia/Shanghai",
            latitude=Decimal(north),
            longitude=Decimal(east),
        )
        for site, (north, east) in PLACES.items()
    ),
    *(
        WarehouseDefined(site_id=site, warehouse_id="main", name="Main", ships_for_others=True)
        for site in PLACES
    ),
    WarehouseDefined(site_id="bj-01", warehouse_id="shut", name="Shut"),
]
Stock = dict[str, dict[str, str]]


def has(stock: Stock, step: str = "1") -> Any:
    """Answer what places have, as inventory does."""

    def answer(_: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        lines = [
            {
                "line_no": no,
                "quantity": line["quantity"],
                "step": step,
                "parts": [
                    {"item_id": line["item_id"], "batch_id": "", "quantity": line["quantity"]}
                ],
            }
            for no, line in enumerate(body["lines"], start=1)
        ]
        there = [
            {**place, "item_id": item, "batch_id": "", "available": much}
            for place in body["places"]
            for item, much in stock.get(place["site_id"], {}).items()
        ]
        return 200, {"lines": lines, "stock": there}

    return answer


def short_at(*sites: str) -> Any:
    """Refuse to hold anything at these sites."""

    def answer(_: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        problem = {"code": "insufficient_stock", "shortages": [], "lines_short": 1}
        return (409, problem) if body["site_id"] in sites else None

    return answer


def wish(*lines: tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    return {
        "customer_id": "wang",
        "site_id": "sh-01",
        "warehouse_id": "main",
        "currency": "CNY",
        "lines": [
            {"item_id": item, "quantity": much, "unit": "box", "amount": amount}
            for item, much, amount in lines
        ],
        **changes,
    }


TEA = ("tea", "5", "10.00")


@pytest.fixture
async def chain(shop: Any) -> Any:
    """Return a shop whose chain says where its sites are, and who ships for others."""
    await shop.service.deliver(CHAIN)
    return shop


async def ask(shop: Any, body: dict[str, Any], **extra: Any) -> Any:
    return await shop.send("/sourcing/requests", body, **extra)


async def test_the_nearest_site_with_everything_ships_and_the_answer_says_why(chain: Any) -> None:
    chain.line.answers["sources"] = has({"sh-01": {"tea": "4"}, "bj-01": {"tea": "9"}})
    answer = await ask(chain, wish(TEA))
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["status"], found["rule"]) == ("held", "nearest_with_everything")
    (order,) = found["orders"]
    assert (order["source_site_id"], order["status"], order["total"]) == (
        "bj-01",
        "reserved",
        "10",
    )
    assert 1_060_000 < order["distance_m"] < 1_070_000
    considered = [
        (one["site_id"], [h["quantity"] for h in one["has"]]) for one in found["considered"]
    ]
    assert considered == [("sh-01", ["4"]), ("sz-01", []), ("bj-01", ["5"])]
    assert [place["warehouse_id"] for place in found["considered"]] == ["main", "main", "main"]


async def test_the_own_site_ships_what_it_has(chain: Any) -> None:
    chain.line.answers["sources"] = has({key: {"tea": "9"} for key in PLACES})
    found = (await ask(chain, wish(TEA))).json()
    assert (found["rule"], found["orders"][0]["source_site_id"]) == ("own_site", "sh-01")


async def test_a_stated_order_goes_before_distance(chain: Any) -> None:
    stated = await chain.send("/sites/sh-01/sources", {"sources": ["bj-01"]}, role="shop_manager")
    assert stated.json()["sources"] == ["bj-01"]
    chain.line.answers["sources"] = has({"sz-01": {"tea": "9"}, "bj-01": {"tea": "9"}})
    found = (await ask(chain, wish(TEA))).json()
    assert found["orders"][0]["source_site_id"] == "bj-01"
    assert (await chain.read("/sites/sh-01/sources"))["sources"] == ["bj-01"]
    for sources in (["bj-01", "bj-01"], ["sh-01"]):
        answer = await chain.send("/sites/sh-01/sources", {"sources": sources}, role="master_data")
        assert (answer.status_code, answer.json()["code"]) == (422, "sources_repeated")
    unknown = await chain.send("/sites/sh-01/sources", {"sources": ["x"]}, role="master_data")
    assert unknown.status_code == 404


async def test_a_split_becomes_an_order_for_each_site_and_its_amounts_add_up(chain: Any) -> None:
    chain.line.answers["sources"] = has({"sh-01": {"tea": "2"}, "sz-01": {"tea": "4"}})
    refused = await ask(chain, wish(("tea", "3", "10.00")), key="whole")
    assert refused.status_code == 201
    found = (await ask(chain, wish(("tea", "6", "10.01"), mode="split"))).json()
    assert (found["status"], found["rule"]) == ("held", "fewest_shipments")
    orders = {one["source_site_id"]: one for one in found["orders"]}
    assert {site: one["total"] for site, one in orders.items()} == {
        "sh-01": "3.33",
        "sz-01": "6.68",
    }
    lines = (await chain.read(f"/orders/{orders['sz-01']['order_id']}"))["lines"]
    assert [(one["quantity"], one["amount"]) for one in lines] == [("4", "6.68")]
    listed = await chain.read("/sourcing/requests", order_id=orders["sz-01"]["order_id"])
    assert [one["request_id"] for one in listed["items"]] == [found["request_id"]]


async def test_a_proposal_says_the_same_and_holds_nothing(chain: Any) -> None:
    chain.line.answers["sources"] = has({"sh-01": {"tea": "2"}, "sz-01": {"tea": "4"}})
    body = wish(("tea", "6", "10.01"), mode="split")
    for name in ("customer_id", "currency"):
        del body[name]
    found = (await chain.send("/sourcing/proposals", body)).json()
    assert found["rule"] == "fewest_shipments"
    assert [(one["site_id"], one["lines"]) for one in found["shipments"]] == [
        ("sh-01", [{"line_no": 1, "quantity": "2"}]),
        ("sz-01", [{"line_no": 1, "quantity": "4"}]),
    ]
    none = (await chain.send("/sourcing/proposals", {**body, "mode": "nearest"})).json()
    assert (none["rule"], none["shipments"]) == (None, [])
    assert "reservations" not in chain.line.work_done()


async def test_if_one_part_can_not_be_held_the_others_are_released_and_the_next_plan_is_tried(
    chain: Any,
) -> None:
    """B2: all or nothing."""
    stock = {"sh-01": {"tea": "3"}, "sz-01": {"tea": "3"}, "bj-01": {"tea": "3"}}
    chain.line.answers["sources"] = has(stock)
    chain.line.answers["reservations"] = short_at("sz-01")
    found = (await ask(chain, wish(TEA, mode="split"))).json()
    assert (found["status"], found["attempt"]) == ("held", 2)
    ends = {(one["attempt"], one["source_site_id"]): one["status"] for one in found["orders"]}
    assert ends == {
        (1, "sh-01"): "cancelled",
        (1, "sz-01"): "refused",
        (2, "bj-01"): "reserved",
        (2, "sh-01"): "reserved",
    }


async def test_a_request_is_refused_when_no_plan_holds_and_nothing_stays_held(chain: Any) -> None:
    chain.line.answers["sources"] = has({key: {"tea": "3"} for key in PLACES})
    chain.line.answers["reservations"] = short_at("sz-01", "bj-01")
    answer = await ask(chain, wish(TEA, mode="split"), key="again")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_source")
    assert (answer.json()["attempts"], len(answer.json()["considered"])) == (3, 3)
    again = await ask(chain, wish(TEA, mode="split"), key="again")
    assert again.json() == answer.json()
    done = chain.line.work_done()
    assert done.count("reservations") == done.count("release") > 0
    found = await chain.read(f"/sourcing/requests/{answer.json()['request_id']}")
    assert {one["status"] for one in found["orders"]} == {"refused", "cancelled"}


async def test_no_site_with_everything_is_refused_with_what_each_has(chain: Any) -> None:
    chain.line.answers["sources"] = has({"sz-01": {"tea": "4"}})
    answer = await ask(chain, wish(TEA))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_source")
    assert answer.json()["considered"][1]["has"] == [{"line_no": 1, "quantity": "4"}]


async def test_what_inventory_can_not_understand_is_refused_in_its_words(chain: Any) -> None:
    problem = {"status": 422, "code": "unknown_unit", "detail": "no such unit"}
    chain.line.refusals["sources"] = (422, problem)
    answer = await ask(chain, wish(TEA))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_unit")


async def test_a_request_is_paid_as_a_whole_and_once(chain: Any) -> None:
    chain.line.answers["sources"] = has({"sh-01": {"tea": "2"}, "sz-01": {"tea": "4"}})
    found = (await ask(chain, wish(TEA, mode="split"))).json()
    path = f"/sourcing/requests/{found['request_id']}"
    wrong = await chain.send(f"{path}/pay", {"amount": "1.00"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_amount")
    for _ in range(2):
        paid = await chain.send(f"{path}/pay", {"amount": "10.00"}, key="pay")
        assert (paid.status_code, paid.json()["status"]) == (200, "paid"), paid.text
    assert {one["status"] for one in paid.json()["orders"]} == {"paid"}
    twice = await chain.send(f"{path}/pay", {"amount": "10.00"})
    assert (twice.status_code, twice.json()["code"]) == (409, "sourcing_request_not_payable")


async def on_terms(shop: Any, limit: str) -> None:
    terms = {"credit_limit": limit, "terms_days": 30}
    answer = await shop.send("/customers/wang/credit-terms", terms, "finance")
    assert answer.status_code == 200, answer.text


async def owed(shop: Any) -> str:
    return str((await shop.read("/customers/wang/account"))["owed"])


async def held_in_two(chain: Any) -> str:
    """Return where a request over 10.00 is, whose goods two sites hold."""
    chain.line.answers["sources"] = has({"sh-01": {"tea": "2"}, "sz-01": {"tea": "4"}})
    found = (await ask(chain, wish(TEA, mode="split"))).json()
    assert (found["status"], found["on_credit"], len(found["orders"])) == ("held", False, 2)
    return f"/sourcing/requests/{found['request_id']}"


async def test_a_request_is_taken_on_credit_as_a_whole_and_once(chain: Any) -> None:
    """B2: owed order by order, under one command."""
    await on_terms(chain, "10")
    path = await held_in_two(chain)
    for _ in range(2):
        taken = await chain.send(f"{path}/credit", key="credit")
        assert (taken.status_code, taken.json()["status"]) == (200, "paid"), taken.text
    assert taken.json()["on_credit"]
    assert await owed(chain) == "10"
    listed = (await chain.read("/reports/receivables"))["items"]
    assert sorted(one["open"] for one in listed) == ["4", "6"]
    told = [one for one in await chain.service.events() if isinstance(one, SalesOrderOnCredit)]
    assert sorted(str(one.amount) for one in told) == ["4", "6"]
    for step, body in (("credit", None), ("pay", {"amount": "10"})):
        late = await chain.send(f"{path}/{step}", body)
        assert (late.status_code, late.json()["code"]) == (409, "sourcing_request_not_payable")
    ended = await chain.send(f"{path}/cancel")
    assert (ended.json()["status"], await owed(chain)) == ("cancelled", "0")


async def test_a_request_over_the_limit_is_refused_with_the_figures_and_nothing_is_owed(
    chain: Any,
) -> None:
    """Each order alone would have been within it; a manager may allow all of them."""
    await on_terms(chain, "9.99")
    path = await held_in_two(chain)
    refused = await chain.send(f"{path}/credit")
    assert (refused.status_code, refused.json()["code"]) == (409, "credit_limit_exceeded")
    said = {name: refused.json()[name] for name in ("limit", "owed", "amount", "over")}
    assert said == {"limit": "9.99", "owed": "0", "amount": "10.00", "over": "0.01"}
    found = await chain.read(path)
    assert (found["status"], found["on_credit"], await owed(chain)) == ("held", False, "0")
    assert {one["status"] for one in found["orders"]} == {"reserved"}
    because = {"over_limit_because": "Feast"}
    assert (await chain.send(f"{path}/credit", because)).json()["code"] == "role_missing"
    allowed = await chain.send(f"{path}/credit", because, "shop_manager")
    assert (allowed.status_code, await owed(chain)) == (200, "10"), allowed.text


async def test_of_two_requests_at_once_the_second_sees_what_the_first_has_left(chain: Any) -> None:
    await on_terms(chain, "25")
    paths = [await held_in_two(chain) for _ in range(4)]
    answers = await asyncio.gather(*(chain.send(f"{path}/credit") for path in paths))
    assert sorted(one.status_code for one in answers) == [200, 200, 409, 409]
    assert await owed(chain) == "20"


async def test_if_one_part_is_not_kept_nothing_is_owed_and_the_others_are_released(
    chain: Any,
) -> None:
    await on_terms(chain, "100")
    path = await held_in_two(chain)
    order = (await chain.read(path))["orders"][0]
    reservation_id = (await chain.read(f"/orders/{order['order_id']}"))["reservation_id"]

    def gone(asked: str, _: Any) -> tuple[int, dict[str, Any]] | None:
        problem = {"code": "reservation_expired", "status": 409, "detail": "expired"}
        return (409, problem) if reservation_id in asked else None

    chain.line.answers["confirm"] = gone
    answer = await chain.send(f"{path}/credit")
    assert (answer.status_code, answer.json()["code"]) == (409, "sourcing_request_not_payable")
    found = await chain.read(path)
    assert (found["status"], await owed(chain)) == ("cancelled", "0")
    assert {one["status"] for one in found["orders"]} == {"expired", "cancelled"}


@pytest.mark.parametrize("died", ["before it asked", "before it heard"])
async def test_a_request_taken_on_credit_by_a_process_that_dies_is_brought_to_its_end_by_itself(
    chain: Any, monkeypatch: pytest.MonkeyPatch, died: str
) -> None:
    """B8: owed with the command, driven by the sweep, and the repeat owes nothing more."""
    await on_terms(chain, "10")
    path = await held_in_two(chain)
    with monkeypatch.context() as dying:
        if died == "before it asked":
            dying.setattr(end_request, "drive_request", die)
        chain.line.may_answer.clear()
        chain.line.arrived.clear()
        asked = asyncio.create_task(chain.send(f"{path}/credit", key="cut"))
        if died == "before it heard":
            await chain.line.arrived.wait()
            asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    chain.line.may_answer.set()
    found = await chain.read(path)
    assert (found["status"], await owed(chain)) == ("paying", "10")
    for minutes in range(5, 20, 5):
        with shifted(timedelta(minutes=minutes)):
            await chain.service.run_job("settle_requests")
            await chain.service.run_job("settle_orders")
    assert (await chain.read(path))["status"] == "paid"
    again = await chain.send(f"{path}/credit", key="cut")
    assert (again.status_code, again.json()["status"]) == (200, "paid"), again.text
    assert (await owed(chain), chain.line.work_done().count("confirm")) == ("10", 2)


async def die(*_: Any) -> Any:
    raise asyncio.CancelledError


async def test_if_one_part_has_expired_nothing_is_paid_and_the_rest_is_released(chain: Any) -> None:
    """B2."""
    chain.line.answers["sources"] = has({"sh-01": {"tea": "2"}, "sz-01": {"tea": "4"}})
    found = (await ask(chain, wish(TEA, mode="split"))).json()
    order = await chain.read(f"/orders/{found['orders'][0]['order_id']}")
    await chain.service.deliver(
        ReservationReleased(
            reservation_id=order["reservation_id"],
            order_id=order["order_id"],
            site_id=order["site_id"],
            at=now(),
            reason="expired",
        )
    )
    path = f"/sourcing/requests/{found['request_id']}"
    answer = await chain.send(f"{path}/pay", {"amount": "10.00"})
    assert (answer.status_code, answer.json()["code"]) == (409, "sourcing_request_not_payable")
    found = await chain.read(path)
    assert found["status"] == "cancelled"
    assert {one["status"] for one in found["orders"]} == {"expired", "cancelled"}


async def test_a_request_is_cancelled_as_a_whole_but_not_once_goods_have_left(chain: Any) -> None:
    chain.line.answers["sources"] = has({"sh-01": {"tea": "2"}, "sz-01": {"tea": "4"}})
    found = (await ask(chain, wish(TEA, mode="split"))).json()
    ended = await chain.send(f"/sourcing/requests/{found['request_id']}/cancel")
    assert (ended.status_code, ended.json()["status"]) == (200, "cancelled")
    assert {one["status"] for one in ended.json()["orders"]} == {"cancelled"}
    found = (await ask(chain, wish(TEA, mode="split"))).json()
    path = f"/sourcing/requests/{found['request_id']}"
    await chain.send(f"{path}/pay", {"amount": "10.00"})
    await chain.send(f"/orders/{found['orders'][0]['order_id']}/ship")
    late = await chain.send(f"{path}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "sourcing_request_not_cancellable")


async def test_a_request_cut_off_anywhere_is_brought_to_its_end_by_itself(chain: Any) -> None:
    """B8: whoever asked is gone, every answer of inventory is lost; nothing is held twice."""
    chain.line.answers["sources"] = has({"sh-01": {"tea": "3"}, "sz-01": {"tea": "3"}})
    chain.line.may_answer.clear()
    asked = asyncio.create_task(ask(chain, wish(TEA, mode="split"), key="cut"))
    await chain.line.arrived.wait()
    asked.cancel()
    chain.line.may_answer.set()
    for minutes in range(5, 30, 5):
        with shifted(timedelta(minutes=minutes)):
            await chain.service.run_job("settle_requests")
            await chain.service.run_job("settle_orders")
    (found,) = (await chain.read("/sourcing/requests"))["items"]
    assert found["status"] == "held"
    again = await ask(chain, wish(TEA, mode="split"), key="cut")
    assert (again.status_code, again.json()["request_id"]) == (201, found["request_id"])
    assert chain.line.work_done().count("reservations") == 2


async def test_while_inventory_is_away_the_answer_is_to_look_again_later(chain: Any) -> None:
    await chain.line.down()
    answer = await ask(chain, wish(TEA))
    assert (answer.status_code, answer.json()["status"]) == (202, "placing")
    await chain.line.up()
    chain.line.answers["sources"] = has({"sh-01": {"tea": "9"}})
    with shifted(timedelta(minutes=5)):
        await chain.service.run_job("settle_requests")
    assert (await chain.read(f"/sourcing/requests/{answer.json()['request_id']}"))[
        "status"
    ] == "held"


async def test_who_asks_must_cover_the_asking_site_alone(chain: Any) -> None:
    chain.line.answers["sources"] = has({"bj-01": {"tea": "9"}})
    foreign = await ask(chain, wish(TEA), sites=["bj-01"])
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_forbidden")
    found = (await ask(chain, wish(TEA), sites=["sh-01"])).json()
    paid = await chain.send(
        f"/sourcing/requests/{found['request_id']}/pay", {"amount": "10"}, sites=["sh-01"]
    )
    assert paid.json()["status"] == "paid"
    path = f"/sourcing/requests/{found['request_id']}"
    assert (await chain.read(path, sites=["bj-01"]))["code"] == "site_forbidden"


async def test_a_line_keeps_what_it_stands_in_for_wherever_it_comes_from(chain: Any) -> None:
    await chain.service.deliver(
        [
            ItemDefined(item_id="oolong", name="Oolong", base_unit="box", scale=0),
            SubstituteDefined(
                item_id="tea",
                substitute_id="oolong",
                rank=1,
                numerator=1,
                denominator=1,
                both_ways=False,
                valid_from="2026-01-01",
            ),
        ]
    )
    chain.line.answers["sources"] = has({"bj-01": {"oolong": "9"}})
    body = wish(("oolong", "1", "1.00"))
    body["lines"][0]["substitute_for"] = "tea"
    found = (await ask(chain, body)).json()
    order = await chain.read(f"/orders/{found['orders'][0]['order_id']}")
    assert (order["lines"][0]["substitute_for"], found["lines"][0]["substitute_for"]) == (
        "tea",
        "tea",
    )
    body["lines"][0]["substitute_for"] = "rice"
    wrong = await ask(chain, body)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_a_substitute")


async def test_an_order_of_a_request_is_not_changed_by_itself(chain: Any) -> None:
    """B2: what was asked for as a whole, and held as a whole, stays one."""
    chain.line.answers["sources"] = has({"bj-01": {"tea": "9"}})
    (order,) = (await ask(chain, wish(TEA))).json()["orders"]
    line = {"item_id": "tea", "quantity": "1", "unit": "box", "amount": "2.00"}
    body = {"lines_from": 1, "lines": [line]}
    answer = await chain.send(f"/orders/{order['order_id']}/change", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "order_of_request")
    assert await chain.status(order["order_id"]) == "reserved"
