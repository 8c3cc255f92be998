"""Reserving in part: of each line what there is, and why the rest is short (B2, B3, B4)."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import StockReserved

LINE = {"line_no": 1, "unit_cost": "2.5"}


@pytest.fixture
async def deli(shop: Any) -> Any:
    """Return the shop with a kit of tea and rice, tea also in cases, and phones by number."""
    items = [
        {"item_id": "box", "name": "Gift box", "base_unit": "pc", "scale": 0},
        {"item_id": "phone", "name": "Phone", "base_unit": "EA", "scale": 0, "tracking": "serial"},
    ]
    await shop.post("/items/import", {"items": items}, "master_data")
    components = [{"item_id": "tea", "quantity": "2"}, {"item_id": "rice", "quantity": "0.5"}]
    made = await shop.post("/items/box/kit", {"components": components}, "master_data")
    assert made.status_code == 201, made.text
    case = {"unit": "case", "numerator": 12}
    assert (await shop.post("/items/tea/units", case, "master_data")).status_code == 201
    return shop


async def ask(
    shop: Any, *lines: dict[str, Any], partial: bool | None = True, key: str | None = None
) -> Any:
    body = {"site_id": "north", "warehouse_id": "main", "order_id": str(uuid4())}
    flag = {} if partial is None else {"partial": partial}
    return await shop.post("/reservations", body | flag | {"lines": list(lines)}, key=key)


async def receive_phones(shop: Any, *serials: str) -> None:
    line = LINE | {"item_id": "phone", "quantity": str(len(serials)), "serials": serials}
    fact = shop.receipt().model_dump(mode="json") | {"lines": [line]}
    await shop.service.deliver(type(shop.receipt()).model_validate(fact))


def tea(quantity: str, unit: str = "box") -> dict[str, str]:
    return {"item_id": "tea", "quantity": quantity, "unit": unit}


def phones(*serials: str) -> dict[str, Any]:
    return {
        "item_id": "phone",
        "quantity": str(len(serials)),
        "unit": "EA",
        "serials": list(serials),
    }


def held(answer: Any) -> list[Sequence[Any]]:
    assert answer.status_code == 201, answer.text
    return [
        (one["line_no"], one["item_id"], one["quantity"], one["unit_quantity"])
        for one in answer.json()["lines"]
    ]


async def test_each_line_gets_what_there_is_and_the_answer_says_what_is_short(deli: Any) -> None:
    """B2, B3: under the numbers that the order's lines have."""
    await deli.receive(("tea", "3"), ("rice", "5"))
    key = str(uuid4())
    oil = {"item_id": "oil", "quantity": "1", "unit": "l"}
    rice = {"item_id": "rice", "quantity": "1.250", "unit": "kg"}
    answer = await ask(deli, oil, tea("10"), rice, key=key)
    assert held(answer) == [(2, "tea", "3", None), (3, "rice", "1.25", None)]
    short = answer.json()["shortages"]
    assert [(one["line_no"], one["short"]) for one in short] == [(1, "1"), (2, "7")]
    assert short[1]["ways_out"] == ["reduce_quantity", "replenish"]
    assert (await deli.stock("tea"))["allocated"] == "3"
    (fact,) = await deli.facts(StockReserved)
    assert [(one.line_no, f"{one.quantity:f}") for one in fact.lines] == [(2, "3"), (3, "1.25")]
    reservation = await deli.get(f"/reservations/{answer.json()['reservation_id']}")
    assert len(reservation["lines"]) == 2
    assert await deli.books_agree()


async def test_where_nothing_is_there_it_is_refused_as_ever(deli: Any) -> None:
    await deli.receive(("rice", "1"))
    answer = await ask(deli, tea("10"))
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert [one["short"] for one in answer.json()["shortages"]] == ["10"]
    assert await deli.facts(StockReserved) == []


async def test_who_does_not_ask_for_a_part_gets_all_or_nothing(deli: Any) -> None:
    await deli.receive(("tea", "3"))
    for partial in (None, False):
        answer = await ask(deli, tea("4"), partial=partial)
        assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert "shortages" not in (await ask(deli, tea("3"), partial=False)).json()


async def test_only_whole_kits_are_held_with_all_their_components(deli: Any) -> None:
    """B4."""
    await deli.receive(("tea", "10"), ("rice", "1.4"))
    answer = await ask(deli, {"item_id": "box", "quantity": "5", "unit": "pc"}, tea("7"))
    assert held(answer) == [
        (2, "tea", "7", None),
        (3, "rice", "0.5", "1"),
        (4, "tea", "2", "1"),
    ]
    assert {one["item_id"] for one in answer.json()["shortages"]} == {"tea", "rice"}
    assert await deli.books_agree()


async def test_only_whole_units_are_held_of_what_is_asked_for_in_cases(deli: Any) -> None:
    """B6."""
    await deli.receive(("tea", "30"))
    assert held(await ask(deli, tea("3", "case"))) == [(1, "tea", "24", "2")]
    assert held(await ask(deli, tea("1.5", "case"), partial=True)) == [(1, "tea", "6", "0.5")]


async def test_lines_of_the_same_goods_draw_on_what_earlier_ones_leave(deli: Any) -> None:
    await deli.receive(("tea", "5"))
    answer = await ask(deli, tea("3"), tea("4"))
    assert held(answer) == [(1, "tea", "3", None), (2, "tea", "2", None)]
    (short,) = answer.json()["shortages"]
    assert (short["line_no"], short["earlier_lines"], short["short"]) == (2, "3", "2")


async def test_of_units_named_by_number_those_are_held_that_are_there_and_free(deli: Any) -> None:
    """B5: a unit that nobody knows, or that another order holds, is not promised."""
    await receive_phones(deli, "S1", "S2", "S3")
    assert held(await ask(deli, phones("S2"), partial=None)) == [(1, "phone", "1", None)]
    answer = await ask(deli, phones("S1", "S2", "S9"))
    assert [one["serials"] for one in answer.json()["lines"]] == [["S1"]]
    assert [one["short"] for one in answer.json()["shortages"]] == ["2"]


async def test_units_that_cannot_be_shipped_are_refused_when_they_are_reserved(deli: Any) -> None:
    """B5: whole reservations name the unit that is unknown, held or gone."""
    await receive_phones(deli, "S1", "S2")
    await ask(deli, phones("S1"), partial=None)
    for serial_no, code in (("S9", "unknown_serial"), ("S1", "serial_held")):
        answer = await ask(deli, phones(serial_no), partial=None)
        assert answer.json()["code"] == code
    async with deli.service.context.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "update serial_unit set state = 'frozen' where serial_no = 'S2'"
        )
    answer = await ask(deli, phones("S2"), partial=None)
    assert (answer.status_code, answer.json()["code"]) == (409, "serial_not_there")


async def test_the_same_question_again_holds_nothing_twice(deli: Any) -> None:
    """B8."""
    await deli.receive(("tea", "3"))
    key = str(uuid4())
    body = {"site_id": "north", "warehouse_id": "main", "order_id": str(uuid4())}
    body |= {"partial": True, "lines": [tea("10")]}
    first, again = [await deli.post("/reservations", body, key=key) for _ in range(2)]
    assert first.content == again.content
    assert (await deli.stock("tea"))["allocated"] == "3"
