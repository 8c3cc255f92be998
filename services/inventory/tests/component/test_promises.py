"""What is promised beyond plain goods, and why something can't be (B3, B4, B5, B6)."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import StockShipped
from servicekit.clock import now

LINE = {"line_no": 1, "unit_cost": "2.5"}


@pytest.fixture
async def deli(shop: Any) -> Any:
    """Return the shop with milk in batches, a kit of tea and rice, and tea also in cases."""
    items = [
        {"item_id": "milk", "name": "Milk", "base_unit": "l", "scale": 0, "tracking": "batch"},
        {"item_id": "box", "name": "Gift box", "base_unit": "pc", "scale": 0},
        {"item_id": "gift", "name": "Gift", "base_unit": "pc", "scale": 0, "for_sale": False},
    ]
    await shop.post("/items/import", {"items": items}, "master_data")
    components = [{"item_id": "tea", "quantity": "2"}, {"item_id": "rice", "quantity": "0.5"}]
    made = await shop.post("/items/box/kit", {"components": components}, "master_data")
    assert made.status_code == 201, made.text
    case = {"unit": "case", "numerator": 12}
    defined = await shop.post("/items/tea/units", case, "master_data")
    assert defined.status_code == 201, defined.text
    return shop


async def receive_milk(shop: Any, batch_id: str, quantity: str, days: int) -> None:
    expires_on = (now() + timedelta(days=days)).date()
    line = LINE | {"item_id": "milk", "quantity": quantity}
    line |= {"batch_id": batch_id, "expires_on": str(expires_on)}
    fact = shop.receipt().model_dump(mode="json") | {"lines": [line]}
    await shop.service.deliver(type(shop.receipt()).model_validate(fact))


async def ask(shop: Any, *lines: dict[str, Any]) -> Any:
    body = {"site_id": "north", "warehouse_id": "main", "order_id": str(uuid4())}
    return await shop.post("/reservations", body | {"lines": list(lines)})


async def test_a_kit_is_held_by_its_components_and_ships_as_one_line(deli: Any) -> None:
    """B4."""
    await deli.receive(("tea", "10"), ("rice", "1"))
    made = await ask(
        deli,
        {"item_id": "box", "quantity": "2", "unit": "pc"},
        {"item_id": "tea", "quantity": "1", "unit": "box"},
    )
    assert made.status_code == 201, made.text
    held = [
        (one["line_no"], one["item_id"], one["quantity"], one["kit_item_id"], one["kit_line_no"])
        for one in made.json()["lines"]
    ]
    assert held == [
        (2, "tea", "1", None, None),
        (3, "rice", "1", "box", 1),
        (4, "tea", "4", "box", 1),
    ]
    assert (await deli.stock("tea"))["allocated"] == "5"
    reservation = made.json()
    await deli.confirm(reservation)
    reservation["lines"] = [
        {"line_no": 1, "item_id": "box", "quantity": "2"},
        {"line_no": 2, "item_id": "tea", "quantity": "1"},
    ]
    await deli.service.deliver(deli.shipment(reservation))
    shipped = {(one.item_id, one.quantity) for one in await deli.facts(StockShipped)}
    assert {(item, f"{quantity:f}") for item, quantity in shipped} == {
        ("tea", "1"),
        ("tea", "4"),
        ("rice", "1"),
    }
    assert (await deli.stock("tea"))["on_hand"] == "5"
    assert await deli.books_agree()


async def test_one_short_component_reserves_nothing_of_a_kit(deli: Any) -> None:
    """B4."""
    await deli.receive(("tea", "10"), ("rice", "0.5"))
    answer = await ask(deli, {"item_id": "box", "quantity": "2", "unit": "pc"})
    (short,) = answer.json()["shortages"]
    assert (short["item_id"], short["kit_item_id"], short["short"]) == ("rice", "box", "0.5")
    assert (await deli.stock("tea"))["allocated"] == "0"


async def test_goods_managed_by_batch_are_promised_by_batch(deli: Any) -> None:
    """B5: without a batch the refusal proposes one; an expired one is refused."""
    await receive_milk(deli, "late", "5", days=20)
    await receive_milk(deli, "soon", "3", days=10)
    line = {"item_id": "milk", "quantity": "4", "unit": "l"}
    unnamed = (await ask(deli, line)).json()
    assert unnamed["code"] == "batch_missing"
    picks = [(one["batch_id"], one["quantity"]) for one in unnamed["proposal"]["picks"]]
    assert picks == [("soon", "3"), ("late", "1")]
    assert (await ask(deli, line | {"batch_id": "lost"})).json()["code"] == "unknown_batch"
    short = (await ask(deli, line | {"batch_id": "soon"})).json()
    assert [one["short"] for one in short["shortages"]] == ["1"]
    held = await ask(deli, line | {"batch_id": "late"})
    assert held.json()["lines"][0]["batch_id"] == "late"
    await receive_milk(deli, "old", "9", days=-1)
    expired = (await ask(deli, line | {"batch_id": "old"})).json()
    assert expired["code"] == "batch_expired"


async def test_another_unit_is_converted_and_its_version_kept(deli: Any) -> None:
    """B6."""
    await deli.receive(("tea", "30"))
    made = (await ask(deli, {"item_id": "tea", "quantity": "2", "unit": "case"})).json()
    (line,) = made["lines"]
    kept = (line["quantity"], line["unit"], line["unit_quantity"], line["unit_version"])
    assert kept == ("24", "case", "2", 1)
    assert await deli.get(f"/reservations/{made['reservation_id']}") == made
    await deli.confirm(made)
    made["lines"] = [{"line_no": 1, "item_id": "tea", "quantity": "2"}]
    await deli.service.deliver(deli.shipment(made))
    assert (await deli.stock("tea"))["on_hand"] == "6"


async def test_what_is_not_for_sale_is_not_promised(deli: Any) -> None:
    """B6."""
    answer = await ask(deli, {"item_id": "gift", "quantity": "1", "unit": "pc"})
    assert answer.json()["code"] == "item_not_for_sale"


async def test_what_is_not_for_sale_is_held_as_a_gift(deli: Any) -> None:
    """C3."""
    await deli.receive(("gift", "2"))
    given = {"item_id": "gift", "quantity": "1", "unit": "pc", "gift": True}
    assert (await ask(deli, given)).status_code == 201
    assert (await deli.stock("gift"))["allocated"] == "1"


async def test_anybody_may_ask_why_goods_can_not_be_shipped(deli: Any) -> None:
    """B3: the same that a refusal says, also where there is enough."""
    await deli.receive(("tea", "10"))
    await deli.receive(("tea", "3"), site="south")
    order = uuid4()
    await deli.held(("tea", "4"), order_id=order)
    asked = {"site_id": "north", "warehouse_id": "main", "item_id": "tea"}
    refusal = (await deli.reserve(("tea", "7"))).json()
    told = await deli.get("/reservations/explanations", quantity="7", **asked)
    assert (told["can_ship"], told["lines"]) == (False, refusal["shortages"])
    enough = await deli.get("/reservations/explanations", quantity="6", **asked)
    assert enough["can_ship"]
    (line,) = enough["lines"]
    assert (line["available"], line["short"], line["ways_out"]) == ("6", "0", [])
    assert line["allocated_by"] == [{"order_id": str(order), "quantity": "4"}]
    kit = await deli.get("/reservations/explanations", quantity="1", **asked | {"item_id": "box"})
    assert [(one["item_id"], one["short"]) for one in kit["lines"]] == [
        ("rice", "0.5"),
        ("tea", "0"),
    ]
    ghost = await deli.get("/reservations/explanations", quantity="1", **asked | {"item_id": "no"})
    assert (ghost["can_ship"], ghost["code"]) == (False, "unknown_item")


async def test_batches_are_proposed_for_what_cases_hold(deli: Any) -> None:
    """B5, B6: two dozen, not two."""
    await deli.post("/items/milk/units", {"unit": "case", "numerator": 12}, "master_data")
    await receive_milk(deli, "late", "30", days=20)
    await receive_milk(deli, "soon", "20", days=10)
    unnamed = (await ask(deli, {"item_id": "milk", "quantity": "2", "unit": "case"})).json()
    picks = [(one["batch_id"], one["quantity"]) for one in unnamed["proposal"]["picks"]]
    assert (picks, unnamed["proposal"]["missing"]) == ([("soon", "20"), ("late", "4")], "0")


async def explained(shop: Any, **asked: Any) -> Any:
    """Return why so much can or can't be shipped from the north."""
    return await shop.get("/reservations/explanations", site_id="north", **asked)


