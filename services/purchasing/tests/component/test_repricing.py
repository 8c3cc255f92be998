"""Prices of posted receipts are corrected by hand: by two people, until an invoice says them."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.purchasing import AccrualRepriced, ReceiptRepriced
from servicekit.clock import now

Json = dict[str, Any]
CAUSE = {"cause": "price_entered_wrong", "document": "letter of 2026-11-20"}
SUMS = ("net", "tax", "books_net", "books_tax")
GIFT = {"item_id": "mug", "quantity": "3", "unit": "pc", "unit_cost": "0", "kind": "gift"}


def priced(*lines: tuple[int, str], **more: Any) -> Json:
    return {**CAUSE, "lines": [{"line_no": no, "unit_cost": cost} for no, cost in lines], **more}


async def owed(desk: Any, *lines: tuple[int, str]) -> Json:
    """Return a receipt that is accrued."""
    receipt: Json = await desk.posting(*lines)
    await accrue(desk, receipt)
    return receipt


async def accrue(desk: Any, receipt: Json) -> None:
    body = {"receipt_id": receipt["receipt_id"]}
    assert (await desk.send("/accruals", body, "finance")).status_code == 201


async def propose(desk: Any, receipt: Json, body: Json, subject: str = "fay", **more: Any) -> Any:
    path = f"/receipts/{receipt['receipt_id']}/repricings"
    return await desk.send(path, body, "finance", subject=subject, **more)


async def decide(
    desk: Any, proposed: Json, step: str = "approve", body: Any = None, subject: str = "max"
) -> Any:
    path = f"/receipts/{proposed['receipt_id']}/repricings/{proposed['repricing_id']}/{step}"
    return await desk.send(path, body, "finance", subject=subject)


async def corrected(desk: Any, receipt: Json, *lines: tuple[int, str], **more: Any) -> Json:
    """Return a correction that is proposed and approved."""
    proposed = await propose(desk, receipt, priced(*lines, **more))
    assert proposed.status_code == 201, proposed.text
    approved = await decide(desk, proposed.json())
    assert approved.status_code == 200, approved.text
    return dict(approved.json())


async def look(desk: Any, path: str, **params: Any) -> Any:
    headers = desk.service.headers(["finance"])
    return (await desk.service.api.get(path, params=params, headers=headers)).json()


async def accrual(desk: Any, receipt: Json) -> Json:
    (head,) = (await look(desk, "/accruals", site_id=receipt["site_id"]))["items"]
    assert head["receipt_id"] == receipt["receipt_id"]
    return dict(await look(desk, f"/accruals/{head['accrual_id']}"))


def must_add_up(found: Json) -> None:
    """The lines are the whole, and nothing of it is invoiced."""
    for name in SUMS:
        assert Decimal(found[name]) == Decimal(found[f"open_{name}"])
    for name in ("net", "tax"):
        total = sum(Decimal(line[name]) for line in found["lines"])
        assert total == Decimal(found[name])


async def told(desk: Any, kind: type) -> list[Any]:
    return [one for one in await desk.service.events() if isinstance(one, kind)]


async def invoice(desk: Any, receipt: Json, net: str, tax: str) -> Json:
    """Book an invoice for ten of the receipt's first line, and match it."""
    line = {"name": "tea", "quantity": "10", "net": net, "tax": tax, "tax_percent": "13"}
    body = {
        "supplier_id": "acme",
        "number": f"{uuid4().int % 10**20:020}",
        "issued_on": "2026-11-20",
        "seller_name": "Acme",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "CNY",
        "net": net,
        "tax": tax,
        "total": str(Decimal(net) + Decimal(tax)),
        "lines": [line],
    }
    booked = await desk.send("/invoices", body, "finance")
    assert booked.status_code == 201, booked.text
    link = {
        "invoice_line_no": 1,
        "receipt_id": receipt["receipt_id"],
        "receipt_line_no": 1,
        "quantity": "10",
    }
    path = f"/invoices/{booked.json()['invoice_id']}"
    matched = await desk.send(f"{path}/match", {"links": [link]}, "finance", subject="fay")
    assert matched.status_code == 200, matched.text
    return {"path": path, **matched.json()}


