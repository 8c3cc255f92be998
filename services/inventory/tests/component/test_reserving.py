"""Reserving stock: all or nothing, with a refusal that explains itself (B1, B2, B3)."""

from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import StockReserved

WAYS_OUT = ["reduce_quantity", "other_warehouse", "other_site", "await_release", "replenish"]


async def test_a_reservation_holds_its_stock_and_is_an_event(shop: Any) -> None:
    await shop.receive(("tea", "10"), ("rice", "5"))
    order = uuid4()
    made = await shop.held(("tea", "4"), ("rice", "1.250"), order_id=order, ttl_seconds=60)
    assert (made["status"], made["reason"], made["order_id"]) == ("held", None, str(order))
    lines = [(one["line_no"], one["item_id"], one["quantity"]) for one in made["lines"]]
    assert lines == [(1, "tea", "4"), (2, "rice", "1.25")]
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"], tea["available"]) == ("10", "4", "6")
    (fact,) = await shop.facts(StockReserved)
    assert (str(fact.reservation_id), fact.order_id) == (made["reservation_id"], order)
    assert (fact.expires_at - fact.at).total_seconds() == 60
    assert await shop.get(f"/reservations/{made['reservation_id']}") == made
    assert await shop.books_agree()


async def test_a_reservation_lives_two_hours_unless_told_otherwise(shop: Any) -> None:
    await shop.receive(("tea", "1"))
    await shop.held(("tea", "1"))
    (fact,) = await shop.facts(StockReserved)
    assert (fact.expires_at - fact.at).total_seconds() == 7200


async def test_one_short_line_keeps_the_others_from_being_reserved(shop: Any) -> None:
    await shop.receive(("tea", "10"), ("rice", "1"))
    answer = await shop.reserve(("tea", "1"), ("rice", "1.001"))
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert (await shop.stock("tea"))["allocated"] == "0"
    assert await shop.facts(StockReserved) == []
    assert await shop.books_agree()


async def test_a_refusal_says_what_is_there_who_holds_it_and_what_would_help(shop: Any) -> None:
    """B3."""
    await shop.receive(("tea", "10"))
    await shop.receive(("tea", "3"), warehouse="back")
    await shop.receive(("tea", "50"), site="south")
    small, large = uuid4(), uuid4()
    await shop.held(("tea", "2"), order_id=small)
    await shop.held(("tea", "3"), ("tea", "4"), order_id=large)
    wanted = uuid4()
    body = (await shop.reserve(("tea", "5"), order_id=wanted)).json()
    assert body["shortages"] == [
        {
            "line_no": 1,
            "item_id": "tea",
            "warehouse_id": "main",
            "batch_id": "",
            "kit_item_id": None,
            "requested": "5",
            "earlier_lines": "0",
            "short": "4",
            "available": "1",
            "on_hand": "10",
            "allocated": "9",
            "allocated_by": [
                {"order_id": str(large), "quantity": "7"},
                {"order_id": str(small), "quantity": "2"},
            ],
            "allocated_by_others": {"orders": 0, "quantity": "0"},
            "in_inspection": "0",
            "frozen": "0",
            "in_transit": [],
            "other_warehouses": [{"site_id": "north", "warehouse_id": "back", "available": "3"}],
            "other_sites": [{"site_id": "south", "warehouse_id": "main", "available": "50"}],
            "ways_out": WAYS_OUT,
        }
    ]
    assert (body["site_id"], body["warehouse_id"], body["lines_short"]) == ("north", "main", 1)
    assert body["order_id"] == str(wanted)


async def test_a_refusal_says_how_many_more_hold_how_much_than_it_names(shop: Any) -> None:
    """B3: whoever adds up comes to what is allocated."""
    await shop.receive(("tea", "40"), ("rice", "1"))
    for held in await shop.at_once(*(shop.reserve(("tea", "1")) for _ in range(22))):
        assert held.status_code == 201
    await shop.held(("tea", "9"), ("rice", "1"))
    tea, rice = (await shop.reserve(("tea", "10"), ("rice", "1"))).json()["shortages"]
    quantities = [one["quantity"] for one in tea["allocated_by"]]
    assert (quantities, tea["allocated"]) == (["9"] + ["1"] * 19, "31")
    assert tea["allocated_by_others"] == {"orders": 3, "quantity": "3"}
    assert (len(rice["allocated_by"]), rice["allocated_by_others"]["orders"]) == (1, 0)
    asked = {"site_id": "north", "warehouse_id": "main", "item_id": "tea", "quantity": "10"}
    (told,) = (await shop.get("/reservations/explanations", **asked))["lines"]
    assert told["allocated_by_others"] == tea["allocated_by_others"]


async def test_goods_in_inspection_or_frozen_are_on_hand_but_not_available(shop: Any) -> None:
    """B1."""
    await shop.receive(("tea", "10"))
    async with shop.service.context.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("update stock_balance set in_inspection = 4, frozen = 5")
    assert (await shop.stock("tea"))["available"] == "1"
    (short,) = (await shop.reserve(("tea", "2"))).json()["shortages"]
    assert (short["in_inspection"], short["frozen"], short["available"]) == ("4", "5", "1")
    assert {"finish_inspection", "release_frozen"} <= set(short["ways_out"])
    assert "await_release" not in short["ways_out"]


async def test_lines_of_the_same_item_draw_on_the_same_stock(shop: Any) -> None:
    await shop.receive(("tea", "5"))
    (short,) = (await shop.reserve(("tea", "3"), ("tea", "4"))).json()["shortages"]
    assert (short["line_no"], short["earlier_lines"], short["short"]) == (2, "3", "2")
    assert (await shop.reserve(("tea", "3"), ("tea", "2"))).status_code == 201


