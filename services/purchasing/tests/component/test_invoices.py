"""Invoices are booked once and matched with what was ordered and received, line by line."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.purchasing import AccrualCleared, AccrualReopened, ReceiptRepriced

SELLER = "91310000MA1K3XXXX1"
Json = dict[str, Any]


def line(name: str, quantity: str | None, net: str, tax: str, **more: Any) -> Json:
    return {
        "name": name,
        "quantity": quantity,
        "net": net,
        "tax": tax,
        "tax_percent": "13",
        **more,
    }


def invoice(*lines: Json, **more: Any) -> Json:
    """Return an invoice with these lines, which adds up."""
    net = sum((Decimal(one["net"]) for one in lines), Decimal(0))
    tax = sum((Decimal(one["tax"]) for one in lines), Decimal(0))
    return {
        "supplier_id": "acme",
        "number": f"{uuid4().int % 10**20:020}",
        "issued_on": "2026-11-20",
        "seller_name": "Acme",
        "seller_tax_id": SELLER,
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "CNY",
        "net": str(net),
        "tax": str(tax),
        "total": str(net + tax),
        "lines": list(lines),
        **more,
    }


def link(receipt: Json, quantity: str, receipt_line: int = 1, invoice_line: int = 1) -> Json:
    return {
        "invoice_line_no": invoice_line,
        "receipt_id": receipt["receipt_id"],
        "receipt_line_no": receipt_line,
        "quantity": quantity,
    }


async def owed(desk: Any, *lines: tuple[int, str]) -> Json:
    """Return a receipt that is accrued."""
    receipt: Json = await desk.posting(*lines)
    body = {"receipt_id": receipt["receipt_id"]}
    assert (await desk.send("/accruals", body, "finance")).status_code == 201
    return receipt


async def book(desk: Any, *lines: Json, **more: Any) -> Json:
    answer = await desk.send("/invoices", invoice(*lines, **more), "finance")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def step(desk: Any, booked: Json, name: str, body: Json, subject: str = "fay") -> Any:
    path = f"/invoices/{booked['invoice_id']}/{name}"
    return await desk.send(path, body, "finance", subject=subject)


async def match(desk: Any, booked: Json, *links: Json) -> Json:
    answer = await step(desk, booked, "match", {"links": list(links)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def look(desk: Any, path: str, **params: Any) -> Any:
    headers = desk.service.headers(["finance"])
    return (await desk.service.api.get(path, params=params, headers=headers)).json()


async def accrual(desk: Any, receipt: Json) -> Json:
    listed = (await look(desk, "/accruals", limit=200))["items"]
    return next(one for one in listed if one["receipt_id"] == receipt["receipt_id"])


async def told(desk: Any, kind: type) -> list[Any]:
    return [one for one in await desk.service.events() if isinstance(one, kind)]


async def test_what_agrees_is_matched_by_name_and_clears_the_accrual_to_zero(desk: Any) -> None:
    """C4."""
    receipt = await owed(desk, (1, "10"), (2, "3"))
    booked = await book(
        desk,
        line("*茶*tea", "10", "125.00", "16.25"),
        line("rice", "3", "18.00", "2.34", unit="kg"),
    )
    matched = await match(desk, booked)
    assert (matched["status"], matched["differences"]) == ("applied", [])
    left = await accrual(desk, receipt)
    assert (left["status"], left["open_net"], left["open_tax"]) == ("cleared", "0", "0")
    (linked,) = (await look(desk, "/invoices", receipt_id=receipt["receipt_id"]))["items"]
    assert (linked["number"], linked["status"]) == (booked["number"], "matched")
    (event,) = await told(desk, AccrualCleared)
    assert str(event.invoice_id) == booked["invoice_id"]
    assert await told(desk, ReceiptRepriced) == []


async def test_the_same_invoice_is_booked_once(desk: Any) -> None:
    """C4: code and number name it in all of the country, whatever seller is typed with them."""
    one = line("tea", "1", "10.00", "1.30")
    first = await book(desk, one, code="031001900111", number="12345678")
    again = invoice(one, code="031001900111", number="12345678")
    refused = await desk.send("/invoices", again, "finance")
    assert (refused.status_code, refused.json()["code"]) == (409, "invoice_booked_before")
    assert refused.json()["first"] == first["invoice_id"]
    other = invoice(one, code="031001900111", number="12345678", seller_tax_id="9131000000")
    same = await desk.send("/invoices", other, "finance")
    assert (same.json()["code"], same.json()["seller_tax_id"]) == ("invoice_booked_before", SELLER)
    await book(desk, one, code="0310019001", number="12345678")
    # One that was typed wrongly is refused, and then the right one can be booked.
    assert (await step(desk, first, "refuse", {"reason": "typed wrongly"})).status_code == 200
    assert (await desk.send("/invoices", again, "finance")).status_code == 201


async def test_a_fully_digital_invoice_is_known_by_its_number_alone(desk: Any) -> None:
    """C4: neither a code typed with it nor another seller makes it another invoice."""
    one = line("tea", "1", "10.00", "1.30")
    first = await book(desk, one)
    for said in ({}, {"seller_tax_id": "9131000000"}):
        again = invoice(one, number=first["number"], **said)
        refused = await desk.send("/invoices", again, "finance")
        assert (refused.status_code, refused.json()["first"]) == (409, first["invoice_id"])


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("1", "26312000000000000001"),
        ("031001900111", "26312000000000000001"),
        ("", "12345678"),
        ("031001900", "12345678"),
        ("03100190011", "12345678"),
        ("031001900111", "123456789"),
    ],
)
async def test_code_and_number_have_the_digits_of_one_form(
    desk: Any, code: str, number: str
) -> None:
    """C4: what is typed with a digit more or less would be booked as another invoice."""
    body = invoice(line("tea", "1", "10.00", "1.30"), code=code, number=number)
    refused = await desk.send("/invoices", body, "finance")
    assert (refused.status_code, refused.json()["code"]) == (422, "invoice_number_malformed")
    assert "20 digits and no code" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("", None, "digital_special"),
        ("", "digital_ordinary", "digital_ordinary"),
        ("", "special", None),
        ("031001900111", None, "special"),
        ("031001900111", "digital_special", None),
    ],
)
async def test_the_kind_is_one_that_has_such_a_number(
    desk: Any, code: str, kind: str | None, said: str | None
) -> None:
    """C4, H5."""
    more = {"kind": kind, "code": code} | ({"number": "12345678"} if code else {})
    body = invoice(line("tea", "1", "10.00", "1.30"), **more)
    answer = await desk.send("/invoices", body, "finance")
    if said is None:
        assert (answer.status_code, answer.json()["code"]) == (422, "invoice_kind_contradicted")
    else:
        assert answer.json()["kind"] == said


async def test_of_two_who_book_the_same_invoice_at_once_one_is_refused(desk: Any) -> None:
    """C4."""
    body = invoice(line("tea", "1", "10.00", "1.30"))
    answers = await asyncio.gather(*(desk.send("/invoices", body, "finance") for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {
        "invoice_booked_before"
    }


async def test_what_is_invoiced_twice_at_once_is_cleared_once(desk: Any) -> None:
    """C4: two invoices for the same goods; whoever comes second is held for its quantity."""
    receipt = await owed(desk, (1, "10"))
    twins = [await book(desk, line("tea", "10", "125.00", "16.25")) for _ in range(2)]
    found = await asyncio.gather(*(match(desk, one, link(receipt, "10")) for one in twins))
    assert sorted(one["status"] for one in found) == ["applied", "held"]
    (held,) = [one for one in found if one["status"] == "held"]
    assert "quantity" in {one["cause"] for one in held["differences"]}
    left = await accrual(desk, receipt)
    assert (left["status"], left["open_net"]) == ("cleared", "0")


async def test_an_invoice_in_parts_clears_the_accrual_to_exactly_zero(desk: Any) -> None:
    """C4: thirds of a sum that can't be divided by three leave no cent behind."""
    receipt = await owed(desk, (2, "3.001"))
    whole = (await accrual(desk, receipt))["open_net"]
    assert whole == "18.01"
    for quantity, net, tax in (("1", "6.00", "0.78"), ("1", "6.00", "0.78")):
        booked = await book(desk, line("rice", quantity, net, tax))
        assert (await match(desk, booked, link(receipt, quantity)))["status"] == "applied"
    assert (await accrual(desk, receipt))["status"] == "open"
    last = await book(desk, line("rice", "1.001", "6.01", "0.78"))
    await match(desk, last, link(receipt, "1.001"))
    left = await accrual(desk, receipt)
    assert (left["status"], left["open_net"], left["open_tax"]) == ("cleared", "0", "0")


