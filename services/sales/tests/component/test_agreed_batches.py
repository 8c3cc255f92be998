"""Lines left to what inventory proposes: what of them is short, and how they change (B3, B5)."""

import json
from decimal import Decimal
from typing import Any

import pytest

from contracts.sales import SalesOrderChanged

TEA = {"item_id": "tea", "quantity": "10", "unit": "box", "amount": "10.00", "batch_choice": "fefo"}
RICE = {"item_id": "rice", "quantity": "1.5", "unit": "kg", "amount": "9.90"}
SHORT = {"code": "insufficient_stock", "status": 409, "detail": "short", "lines_short": 1}
WHERE = {"site_id": "sh-01", "warehouse_id": "main"}


def batches_there(shop: Any, word: str = "reservations", **there: str) -> None:
    """Let tea be managed by batch, and so much of each be free; inventory proposes, or goes on."""
    go_on = shop.line.answers.get(word, lambda *_: None)

    def answer(path: str, body: dict[str, Any]) -> Any:
        unnamed = [one for one in body["lines"] if one["item_id"] == "tea" and not one["batch_id"]]
        if not unnamed:
            return go_on(path, body)
        missing, picks = sum(Decimal(one["quantity"]) for one in unnamed), []
        for batch_id, free in there.items():
            if taken := min(missing, Decimal(free)):
                picks.append({"batch_id": batch_id, "quantity": str(taken)})
                missing -= taken
        proposal = {"picks": picks, "left_out": [], "missing": str(missing)}
        said = {"code": "batch_missing", "status": 422, "item_id": "tea", "detail": "name it"}
        return 422, said | {"proposal": proposal}

    shop.line.answers[word] = answer


def short_of(*places: int, **more: Any) -> dict[str, Any]:
    shortages = [
        {"line_no": place, "item_id": "tea", "batch_id": "L1", "requested": "1", **more}
        for place in places
    ]
    return {**SHORT, **WHERE, "lines_short": len(places), "shortages": shortages}


async def lines_of(shop: Any, order: Any) -> list[tuple[Any, ...]]:
    shown = await shop.read(f"/orders/{order['order_id']}")
    names = ("line_no", "quantity", "amount", "batch_id", "batch_choice")
    return [tuple(one[name] for name in names) for one in shown["lines"]]


@pytest.mark.parametrize("there", [{}, {"L1": "4"}])
async def test_what_no_batch_covers_is_short_line_by_line(shop: Any, there: dict[str, str]) -> None:
    """B3: the customer agreed to any batch, so none is to be named; something else may do."""
    batches_there(shop, **there)
    answer = await shop.order(lines=[RICE, TEA])
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "insufficient_stock")
    (one,) = problem["shortages"]
    missing = str(10 - int(there.get("L1", "0")))
    assert (one["line_no"], one["item_id"], one["batch_id"]) == (2, "tea", "")
    assert (one["requested"], one["short"]) == ("10", missing)
    assert (problem["lines_short"], problem["substitutes"]) == (1, [])
    assert problem["proposal"]["missing"] == missing
    report = await shop.read("/reports/sales")
    assert report["refused_by_cause"] == {"insufficient_stock": 1}


async def test_a_refusal_of_lines_by_batch_names_the_lines_as_ordered(shop: Any) -> None:
    told = short_of(1, 2, 3) | {"shortages": [*short_of(1, 2, 3)["shortages"], {"line_no": 4}]}
    shop.line.answers["reservations"] = lambda *_: (409, told)
    batches_there(shop, L1="4", L2="9")
    answer = await shop.order(lines=[TEA, RICE])
    asked = json.loads(shop.line.asked[-1][2])["lines"]
    assert [one["batch_id"] for one in asked] == ["L1", "L2", ""]
    assert [one["line_no"] for one in answer.json()["shortages"]] == [1, 1, 2, 4]


async def test_what_waits_of_lines_by_batch_is_told_of_the_lines_as_ordered(shop: Any) -> None:
    batches_there(shop, L1="3", L2="4")
    shop.line.shortages = short_of(2)["shortages"]
    order = (await shop.order(shortage="backorder", lines=[RICE, TEA])).json()
    rest = await shop.read(f"/orders/{order['back_order_id']}")
    told = [(one["line_no"], one["batch_id"]) for one in rest["refusal"]["shortages"]]
    assert told == [(2, "L1"), (2, "")]


async def test_a_batch_that_was_named_is_waited_for_whatever_else_was_agreed(shop: Any) -> None:
    """Also in another unit: nothing has to be proposed."""
    named = TEA | {"unit": "case", "quantity": "3", "batch_id": "L9"}
    shop.line.held = [
        {"line_no": 1, "item_id": "tea", "quantity": "24", "batch_id": "L9", "unit_quantity": "2"}
    ]
    order = (await shop.order(shortage="backorder", lines=[named])).json()
    assert order["status"] == "reserved"
    rest = {"order_id": order["back_order_id"]}
    assert await lines_of(shop, rest) == [(1, "1", "3.34", "L9", "named")]


async def test_a_changed_order_takes_the_proposal_and_first_what_it_holds(shop: Any) -> None:
    batches_there(shop, L1="10")
    order = await shop.reserved(lines=[TEA])
    assert await lines_of(shop, order) == [(2, "10", "10", "L1", "fefo")]
    batches_there(shop, "exchange", L2="3")
    path = f"/orders/{order['order_id']}"
    lines = [RICE, TEA | {"quantity": "12", "amount": "12.00"}]
    answer = await shop.send(f"{path}/change", {"lines_from": 2, "lines": lines})
    assert (answer.status_code, answer.json()["total"]) == (200, "21.9"), answer.text
    assert await lines_of(shop, order) == [
        (5, "1.5", "9.9", "", "named"),
        (6, "10", "10", "L1", "fefo"),
        (7, "2", "2", "L2", "fefo"),
    ]
    held = (await shop.read(path))["held"]
    assert [(one["order_line_no"], one["batch_id"]) for one in held] == [
        (5, ""),
        (6, "L1"),
        (7, "L2"),
    ]
    fact = (await shop.service.events())[-1]
    assert isinstance(fact, SalesOrderChanged)
    assert [line.batch_id for line in fact.lines] == ["", "L1", "L2"]


async def test_a_change_that_no_batch_covers_leaves_the_order_as_it_was(shop: Any) -> None:
    batches_there(shop, L1="10")
    order = await shop.reserved(lines=[TEA])
    batches_there(shop, "exchange")
    path = f"/orders/{order['order_id']}"
    lines = [TEA | {"quantity": "12"}]
    answer = await shop.send(f"{path}/change", {"lines_from": 2, "lines": lines})
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert [one["short"] for one in answer.json()["shortages"]] == ["2"]
    assert await lines_of(shop, order) == [(2, "10", "10", "L1", "fefo")]