async def test_two_people_correct_a_price_and_what_is_owed_changes_along(desk: Any) -> None:
    """C7, E5: to the cent, with cause and document; before the second one agrees nothing does."""
    receipt = await owed(desk, (1, "10"), (2, "3.333"))
    before = await accrual(desk, receipt)
    proposed = (await propose(desk, receipt, priced((1, "12"), (2, "6.123457")))).json()
    assert (proposed["status"], proposed["receipt_number"]) == ("proposed", receipt["number"])
    assert await accrual(desk, receipt) == before
    assert await told(desk, ReceiptRepriced) == []
    approved = (await decide(desk, proposed)).json()
    assert (approved["status"], approved["decided_by"]) == ("applied", "max")
    assert approved["lines"] == proposed["lines"]
    after = await accrual(desk, receipt)
    must_add_up(after)
    # 10 at 12, and 3.333 at 6.123457, which is 20.41 instead of 20.00.
    assert (Decimal(before["net"]), Decimal(after["net"])) == (Decimal("145"), Decimal("140.41"))
    for name in SUMS:
        change = sum(Decimal(line[f"{name}_change"]) for line in approved["lines"])
        assert Decimal(after[name]) - Decimal(before[name]) == change
    (event,) = await told(desk, ReceiptRepriced)
    differences = [(one.line_no, one.difference) for one in event.lines]
    assert differences == [(1, Decimal(-5)), (2, Decimal("0.41"))]
    assert (event.cause, event.document_number) == ("price_entered_wrong", approved["number"])
    assert event.posted_by == "max"
    (owing,) = await told(desk, AccrualRepriced)
    assert (owing.net, owing.tax) == (Decimal(after["net"]), Decimal(after["tax"]))
    assert owing.repricing_number == approved["number"]


async def test_a_correction_is_taken_back_by_another_to_the_cent(desk: Any) -> None:
    """C7, E5."""
    receipt = await owed(desk, (1, "10"), (2, "3.333"))
    before = await accrual(desk, receipt)
    await corrected(desk, receipt, (1, "0.333333"), (2, "7.77"))
    back = await corrected(
        desk, receipt, (1, "12.5"), (2, "6.000001"), cause="correction_taken_back"
    )
    assert await accrual(desk, receipt) == before
    assert [one["unit_cost_before"] for one in back["lines"]] == ["0.333333", "7.77"]
    sums: dict[int, Decimal] = {}
    for event in await told(desk, ReceiptRepriced):
        for line in event.lines:
            sums[line.line_no] = sums.get(line.line_no, Decimal(0)) + line.difference
    assert sums == {1: 0, 2: 0}
    listed = (await look(desk, "/repricings", receipt_id=receipt["receipt_id"]))["items"]
    assert [one["cause"] for one in listed] == ["correction_taken_back", "price_entered_wrong"]
    assert await look(desk, f"/repricings/{back['repricing_id']}") == back


async def test_an_invoice_is_compared_with_the_corrected_price(desk: Any) -> None:
    """C7: it agrees, clears what is owed, and says no other price any more."""
    receipt = await owed(desk, (1, "10"))
    await corrected(desk, receipt, (1, "12"))
    matched = await invoice(desk, receipt, "120.00", "15.60")
    assert (matched["status"], matched["differences"]) == ("applied", [])
    assert (await accrual(desk, receipt))["status"] == "cleared"
    assert len(await told(desk, ReceiptRepriced)) == 1


async def test_once_a_line_is_invoiced_the_invoice_says_what_it_cost(desk: Any) -> None:
    """C7: also where it came between proposal and approval, until the match is taken back."""
    receipt = await owed(desk, (1, "10"), (2, "2"))
    early = (await propose(desk, receipt, priced((1, "12")))).json()
    matched = await invoice(desk, receipt, "125.00", "16.25")
    late = await decide(desk, early)
    assert (late.status_code, late.json()["code"]) == (409, "lines_invoiced")
    assert (await decide(desk, early, "drop", {"reason": "invoiced"})).status_code == 200
    refused = await propose(desk, receipt, priced((1, "12"), (2, "7")))
    assert (refused.status_code, refused.json()["invoiced"]) == (409, "1")
    # The other line is nobody's yet.
    await corrected(desk, receipt, (2, "7"))
    unmatched = await desk.send(f"{matched['path']}/unmatch", {"reason": "wrong"}, "finance")
    assert unmatched.status_code == 200
    await corrected(desk, receipt, (1, "12"))
    found = await accrual(desk, receipt)
    must_add_up(found)
    assert Decimal(found["net"]) == Decimal(134)