async def test_one_invoice_may_be_for_many_receipts(desk: Any) -> None:
    """C4."""
    receipts = [await owed(desk, (1, "10")), await owed(desk, (1, "20"))]
    booked = await book(desk, line("tea", "30", "375.00", "48.75"))
    matched = await match(desk, booked)
    assert [one["quantity"] for one in matched["lines"]] == ["10", "20"]
    assert {(await accrual(desk, one))["status"] for one in receipts} == {"cleared"}


async def test_differences_are_listed_by_line_and_decided_by_a_second_person(desk: Any) -> None:
    """C4: quantity, price and rate of tax, each with what was expected and allowed."""
    receipt = await owed(desk, (1, "10"), (2, "3"))
    booked = await book(
        desk,
        line("tea", "11", "137.50", "17.88"),
        line("rice", "3", "21.00", "1.89", tax_percent="9"),
    )
    links = (link(receipt, "11"), link(receipt, "3", 2, 2))
    held = await match(desk, booked, *links)
    assert held["status"] == "held"
    assert [(one["invoice_line_no"], one["cause"]) for one in held["differences"]] == [
        (1, "quantity"),
        (2, "price"),
        (2, "tax_rate"),
        (None, "total"),
    ]
    assert [(one["invoiced"], one["expected"]) for one in held["differences"]] == [
        ("11", "10"),
        ("21", "18"),
        ("9", "13"),
        ("158.5", "143"),
    ]
    assert (await accrual(desk, receipt))["open_net"] == "143"
    mine = await step(desk, booked, "accept", {"reason": "agreed by phone"})
    assert (mine.status_code, mine.json()["code"]) == (403, "second_person_needed")
    theirs = await step(desk, booked, "accept", {"reason": "agreed by phone"}, subject="max")
    assert (theirs.json()["status"], theirs.json()["accepted_by"]) == ("applied", "max")
    assert (await accrual(desk, receipt))["status"] == "cleared"
    (event,) = await told(desk, ReceiptRepriced)
    assert [(one.line_no, one.difference) for one in event.lines] == [
        (1, Decimal("12.50")),
        (2, Decimal("3.00")),
    ]
    assert (event.cause, event.document_number) == ("invoice", booked["number"])
    assert event.posted_by == "max"


