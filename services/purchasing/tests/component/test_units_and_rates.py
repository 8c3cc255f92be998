"""Goods are ordered in any unit and currency, and come into the books in base units and money."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.purchasing import GoodsReceiptPosted, PurchaseOrderPlaced
from servicekit.clock import now

CASES = [{"item_id": "tea", "quantity": "2.5", "unit": "case", "unit_cost": "100"}]
GIFT = {"item_id": "mug", "quantity": "3", "unit": "pc", "unit_cost": "0", "kind": "gift"}


def period() -> str:
    """Return the month it is at the sites, which are in Shanghai: there it begins earlier."""
    return f"{now() + timedelta(hours=8):%Y-%m}"


def rate(value: str, currency: str = "EUR") -> dict[str, str]:
    return {"currency": currency, "period": period(), "rate": value}


async def posted(desk: Any, order: dict[str, Any], quantity: str) -> Any:
    receipt = (await desk.draft(order["order_id"], (1, quantity))).json()
    await desk.step(receipt["receipt_id"], "audit")
    return receipt, await desk.step(receipt["receipt_id"], "post")


async def last_receipt(desk: Any) -> GoodsReceiptPosted:
    events = await desk.service.events()
    return next(one for one in reversed(events) if isinstance(one, GoodsReceiptPosted))


async def test_a_line_keeps_its_unit_and_the_version_it_was_converted_by(desk: Any) -> None:
    """B6."""
    order = (await desk.order(lines=CASES)).json()
    line = order["lines"][0]
    assert (line["unit"], line["quantity"], line["unit_version"]) == ("case", "2.5", 2)
    assert (line["base_unit"], line["base_quantity"], line["open"]) == ("box", "30", "30")
    event = (await desk.service.events())[-1]
    assert isinstance(event, PurchaseOrderPlaced)
    told = event.lines[0]
    assert (told.quantity, told.unit_cost) == (30, Decimal("8.333333"))
    assert (told.agreed_unit, told.agreed_quantity) == ("case", Decimal("2.5"))


async def test_what_was_ordered_by_the_case_is_booked_by_the_box(desk: Any) -> None:
    """B6."""
    order = (await desk.order(lines=CASES)).json()
    _, answer = await posted(desk, order, "2")
    assert answer.status_code == 200
    line = (await last_receipt(desk)).lines[0]
    assert (line.quantity, line.unit_cost) == (24, Decimal("8.333333"))
    read = await desk.read(f"/orders/{order['order_id']}")
    assert (read["lines"][0]["received"], read["lines"][0]["open"]) == ("24", "6")


async def test_a_unit_without_conversion_is_refused_with_those_there_are(desk: Any) -> None:
    """B6."""
    answer = await desk.order(lines=[{**CASES[0], "unit": "pallet"}])
    assert (answer.json()["code"], answer.json()["units"]) == ("unknown_unit", "box, case")


async def test_a_foreign_receipt_waits_for_the_rate_and_is_valued_by_it(desk: Any) -> None:
    """E6."""
    order = (await desk.order(currency="EUR")).json()
    receipt, refused = await posted(desk, order, "10")
    assert (refused.status_code, refused.json()["code"]) == (422, "rate_missing")
    assert refused.json()["period"] == period()
    assert (await desk.send("/exchange-rates", rate("7.9"), "finance")).status_code == 201
    assert (await desk.send("/exchange-rates", rate("7.8123"), "finance")).status_code == 201
    assert (await desk.step(receipt["receipt_id"], "post")).status_code == 200
    event = await last_receipt(desk)
    assert (event.currency, event.agreed_currency) == ("CNY", "EUR")
    assert (event.rate, event.lines[0].unit_cost) == (Decimal("7.8123"), Decimal("97.65375"))


async def test_a_rate_that_was_used_never_changes(desk: Any) -> None:
    """E6."""
    await desk.send("/exchange-rates", rate("7.8"), "finance")
    await posted(desk, (await desk.order(currency="EUR")).json(), "10")
    again = await desk.send("/exchange-rates", rate("7.8"), "finance")
    assert again.status_code == 201
    refused = await desk.send("/exchange-rates", rate("7.9"), "finance")
    assert (refused.status_code, refused.json()["code"]) == (409, "rate_used")
    listed = await desk.read("/exchange-rates", currency="EUR")
    assert [one["rate"] for one in listed["items"]] == ["7.8"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (rate("1", "CNY"), "rate_of_books_currency"),
        (rate("0"), "invalid_request"),
        ({**rate("1"), "period": "2027-13"}, "invalid_request"),
    ],
)
async def test_what_is_no_rate_is_refused(desk: Any, body: dict[str, str], code: str) -> None:
    assert (await desk.send("/exchange-rates", body, "finance")).json()["code"] == code


async def test_finance_alone_sets_rates(desk: Any) -> None:
    assert (await desk.send("/exchange-rates", rate("7.8"), "buyer")).json()[
        "code"
    ] == "role_missing"


async def test_a_gift_costs_nothing_and_comes_with_goods_that_are_paid_for(desk: Any) -> None:
    """C3."""
    order = (await desk.order(lines=[*CASES, GIFT])).json()
    assert [line["kind"] for line in order["lines"]] == ["purchase", "gift"]
    receipt = (await desk.draft(order["order_id"], (2, "3"))).json()
    await desk.step(receipt["receipt_id"], "audit")
    await desk.step(receipt["receipt_id"], "post")
    assert (await last_receipt(desk)).lines[0].unit_cost == 0
