"""Substitutes: proposed with what is there and what it costs, and never put in silently (B3)."""

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from contracts.inventory import ItemDefined, SubstituteDefined

SHORT = {
    "status": 409,
    "code": "insufficient_stock",
    "site_id": "sh-01",
    "warehouse_id": "main",
    "lines_short": 1,
    "shortages": [
        {"line_no": 1, "item_id": "tea", "batch_id": "", "requested": "3", "kit_item_id": None}
    ],
}


def stands_in(substitute_id: str, rank: int, **changes: Any) -> SubstituteDefined:
    said: dict[str, Any] = {
        "item_id": "tea",
        "substitute_id": substitute_id,
        "rank": rank,
        "numerator": 3,
        "denominator": 2,
        "both_ways": False,
        "valid_from": "2026-01-01",
        **changes,
    }
    return SubstituteDefined.model_validate(said)


def there(stock: dict[str, str]) -> Any:
    """Explain what there is, as inventory does; of `green` a batch must be named."""

    def answer(path: str, _: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked = {name: one[0] for name, one in parse_qs(urlparse(path).query).items()}
        if asked["item_id"] == "green":
            picks = [{"batch_id": "g1", "quantity": "4", "expires_on": None}]
            facts = {"proposal": {"picks": picks, "missing": "1"}}
            return 200, {"can_ship": False, "code": "batch_missing", "facts": facts, "lines": []}
        available = stock.get(asked["item_id"], "0")
        line = {"requested": asked["quantity"], "available": available}
        return 200, {"can_ship": True, "code": None, "facts": {}, "lines": [line]}

    return answer


@pytest.fixture
async def teas(shop: Any) -> Any:
    """Return a shop that knows what stands in for tea."""
    await shop.service.deliver(
        [
            *(
                ItemDefined(item_id=one, name=one, base_unit="box", scale=0)
                for one in ("oolong", "green", "gone")
            ),
            stands_in("green", 2),
            stands_in("oolong", 1),
            stands_in("gone", 3),
        ]
    )
    price = {
        "item_id": "oolong",
        "unit": "box",
        "currency": "CNY",
        "valid_from": "2026-01-01",
        "unit_price": "2.50",
    }
    assert (await shop.send("/prices", price, role="finance")).status_code < 300
    shop.line.answers["explanations"] = there({"oolong": "4"})
    return shop


OFFERED = [
    {
        "item_id": "tea",
        "substitute_id": "oolong",
        "unit": "box",
        "quantity": "5",
        "available": "4",
        "enough": False,
        "amount": "12.5",
        "batches": [],
    },
    {
        "item_id": "tea",
        "substitute_id": "green",
        "unit": "box",
        "quantity": "5",
        "available": "4",
        "enough": False,
        "amount": None,
        "batches": [{"batch_id": "g1", "quantity": "4"}],
    },
]
ASKED = {
    "customer_id": "wang",
    "site_id": "sh-01",
    "warehouse_id": "main",
    "currency": "CNY",
    "item_id": "tea",
    "quantity": "3",
}


async def test_what_is_there_is_offered_in_its_order_with_quantity_and_price(teas: Any) -> None:
    assert (await teas.read("/substitutes", **ASKED))["items"] == OFFERED


async def test_a_refused_order_names_what_could_be_had_instead_and_changes_nothing(
    teas: Any,
) -> None:
    teas.line.refusals["reservations"] = (409, SHORT)
    answer = await teas.order()
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    named = [(one["line_no"], one["substitute_id"]) for one in answer.json()["substitutes"]]
    assert named == [(1, "oolong"), (1, "green")]
    found = await teas.read(f"/orders/{answer.json()['order_id']}")
    assert [one["item_id"] for one in found["lines"]] == ["tea", "rice"]


async def test_the_customers_order_names_the_substitute_and_keeps_what_it_stands_in_for(
    teas: Any,
) -> None:
    line = {"item_id": "oolong", "quantity": "5", "unit": "box", "substitute_for": "tea"}
    placed = await teas.order(lines=[line])
    assert placed.status_code == 201, placed.text
    (kept,) = (await teas.read(f"/orders/{placed.json()['order_id']}"))["lines"]
    assert (kept["item_id"], kept["substitute_for"]) == ("oolong", "tea")
    wrong = await teas.order(lines=[{**line, "substitute_for": "rice"}])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_a_substitute")


async def test_while_inventory_says_nothing_a_refusal_says_so_too(teas: Any) -> None:
    teas.line.refusals["reservations"] = (409, SHORT)
    teas.line.answers["explanations"] = lambda *_: (404, {"code": "unknown_item"})
    assert (await teas.order()).json()["substitutes"] is None
    assert (await teas.read("/substitutes", **ASKED))["code"] == "peer_unavailable"


async def test_refused_changes_refused_baskets_and_back_orders_name_them_too(teas: Any) -> None:
    placed = await teas.reserved()
    teas.line.refusals["exchange"] = teas.line.refusals["reservations"] = (409, SHORT)
    line = {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "30"}
    path, body = f"/orders/{placed['order_id']}/change", {"lines_from": 1, "lines": [line]}
    changed = await teas.send(path, body)
    place = {name: ASKED[name] for name in ("customer_id", "site_id", "warehouse_id", "currency")}
    sold = await teas.send("/counter-sales", {**place, "device": "till-1", "lines": [line]})
    waits = await teas.order(shortage="backorder")
    codes = [(one.status_code, one.json().get("code")) for one in (changed, sold, waits)]
    assert codes == [(409, "insufficient_stock"), (409, "insufficient_stock"), (201, None)]
    for one in (changed, sold, waits):
        named = [offer["substitute_id"] for offer in one.json()["substitutes"]]
        assert named == ["oolong", "green"]