async def test_differences_are_accepted_as_they_were_reviewed_or_held_again(desk: Any) -> None:
    """C4: of two held for the price of the same goods, the second pays for them twice."""
    receipt = await owed(desk, (1, "10"))
    first, second = [await book(desk, line("tea", "10", "130.00", "16.90")) for _ in range(2)]
    for one in (first, second):
        held = await match(desk, one, link(receipt, "10"))
        assert [each["cause"] for each in held["differences"]] == ["price", "total"]
    reason = {"reason": "agreed by phone"}
    assert (await step(desk, first, "accept", reason, "max")).json()["status"] == "applied"
    path = f"/invoices/{second['invoice_id']}"
    refused = await desk.send(f"{path}/accept", reason, "finance", subject="max", key="once")
    told_why = refused.json()
    assert (refused.status_code, told_why["code"]) == (409, "invoice_differences_changed")
    assert "quantity 10, expected 0 (line 1)" in told_why["detail"]
    again = await desk.send(f"{path}/accept", reason, "finance", subject="max", key="once")
    assert again.json() == told_why, "a repeat does not accept what was just refused"
    shown = await look(desk, path)
    assert (shown["status"], shown["version"]) == ("held", told_why["version"])
    (kept,) = shown["matches"]
    assert {one["cause"] for one in kept["differences"]} == {"quantity", "price", "total"}
    assert [one.lines[0].difference for one in await told(desk, ReceiptRepriced)] == [Decimal(5)]
    # Whoever has seen that may still want it.
    assert (await step(desk, second, "accept", reason, "max")).json()["status"] == "applied"
    changes = [one.lines[0].difference for one in await told(desk, ReceiptRepriced)]
    assert changes == [Decimal(5), Decimal(130)]


