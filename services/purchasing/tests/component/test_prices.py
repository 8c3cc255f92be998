"""One price counts for an item, unit and currency on a day, and its breaks say for how many."""

from typing import Any

import pytest

PATH = "/suppliers/acme/prices"
YEAR = {"valid_from": "2026-01-01", "valid_to": "2026-12-31"}


def price(**changes: Any) -> dict[str, Any]:
    breaks = [{"unit_cost": "10"}, {"from_quantity": "100", "unit_cost": "9"}]
    goods = {"item_id": "tea", "unit": "box", "currency": "CNY"}
    return {**goods, **YEAR, "breaks": breaks, **changes}


async def agree(desk: Any, **changes: Any) -> Any:
    return await desk.send(PATH, price(**changes), "buyer")


async def asked(desk: Any, quantity: str, on: str, **changes: str) -> Any:
    goods = {"item_id": "tea", "unit": "box", "currency": "CNY", **changes}
    return await desk.read("/suppliers/acme/price", quantity=quantity, on=on, **goods)


async def test_the_price_of_a_day_depends_on_the_quantity(desk: Any) -> None:
    """C1."""
    agreed = (await agree(desk)).json()
    few = await asked(desk, "99.999999", "2026-01-01")
    assert few == {"price_id": agreed["price_id"], "unit_cost": "10"}
    assert (await asked(desk, "100", "2026-12-31"))["unit_cost"] == "9"
    for day in ("2025-12-31", "2027-01-01"):
        assert (await asked(desk, "1", day))["code"] == "no_price_agreed"
    assert (await asked(desk, "1", "2026-06-01", unit="case"))["code"] == "no_price_agreed"
    assert (await asked(desk, "1", "2026-06-01", currency="EUR"))["code"] == "no_price_agreed"


async def test_two_prices_for_one_day_are_refused_by_name(desk: Any) -> None:
    agreed = (await agree(desk)).json()
    refused = await agree(desk, valid_from="2026-12-31", valid_to=None)
    assert (refused.status_code, refused.json()["code"]) == (409, "price_overlap")
    assert refused.json()["price_id"] == agreed["price_id"]
    for other in ({"unit": "case"}, {"currency": "EUR"}, {"valid_from": "2027-01-01"}):
        end = {"valid_to": None} if "valid_from" in other else {}
        assert (await agree(desk, **other, **end)).status_code == 201


async def test_a_price_that_ends_makes_room_for_the_next(desk: Any) -> None:
    first = (await agree(desk, valid_to=None)).json()
    ending = {"valid_to": "2026-06-30"}
    ended = (await desk.send(f"{PATH}/{first['price_id']}/end", ending, "buyer")).json()
    assert (ended["valid_to"], ended["ended_by"] is None) == ("2026-06-30", False)
    assert (await agree(desk, valid_from="2026-07-01", valid_to=None)).status_code == 201
    longer = await desk.send(f"{PATH}/{first['price_id']}/end", {"valid_to": "2026-07-01"}, "buyer")
    assert longer.json()["code"] == "price_overlap"
    listed = await desk.read(PATH, item_id="tea", on="2026-07-01")
    assert [one["valid_from"] for one in listed["items"]] == ["2026-07-01"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "pallet"}, "unknown_unit"),
        ({"item_id": "ghost"}, "unknown_item"),
        ({"valid_to": "2025-12-31"}, "price_days_crossed"),
        ({"breaks": [{"unit_cost": "1"}, {"unit_cost": "2"}]}, "price_breaks_unclear"),
        ({"breaks": []}, "invalid_request"),
        ({"breaks": [{"from_quantity": "-1", "unit_cost": "1"}]}, "invalid_request"),
    ],
)
async def test_what_is_no_price_is_refused(desk: Any, change: dict[str, Any], code: str) -> None:
    assert (await agree(desk, **change)).json()["code"] == code
    assert (await desk.read(PATH))["items"] == []


async def test_a_price_of_another_supplier_can_not_be_ended(desk: Any) -> None:
    await desk.supplier(supplier_id="best")
    made = (await agree(desk)).json()
    path = f"/suppliers/best/prices/{made['price_id']}/end"
    answer = await desk.send(path, {"valid_to": "2026-06-30"}, "buyer")
    assert answer.json()["code"] == "unknown_price"