def figures(told: Any) -> list[tuple[str, ...]]:
    names = ("warehouse_id", "batch_id", "on_hand", "allocated", "short")
    return [tuple(line[name] for name in names) for line in told["lines"]]


async def test_of_goods_that_are_not_named_each_batch_is_explained_too(deli: Any) -> None:
    """B3, B5: beside the proposal, who holds what of which batch and who else has some."""
    await receive_milk(deli, "late", "5", days=20)
    await receive_milk(deli, "soon", "3", days=10)
    line = {"item_id": "milk", "quantity": "2", "unit": "l", "batch_id": "soon"}
    held = (await ask(deli, line)).json()
    told = await explained(deli, warehouse_id="main", item_id="milk", quantity="4")
    assert (told["can_ship"], told["code"]) == (False, "batch_missing")
    assert [one["batch_id"] for one in told["facts"]["proposal"]["picks"]] == ["soon", "late"]
    assert figures(told) == [("main", "late", "5", "0", "0"), ("main", "soon", "3", "2", "3")]
    holder = {"order_id": held["order_id"], "quantity": "2"}
    assert [one["allocated_by"] for one in told["lines"]] == [[], [holder]]
    back = await explained(deli, warehouse_id="back", item_id="milk", quantity="4")
    assert figures(back) == [("back", "", "0", "0", "4")]
    assert [one["available"] for one in back["lines"][0]["other_warehouses"]] == ["6"]