async def test_differences_that_fell_away_need_no_second_review(desk: Any) -> None:
    """C4: the other invoice was taken back, and what was invoiced twice is so no more."""
    receipt = await owed(desk, (1, "10"))
    first, second = [await book(desk, line("tea", "10", "125.00", "16.25")) for _ in range(2)]
    await match(desk, first, link(receipt, "10"))
    assert (await match(desk, second, link(receipt, "10")))["status"] == "held"
    await step(desk, first, "unmatch", {"reason": "wrong invoice"})
    done = (await step(desk, second, "accept", {"reason": "the only one"}, "max")).json()
    assert (done["status"], done["differences"]) == ("applied", [])
    assert (await accrual(desk, receipt))["status"] == "cleared"
    assert await told(desk, ReceiptRepriced) == []


async def test_a_raised_tolerance_needs_no_second_review(desk: Any) -> None:
    """C4: the price is what was reviewed, whatever would be allowed by now."""
    receipt = await owed(desk, (1, "10"))
    booked = await book(desk, line("tea", "10", "140.00", "18.20"))
    assert (await match(desk, booked, link(receipt, "10")))["status"] == "held"
    change = {"price_tolerance_percent": "3"}
    answer = await desk.send("/suppliers/acme/change", change, "buyer")
    assert answer.status_code == 200, answer.text
    done = (await step(desk, booked, "accept", {"reason": "agreed"}, "max")).json()
    assert done["status"] == "applied", done


async def test_what_the_supplier_disputes_is_not_cleared_until_that_is_settled(desk: Any) -> None:
    """C2, C4: also where the accrual was raised before, as at the end of a period."""
    await desk.send("/suppliers/acme/users", {"subject": "lin"}, "buyer")
    receipt = await owed(desk, (1, "10"), (2, "3"))
    place = f"/receipts/{receipt['receipt_id']}"
    dispute = {"line_no": 1, "verdict": "disputed", "reason": "quantity", "claimed": "12"}
    body = {"lines": [dispute]}
    await desk.send(f"/portal{place}/answer", body, "supplier", subject="lin")
    calm = await book(desk, line("rice", "3", "18.00", "2.34"))
    assert (await match(desk, calm, link(receipt, "3", 2)))["status"] == "applied"
    booked = await book(desk, line("tea", "10", "125.00", "16.25"))
    held = await match(desk, booked, link(receipt, "10"))
    assert [(one["cause"], one["receipt_line_no"]) for one in held["differences"]] == [
        ("disputed", 1)
    ]
    early = await step(desk, booked, "accept", {"reason": "pay"}, "max")
    assert (early.status_code, early.json()["code"]) == (409, "invoice_lines_disputed")
    assert (await accrual(desk, receipt))["status"] == "open"
    upheld = {"lines": [{"line_no": 1, "verdict": "upheld", "note": "counted twice"}]}
    assert (await desk.send(f"{place}/resolve", upheld, "buyer")).status_code == 200
    done = (await step(desk, booked, "accept", {"reason": "settled"}, "max")).json()
    assert (done["status"], done["differences"]) == ("applied", [])
    assert (await accrual(desk, receipt))["status"] == "cleared"