async def test_what_was_bought_in_foreign_currency_is_corrected_at_the_receipts_rate(
    desk: Any,
) -> None:
    """C7, E6: another rate that was set meanwhile has no part in it."""
    rate = {"currency": "EUR", "period": f"{now():%Y-%m}", "rate": "7.8123"}
    assert (await desk.send("/exchange-rates", rate, "finance")).status_code == 201
    order = (await desk.order(currency="EUR")).json()
    receipt = (await desk.draft(order["order_id"], (1, "10"))).json()
    assert (await desk.step(receipt["receipt_id"], "finish")).status_code == 200
    await accrue(desk, receipt)
    done = await corrected(desk, receipt, (1, "13"))
    (line,) = done["lines"]
    assert (line["net_change"], done["currency"], done["books_currency"]) == ("5", "EUR", "CNY")
    (event,) = await told(desk, ReceiptRepriced)
    assert (event.currency, event.lines[0].difference) == ("CNY", Decimal("39.06"))
    must_add_up(await accrual(desk, receipt))


async def test_who_proposes_does_not_approve_and_only_finance_does_either(desk: Any) -> None:
    """C7."""
    receipt = await owed(desk, (1, "10"))
    proposed = (await propose(desk, receipt, priced((1, "12")))).json()
    own = await decide(desk, proposed, subject="fay")
    assert (own.status_code, own.json()["code"]) == (403, "second_person_needed")
    path = f"/receipts/{receipt['receipt_id']}/repricings"
    for role in ("buyer", "clerk", "shop_manager"):
        assert (await desk.send(path, priced((1, "12")), role)).status_code == 403
    elsewhere = await propose(desk, receipt, priced((1, "13")), sites=["bj-01"])
    assert elsewhere.json()["code"] == "site_forbidden"
    another = await propose(desk, receipt, priced((1, "13")))
    assert (another.status_code, another.json()["proposed"]) == (409, proposed["number"])
    dropped = (await decide(desk, proposed, "drop", {"reason": "asked the supplier"})).json()
    assert (dropped["status"], dropped["reason"]) == ("dropped", "asked the supplier")
    decided = await decide(desk, proposed)
    assert (decided.status_code, decided.json()["code"]) == (409, "repricing_decided")
    assert await told(desk, AccrualRepriced) == []
    (line,) = (await corrected(desk, receipt, (1, "13")))["lines"]
    assert line["unit_cost_before"] == "12.5"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (priced((1, "12.5")), "price_unchanged"),
        (priced((1, "12"), (1, "13")), "lines_named_twice"),
        (priced((7, "12")), "unknown_receipt_lines"),
        (priced((1, "0")), "invalid_request"),
        (priced((1, "-3")), "invalid_request"),
        (priced(), "invalid_request"),
        (priced((1, "12"), cause="because"), "invalid_request"),
        (priced((1, "12"), document=""), "invalid_request"),
        (priced((1, "999999999999")), "amount_too_large"),
    ],
)
async def test_what_is_no_correction_is_refused(desk: Any, body: Json, code: str) -> None:
    """C7."""
    receipt = await owed(desk, (1, "10"))
    before = await accrual(desk, receipt)
    assert (await propose(desk, receipt, body)).json()["code"] == code
    assert await accrual(desk, receipt) == before


async def test_gifts_have_no_price_and_what_is_not_owed_for_is_not_corrected(desk: Any) -> None:
    """C3, C7."""
    tea = {"item_id": "tea", "quantity": "10", "unit": "box", "unit_cost": "12.5"}
    order = (await desk.order(lines=[tea, GIFT])).json()
    receipt = (await desk.draft(order["order_id"], (1, "10"), (2, "3"))).json()
    draft = await propose(desk, receipt, priced((1, "12")))
    assert (draft.status_code, draft.json()["code"]) == (409, "receipt_not_posted")
    assert (await desk.step(receipt["receipt_id"], "finish")).status_code == 200
    early = await propose(desk, receipt, priced((1, "12")))
    assert (early.status_code, early.json()["code"]) == (409, "receipts_not_accrued")
    await accrue(desk, receipt)
    free = await propose(desk, receipt, priced((1, "12"), (2, "1")))
    assert (free.status_code, free.json()["code"], free.json()["free"]) == (422, "lines_free", "2")
    unknown = {"receipt_id": receipt["receipt_id"], "repricing_id": str(uuid4())}
    assert (await decide(desk, unknown)).json()["code"] == "unknown_repricing"