async def test_units_can_be_named_when_asking_why_they_do_not_ship(deli: Any) -> None:
    """B3, B5: which order holds the unit, and what there is where none is named."""
    phone = {"item_id": "phone", "name": "Phone", "base_unit": "EA", "scale": 0}
    await deli.post("/items/import", {"items": [phone | {"tracking": "serial"}]}, "master_data")
    line = LINE | {"item_id": "phone", "quantity": "3", "serials": ["a", "b", "c"]}
    fact = deli.receipt().model_dump(mode="json") | {"lines": [line]}
    await deli.service.deliver(type(deli.receipt()).model_validate(fact))
    wish = {"item_id": "phone", "quantity": "1", "unit": "EA", "serials": ["b"]}
    held = (await ask(deli, wish)).json()
    asked = {"warehouse_id": "main", "item_id": "phone"}
    unnamed = await explained(deli, **asked, quantity="1")
    assert (unnamed["can_ship"], unnamed["code"]) == (False, "serials_missing")
    assert figures(unnamed) == [("main", "", "3", "1", "0")]
    taken = await explained(deli, **asked, quantity="2", serials=["a", "b"])
    assert (taken["can_ship"], taken["code"]) == (False, "serial_held")
    assert (taken["facts"]["serial_no"], taken["facts"]["order_id"]) == ("b", held["order_id"])
    assert (await explained(deli, **asked, quantity="2", serials=["a", "c"]))["can_ship"]


async def test_without_a_warehouse_each_of_the_site_is_explained(deli: Any) -> None:
    """B3: any one that has it all can ship it."""
    await deli.receive(("tea", "3"))
    await deli.receive(("tea", "8"), warehouse="back")
    told = await explained(deli, item_id="tea", quantity="5")
    assert (told["can_ship"], told["warehouse_id"]) == (True, None)
    ends = [(one["warehouse_id"], one["can_ship"]) for one in told["warehouses"]]
    assert ends == [("back", True), ("main", False)]
    assert figures(told) == [("back", "", "8", "0", "0")]
    (short,) = told["warehouses"][1]["lines"]
    assert (short["short"], short["ways_out"][:2]) == ("2", ["reduce_quantity", "other_warehouse"])
    none = await explained(deli, item_id="tea", quantity="9")
    assert (none["can_ship"], none["code"]) == (False, None)
    site = {"site_id": "bare", "name": "Bare", "time_zone": "Asia/Shanghai"}
    await deli.post("/sites", site, "master_data")
    for site_id, code in (("bare", "unknown_warehouse"), ("nowhere", "unknown_site")):
        asked = {"site_id": site_id, "item_id": "tea", "quantity": "1"}
        lost = await deli.get("/reservations/explanations", **asked)
        assert (lost["can_ship"], lost["code"]) == (False, code)


async def test_the_express_lane_answers_as_the_ordinary_way_does(deli: Any) -> None:
    """B8: the same request, once in a content type that only the ordinary way takes."""
    await deli.receive(("tea", "10"))
    answers = []
    for content_type in ("application/json", "application/json; charset=utf-8"):
        headers = deli.service.headers(["service"]) | {"Content-Type": content_type}
        line = {"item_id": "tea", "quantity": "2", "unit": "box"}
        body = {"site_id": "north", "warehouse_id": "main", "order_id": str(uuid4())}
        text = json.dumps(body | {"lines": [line]})
        first = await deli.service.api.post("/reservations", content=text, headers=headers)
        again = await deli.service.api.post("/reservations", content=text, headers=headers)
        assert (again.text, again.headers["Idempotency-Replayed"]) == (first.text, "true")
        answers.append(first)
    express, ordinary = answers
    assert express.status_code == ordinary.status_code == 201
    assert list(express.json()) == list(ordinary.json())
    assert express.json()["lines"] == ordinary.json()["lines"]
    assert set(express.headers) == set(ordinary.headers)