async def test_goods_of_one_supplier_may_be_under_two_rates_of_tax(desk: Any) -> None:
    """C4: an invoice of both is matched at once, and only a third rate is a difference."""
    rate = {"percent": "9", "item_id": "rice"}
    path = "/suppliers/acme/vat-rate"
    assert (await desk.send(path, rate, "finance")).json() == rate
    ghost = await desk.send(path, {**rate, "item_id": "ghost"}, "finance")
    assert (ghost.status_code, ghost.json()["code"]) == (404, "unknown_item")
    receipt = await owed(desk, (1, "10"), (2, "3"))
    assert (await accrual(desk, receipt))["open_tax"] == "17.87"
    mixed = (
        line("tea", "10", "125.00", "16.25"),
        line("rice", "3", "18.00", "1.62", tax_percent="9"),
    )
    assert (await match(desk, await book(desk, *mixed)))["status"] == "applied"
    assert (await accrual(desk, receipt))["status"] == "cleared"
    await owed(desk, (2, "3"))
    third = await book(desk, line("rice", "3", "18.00", "2.34"))
    held = await match(desk, third)
    assert [(one["cause"], one["expected"]) for one in held["differences"]] == [("tax_rate", "9")]


async def test_within_the_suppliers_tolerance_a_price_is_matched_and_repriced(desk: Any) -> None:
    """C4, C7."""
    terms = {"price_tolerance_percent": "5", "total_tolerance": "10"}
    shown = await desk.send("/suppliers/acme/change", terms, "buyer")
    assert shown.status_code == 200, shown.text
    receipt = await owed(desk, (1, "10"))
    booked = await book(desk, line("tea", "10", "130.00", "16.90"))
    matched = await match(desk, booked)
    assert matched["status"] == "applied"
    (event,) = await told(desk, ReceiptRepriced)
    assert event.posted_by == matched["by"] != ""
    assert str(event.receipt_id) == receipt["receipt_id"]
    assert (event.lines[0].quantity, event.lines[0].difference) == (10, Decimal("5.00"))
    assert (await accrual(desk, receipt))["open_books_net"] == "0"


async def test_a_match_is_taken_back_with_all_it_did(desk: Any) -> None:
    """C4: and the invoice can be matched anew."""
    receipt = await owed(desk, (1, "10"))
    booked = await book(desk, line("tea", "10", "130.00", "16.90"))
    await match(desk, booked)
    assert (await step(desk, booked, "accept", {"reason": "so be it"}, "max")).status_code == 200
    undone = (await step(desk, booked, "unmatch", {"reason": "wrong delivery"})).json()
    assert (undone["kind"], undone["lines"][0]["difference"]) == ("unmatch", "-5")
    left = await accrual(desk, receipt)
    assert (left["status"], left["open_net"], left["open_tax"]) == ("open", "125", "16.25")
    assert len(await told(desk, AccrualReopened)) == 1
    changes = [one.lines[0].difference for one in await told(desk, ReceiptRepriced)]
    assert changes == [Decimal(5), Decimal(-5)]
    assert (await look(desk, "/invoices", receipt_id=receipt["receipt_id"]))["items"] == []
    again = await match(desk, booked)
    assert again["status"] == "held"
    # What is held has done nothing: it is dropped and nothing else happens.
    assert (await step(desk, booked, "unmatch", {"reason": "?"})).json()["status"] == "dropped"
    shown = await look(desk, f"/invoices/{booked['invoice_id']}")
    assert shown["status"] == "booked"
    assert [one["status"] for one in shown["matches"]] == ["reversed", "applied", "dropped"]


async def test_a_discount_lowers_the_line_it_follows(desk: Any) -> None:
    """C4: such a line has no quantity, and no goods of its own."""
    receipt = await owed(desk, (1, "10"))
    booked = await book(
        desk, line("tea", "10", "135.00", "17.55"), line("tea", None, "-10.00", "-1.30")
    )
    assert (await match(desk, booked))["status"] == "applied"
    assert (await accrual(desk, receipt))["status"] == "cleared"