async def test_an_item_that_never_arrived_is_short_of_everything(shop: Any) -> None:
    (short,) = (await shop.reserve(("oil", "0.5"))).json()["shortages"]
    assert (short["on_hand"], short["short"]) == ("0", "0.5")
    assert short["ways_out"] == ["replenish"]


async def test_a_refusal_speaks_the_callers_language(shop: Any) -> None:
    headers = {**shop.service.headers(["clerk"]), "Accept-Language": "zh-CN"}
    body = {
        "site_id": "north",
        "warehouse_id": "main",
        "order_id": str(uuid4()),
        "lines": [{"item_id": "tea", "quantity": "1", "unit": "box"}],
    }
    answer = await shop.service.api.post("/reservations", json=body, headers=headers)
    assert "库存不足" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"site_id": "moon"}, 404, "unknown_site"),
        ({"warehouse_id": "attic"}, 404, "unknown_warehouse"),
        ({"item_id": "ghost"}, 404, "unknown_item"),
        ({"unit": "crate"}, 422, "unknown_unit"),
        ({"quantity": "1.5"}, 422, "quantity_too_precise"),
        ({"quantity": "0"}, 422, "invalid_request"),
        ({"quantity": "-1"}, 422, "invalid_request"),
        ({"quantity": 1}, 422, "invalid_request"),
        ({"quantity": "1e3"}, 422, "invalid_request"),
        ({"ttl_seconds": 0}, 422, "invalid_request"),
        ({"ttl_seconds": 604801}, 422, "invalid_request"),
        ({"lines": []}, 422, "invalid_request"),
        ({"colour": "red"}, 422, "invalid_request"),
    ],
)
async def test_what_can_not_be_meant_is_refused(
    shop: Any, change: dict[str, Any], status: int, code: str
) -> None:
    line = {"item_id": "tea", "quantity": "1", "unit": "box"}
    line |= {name: change[name] for name in line.keys() & change.keys()}
    body = {
        "site_id": "north",
        "warehouse_id": "main",
        "order_id": str(uuid4()),
        "lines": [line],
        **{name: value for name, value in change.items() if name not in line},
    }
    answer = await shop.post("/reservations", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_unit_without_conversion_is_refused_by_name(shop: Any) -> None:
    """B6."""
    body = {
        "site_id": "north",
        "warehouse_id": "main",
        "order_id": str(uuid4()),
        "lines": [{"item_id": "tea", "quantity": "1", "unit": "crate"}],
    }
    told = (await shop.post("/reservations", body)).json()
    assert (told["item_id"], told["unit"], told["units"]) == ("tea", "crate", "box")


async def test_an_order_has_one_open_reservation_at_most(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    order = uuid4()
    first = await shop.held(("tea", "1"), order_id=order)
    second = await shop.reserve(("tea", "1"), order_id=order)
    assert (second.status_code, second.json()["code"]) == (409, "order_already_reserved")
    assert second.json()["reservation_id"] == first["reservation_id"]
    await shop.release(first)
    await shop.held(("tea", "1"), order_id=order)
    assert (await shop.stock("tea"))["allocated"] == "1"


async def test_an_order_reserved_by_many_at_once_is_reserved_once(shop: Any) -> None:
    await shop.receive(("tea", "100"))
    order = uuid4()
    answers = await shop.at_once(*(shop.reserve(("tea", "1"), order_id=order) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert (await shop.stock("tea"))["allocated"] == "1"


async def test_the_same_request_gives_the_same_answer_and_holds_nothing_twice(shop: Any) -> None:
    """B8."""
    await shop.receive(("tea", "10"))
    order, key = uuid4(), "the-same-key"
    first = await shop.reserve(("tea", "4"), order_id=order, key=key)
    again = await shop.reserve(("tea", "4"), order_id=order, key=key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (await shop.stock("tea"))["allocated"] == "4"
    other = await shop.reserve(("tea", "5"), order_id=order, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


async def test_a_refusal_stays_the_answer_of_its_key(shop: Any) -> None:
    """B8."""
    order, key = uuid4(), "refused-once"
    first = await shop.reserve(("tea", "1"), order_id=order, key=key)
    await shop.receive(("tea", "10"))
    again = await shop.reserve(("tea", "1"), order_id=order, key=key)
    assert (again.status_code, again.json()) == (409, first.json())
    assert (await shop.reserve(("tea", "1"), order_id=order)).status_code == 201


async def test_another_site_than_the_callers_is_forbidden(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "1"))
    body = {
        "site_id": "north",
        "warehouse_id": "main",
        "order_id": str(uuid4()),
        "lines": [{"item_id": "tea", "quantity": "1", "unit": "box"}],
    }
    path = f"/reservations/{made['reservation_id']}"
    refused = [
        await shop.post("/reservations", body, "clerk", ["south"]),
        await shop.post(f"{path}/confirm", None, "clerk", ["south"]),
        await shop.post(f"{path}/release", {"reason": "cancelled"}, "clerk", ["south"]),
    ]
    headers = shop.service.headers(["clerk"], ["south"])
    refused += [
        await shop.service.api.get(query, headers=headers)
        for query in (path, "/stock?site_id=north", "/ledger?site_id=north&item_id=tea")
    ]
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(403, "site_forbidden")}
    assert (await shop.get(path))["status"] == "held"
