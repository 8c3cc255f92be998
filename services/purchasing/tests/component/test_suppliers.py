"""Suppliers are defined, described anew and listed."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.purchasing import SupplierDefined
from servicekit.clock import now


async def test_a_supplier_is_defined_and_read_back(desk: Any) -> None:
    answer = await desk.supplier("2.50", supplier_id="best")
    assert answer.status_code == 201
    assert answer.json()["over_receipt_percent"] == "2.5"
    assert await desk.read("/suppliers/best") == answer.json()


async def test_only_a_change_is_told_to_others(desk: Any) -> None:
    for percent in ("5", "5", "5.00", "6"):
        assert (await desk.supplier(percent, supplier_id="best")).status_code == 201
    told = [one for one in await desk.service.events() if one.key == "best"]
    assert told == [SupplierDefined(supplier_id="best", name="Acme")] * 2


async def test_suppliers_are_listed_page_by_page(desk: Any) -> None:
    for supplier_id in ("c", "a", "b"):
        await desk.supplier(supplier_id=supplier_id)
    first = await desk.read("/suppliers", limit=3)
    rest = await desk.read("/suppliers", limit=3, cursor=first["next_cursor"])
    names = [one["supplier_id"] for one in first["items"] + rest["items"]]
    assert names == ["a", "acme", "b", "c"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("percent", ["-1", "100.01", "1.001", "NaN", "many", 5])
async def test_a_tolerance_that_is_no_percentage_is_refused(desk: Any, percent: Any) -> None:
    answer = await desk.supplier(percent)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_an_unknown_supplier_is_not_found(desk: Any) -> None:
    assert (await desk.read("/suppliers/nobody"))["code"] == "unknown_supplier"


async def test_a_clerk_defines_no_supplier(desk: Any) -> None:
    body = {"supplier_id": "x", "name": "X"}
    answer = await desk.send("/suppliers", body, "clerk")
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


async def test_a_change_of_terms_says_who_changed_what(desk: Any) -> None:
    """C4: what the matching goes by is known with its history."""
    terms = {"payment_days": 30, "price_tolerance_percent": "1.5", "tax_id": "91310000MA1FL0XX5Y"}
    answer = await desk.send("/suppliers/acme/change", terms, "buyer", subject="anna")
    changed = answer.json()
    assert {name: changed[name] for name in terms} == terms
    assert (changed["name"], changed["lead_days"]) == ("Acme", 0)
    await desk.send("/suppliers/acme/change", {"payment_days": 45}, "buyer", subject="bo")
    await desk.supplier()
    newest, *rest = (await desk.read("/suppliers/acme/changes"))["items"]
    assert (newest["field"], newest["was"], newest["became"]) == ("payment_days", "30", "45")
    assert (newest["changed_by"], {one["changed_by"] for one in rest}) == ("bo", {"anna"})
    assert {one["field"] for one in rest} == set(terms)
    assert (await desk.read("/suppliers/acme"))["payment_days"] == 45


@pytest.mark.parametrize(
    "terms",
    [
        {"payment_days": -1},
        {"payment_days": None},
        {"name": ""},
        {"tax_id": "short"},
        {"contact_mail": "nobody"},
        {"total_tolerance": "-0.01"},
        {"unasked": 1},
    ],
)
async def test_terms_that_make_no_sense_are_refused(desk: Any, terms: dict[str, Any]) -> None:
    answer = await desk.send("/suppliers/acme/change", terms, "buyer")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert (await desk.read("/suppliers/acme/changes"))["items"] == []


async def test_a_suppliers_label_is_a_picture_with_its_name(desk: Any) -> None:
    """C1."""
    headers = desk.service.headers(["clerk"])
    answer = await desk.service.api.get("/suppliers/acme/label", headers=headers)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    assert "Acme" in answer.text


async def test_the_lead_time_proposes_when_an_order_is_due(desk: Any) -> None:
    """C1: from today at the site; who names a day is right, and where nothing is known it is asked.

    The answer shows the day, so nothing is taken silently.
    """
    unknown = await desk.order(due_date=None)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "due_date_missing")
    await desk.send("/suppliers/acme/change", {"lead_days": 5}, "buyer")
    today = (now() + timedelta(hours=8)).date()
    proposed = (await desk.order(due_date=None)).json()
    assert proposed["due_date"] == str(today + timedelta(days=5))
    assert (await desk.order()).json()["due_date"] == "2027-01-31"


async def test_the_terms_say_when_an_invoice_is_due(desk: Any) -> None:
    """C4: as they were when it was booked, counted from the day it was issued."""
    await desk.send("/suppliers/acme/change", {"payment_days": 30}, "buyer")
    first = (await desk.send("/invoices", invoice("1"), "finance")).json()
    assert first["due_on"] == "2026-12-20"
    await desk.send("/suppliers/acme/change", {"payment_days": 3650}, "buyer")
    far = {**invoice("2"), "issued_on": "9999-12-30"}
    second = await desk.send("/invoices", far, "finance")
    assert (second.status_code, second.json()["due_on"]) == (201, "9999-12-31")
    headers = desk.service.headers(["finance"])
    for day, found in (("2026-12-19", []), ("2026-12-20", [first["invoice_id"]])):
        page = await desk.service.api.get("/invoices", params={"due_until": day}, headers=headers)
        assert [one["invoice_id"] for one in page.json()["items"]] == found
    shown = await desk.service.api.get(f"/invoices/{first['invoice_id']}", headers=headers)
    assert shown.json()["due_on"] == "2026-12-20"


def invoice(number: str) -> dict[str, Any]:
    figures = {"net": "10.00", "tax": "1.30"}
    return {
        "supplier_id": "acme",
        "number": number.rjust(20, "0"),
        "issued_on": "2026-11-20",
        "seller_name": "Acme",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "CNY",
        "total": "11.30",
        **figures,
        "lines": [{"name": "tea", "quantity": "1", "tax_percent": "13", **figures}],
    }