async def test_a_credit_note_is_reviewed_and_lowers_what_was_invoiced(desk: Any) -> None:
    """C4."""
    receipt = await owed(desk, (1, "10"))
    note = await book(desk, line("tea", "-10", "-20.00", "-2.60"))
    early = await step(desk, note, "match", {"links": [link(receipt, "10")]})
    assert (early.status_code, early.json()["code"]) == (409, "nothing_to_credit")
    await match(desk, await book(desk, line("tea", "10", "125.00", "16.25")))
    held = await match(desk, note, link(receipt, "10"))
    assert [one["cause"] for one in held["differences"]] == ["credit"]
    assert (await step(desk, note, "accept", {"reason": "agreed"}, "max")).status_code == 200
    (event,) = await told(desk, ReceiptRepriced)
    assert event.lines[0].difference == Decimal("-20.00")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total": "11.00"}, "total 11.00, counted 11.30"),
        ({"net": "9.00"}, "net 9.00, counted 10.00"),
        ({"lines": [line("tea", "1", "10.00", "2.30")]}, "line 1: tax 2.30, counted 1.30"),
    ],
)
async def test_what_does_not_add_up_is_refused(desk: Any, change: Json, said: str) -> None:
    body = {**invoice(line("tea", "1", "10.00", "1.30")), **change}
    refused = await desk.send("/invoices", body, "finance")
    assert (refused.status_code, refused.json()["code"]) == (422, "invoice_does_not_add_up")
    assert said in refused.json()["figures"]


async def test_an_invoice_of_somebody_else_is_refused(desk: Any) -> None:
    await desk.send("/suppliers/acme/change", {"tax_id": "91310000MA1K3YYYY9"}, "buyer")
    body = invoice(line("tea", "1", "10.00", "1.30"))
    refused = await desk.send("/invoices", body, "finance")
    assert refused.json()["code"] == "seller_is_not_supplier"


async def test_what_can_not_be_matched_is_refused_by_name(desk: Any) -> None:
    """C4: nothing received, not accrued, no such line, another currency, a version passed by."""
    booked = await book(desk, line("tea", "10", "125.00", "16.25"))
    nothing = await step(desk, booked, "match", {})
    assert (nothing.json()["code"], nothing.json()["unmatched"]) == ("lines_unmatched", "1")
    posted = await desk.posting((1, "10"))
    early = await step(desk, booked, "match", {"links": [link(posted, "10")]})
    assert (early.status_code, early.json()["code"]) == (409, "receipts_not_accrued")
    receipt = await owed(desk, (1, "10"))
    nowhere = await step(desk, booked, "match", {"links": [link(receipt, "10", 9)]})
    assert nowhere.json()["code"] == "unknown_links"
    dollars = await book(desk, line("tea", "10", "125.00", "16.25"), currency="USD")
    other = await step(desk, dollars, "match", {"links": [link(receipt, "10")]})
    assert other.json()["code"] == "invoice_in_other_currency"
    path = f"/invoices/{booked['invoice_id']}/match"
    stale = await desk.send(path, {}, "finance", **{"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    await match(desk, booked)
    twice = await step(desk, booked, "match", {})
    assert (twice.status_code, twice.json()["code"]) == (409, "invoice_not_ready")
    unknown = await step(desk, {"invoice_id": uuid4()}, "match", {})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_invoice")


async def test_what_the_supplier_calls_an_item_is_remembered(desk: Any) -> None:
    receipt = await owed(desk, (1, "10"))
    first = await book(desk, line("铁观音 特级", "10", "125.00", "16.25"))
    assert (await step(desk, first, "match", {})).json()["code"] == "lines_unmatched"
    await match(desk, first, link(receipt, "10"))
    await owed(desk, (1, "12"))
    second = await book(desk, line("铁观音 特级", "1", "150.00", "19.50", unit="case"))
    matched = await match(desk, second)
    assert (matched["status"], matched["lines"][0]["quantity"]) == ("applied", "12")


async def test_a_unit_that_the_item_does_not_have_is_never_taken_for_one_it_has(desk: Any) -> None:
    """B6: it is refused by name with those there are; a person may say what is meant."""
    receipt = await owed(desk, (1, "10"))
    booked = await book(desk, line("tea", "10", "125.00", "16.25", unit="barrel"))
    refused = await step(desk, booked, "match", {})
    told_why = refused.json()
    assert (refused.status_code, told_why["code"]) == (422, "invoice_unit_unknown")
    assert [told_why[name] for name in ("line_no", "item_id", "unit")] == [1, "tea", "barrel"]
    assert told_why["units"].startswith(told_why["base_unit"])
    assert (await accrual(desk, receipt))["status"] == "open"
    matched = await match(desk, booked, link(receipt, "10"))
    assert matched["lines"][0]["quantity"] == "10"
