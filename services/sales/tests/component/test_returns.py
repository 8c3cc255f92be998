"""Goods of a shipment come back: never more than left, and the fact says all others need (B7)."""

import asyncio
from typing import Any
from uuid import uuid4

from contracts.inventory import ReturnBooked
from contracts.sales import CustomerReturnPosted, RefundGranted
from servicekit.clock import now

PHONE = {"item_id": "tea", "quantity": "2", "unit": "box", "amount": "37.50", "serials": ["a", "b"]}


async def shipped(shop: Any, **changes: Any) -> dict[str, Any]:
    """Return a shipment of 3 tea for 37.50 and 1.25 rice for 9.90, or of other lines."""
    order = await shop.paid(**changes)
    answer = await shop.send(f"/orders/{order['order_id']}/ship")
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "customer_id": order["customer_id"]}


async def draft(shop: Any, shipment: Any, *lines: tuple[int, str], **more: Any) -> Any:
    given = [{"shipment_line_no": no, "quantity": quantity} for no, quantity in lines]
    body = {"shipment_id": shipment["shipment_id"], "lines": given, **more}
    return await shop.send("/returns", body)


async def reversal(shop: Any, shipment: Any, **more: Any) -> Any:
    return await draft(shop, shipment, cause="reversal", **{"reason": "wrong customer", **more})


async def step(shop: Any, made: Any, name: str, **extra: Any) -> Any:
    return await shop.send(f"/returns/{made['return_id']}/{name}", **extra)


async def posted(shop: Any, shipment: Any, *lines: tuple[int, str], **more: Any) -> Any:
    made = (await draft(shop, shipment, *lines, **more)).json()
    assert (await step(shop, made, "audit")).status_code == 200
    answer = await step(shop, made, "post")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_return_is_drafted_audited_posted_and_then_booked(shop: Any) -> None:
    shipment = await shipped(shop)
    made = await posted(shop, shipment, (1, "2"), reason="too strong")
    assert (made["status"], made["refund"], made["lines"][0]["amount"]) == ("posting", "25", "25")
    fact, refund = (await shop.service.events())[-2:]
    assert isinstance(fact, CustomerReturnPosted)
    assert (str(fact.shipment_id), fact.key) == (shipment["shipment_id"], refund.key)
    (line,) = fact.lines
    assert (line.shipment_line_no, line.item_id, str(line.quantity)) == (1, "tea", "2")
    assert isinstance(refund, RefundGranted)
    assert (refund.customer_id, str(refund.amount)) == ("wang", "25")
    booked = ReturnBooked(return_id=fact.return_id, site_id="sh-01", booked_at=now())
    await shop.service.deliver([booked, booked])
    path = f"/returns/{made['return_id']}"
    shown = await shop.read(path)
    assert (shown["status"], shown["version"]) == ("posted", 4)
    listed = await shop.read("/returns", shipment_id=shipment["shipment_id"], status="posted")
    assert [one["number"] for one in listed["items"]] == [made["number"]]
    assert made["number"].startswith("RT-sh-01-")


async def test_parts_pay_back_what_was_paid_to_the_cent(shop: Any) -> None:
    """B7: 9.90 for 1.25 kg, in three parts."""
    shipment = await shipped(shop)
    parts = ["0.417", "0.417", "0.416"]
    made = [await posted(shop, shipment, (2, part)) for part in parts]
    assert [one["refund"] for one in made] == ["3.3", "3.31", "3.29"]
    facts = [one for one in await shop.service.events() if isinstance(one, CustomerReturnPosted)]
    assert [str(one.lines[0].returned_before) for one in facts] == ["0", "0.417", "0.834"]
    report = await shop.read("/reports/sales", site_id="sh-01")
    assert (report["revenue_returned"], report["revenue"]) == ("9.9", "37.5")
    assert (report["units_returned"], report["lines_returned"]) == ("1.25", 3)


async def test_drafts_count_and_cancelled_ones_do_not(shop: Any) -> None:
    shipment = await shipped(shop)
    first = (await draft(shop, shipment, (1, "2"))).json()
    refused = await draft(shop, shipment, (1, "2"))
    assert (refused.status_code, refused.json()["code"]) == (409, "return_exceeds_shipment")
    (line,) = refused.json()["lines"]
    assert (line["shipped"], line["returned"], line["returnable"]) == ("3", "2", "1")
    assert (await step(shop, first, "cancel")).json()["status"] == "cancelled"
    assert (await draft(shop, shipment, (1, "3"))).status_code == 201


async def test_of_many_who_return_the_same_goods_at_once_one_wins(shop: Any) -> None:
    """B7: whoever comes second is told what is left."""
    shipment = await shipped(shop)
    answers = await asyncio.gather(*(draft(shop, shipment, (1, "2")) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    (made,) = [one.json() for one in answers if one.status_code == 201]
    await step(shop, made, "audit")
    steps = await asyncio.gather(*(step(shop, made, "post") for _ in range(4)))
    assert sorted(one.status_code for one in steps) == [200, 409, 409, 409]
    names = await shop.events()
    assert (names.count("CustomerReturnPosted"), names.count("RefundGranted")) == (1, 1)


async def test_units_are_named_and_must_be_those_that_left(shop: Any) -> None:
    """B5, B7."""
    shop.line.held = [{"line_no": 1, "item_id": "tea", "quantity": "2", "serials": ["a", "b"]}]
    lines = [PHONE, {"item_id": "tea", "quantity": "1", "unit": "box", "amount": "9.90"}]
    shop.line.held += [{"line_no": 2, "item_id": "tea", "quantity": "1"}]
    shipment = await shipped(shop, lines=lines)
    body = {"shipment_id": shipment["shipment_id"]}
    line = {"shipment_line_no": 1, "quantity": "1"}
    refused = await shop.send("/returns", {**body, "lines": [{**line, "serials": ["z"]}]})
    assert (refused.status_code, refused.json()["code"]) == (409, "returned_goods_differ")
    assert refused.json()["lines"][0]["serials_returnable"] == ["a", "b"]
    made = await shop.send("/returns", {**body, "lines": [{**line, "serials": ["b"]}]})
    assert made.status_code == 201, made.text
    again = await shop.send("/returns", {**body, "lines": [{**line, "serials": ["b"]}]})
    assert again.json()["lines"][0]["serials_returnable"] == ["a"]


async def test_free_goods_come_back_without_a_refund(shop: Any) -> None:
    free = {"item_id": "tea", "quantity": "1", "unit": "box", "amount": "0"}
    paid = {"item_id": "rice", "quantity": "1", "unit": "kg", "amount": "47.40"}
    shipment = await shipped(shop, lines=[free, paid])
    assert (await posted(shop, shipment, (1, "1")))["refund"] == "0"
    assert (await shop.events())[-1] == "CustomerReturnPosted"


async def test_a_step_from_a_version_that_is_gone_is_refused(shop: Any) -> None:
    made = (await draft(shop, await shipped(shop), (1, "1"))).json()
    headers = {**shop.service.headers(["clerk"]), "If-Match": '"1"'}
    path = f"/returns/{made['return_id']}/audit"
    answer = await shop.service.api.post(path, headers=headers)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    headers = {**shop.service.headers(["clerk"]), "If-Match": '"1"'}
    late = await shop.service.api.post(f"/returns/{made['return_id']}/cancel", headers=headers)
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")


async def test_what_is_returned_must_be_clear(shop: Any) -> None:
    shipment = await shipped(shop)
    missing = await draft(shop, {"shipment_id": str(uuid4())}, (1, "1"))
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_shipment")
    codes = [
        (await draft(shop, shipment)).json()["code"],
        (await draft(shop, shipment, (9, "1"), (8, "1"))).json()["code"],
        (await draft(shop, shipment, (1, "0.5"))).json()["code"],
        (await draft(shop, shipment, (1, "1"), warehouse_id="moon")).json()["code"],
        (await shop.send(f"/returns/{uuid4()}/post")).json()["code"],
    ]
    assert codes == [
        "return_lines_missing",
        "shipment_lines_unclear",
        "quantity_too_precise",
        "unknown_warehouse",
        "unknown_return",
    ]


async def test_a_return_is_exchanged_for_an_order_of_the_same_customer_once(shop: Any) -> None:
    """B7: until that order has come to nothing."""
    made = await posted(shop, await shipped(shop), (1, "1"))
    path = f"/returns/{made['return_id']}/exchange"
    first, second = await shop.reserved(), await shop.reserved()
    named = await shop.send(path, {"order_id": first["order_id"]})
    assert named.json()["exchange_order_id"] == first["order_id"]
    assert (await shop.send(path, {"order_id": first["order_id"]})).status_code == 200
    taken = await shop.send(path, {"order_id": second["order_id"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "exchanged_already")
    await shop.send(f"/orders/{first['order_id']}/cancel")
    ended = await shop.send(path, {"order_id": first["order_id"]})
    assert ended.json()["code"] == "exchange_order_ended"
    assert (await shop.send(path, {"order_id": second["order_id"]})).status_code == 200
    listed = await shop.read("/returns", exchange_order_id=second["order_id"])
    assert [one["return_id"] for one in listed["items"]] == [made["return_id"]]
    await shop.send("/customers", {"customer_id": "li", "name": "Li"})
    other = await shop.reserved(customer_id="li")
    refused = await shop.send(path, {"order_id": other["order_id"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "exchange_for_others")


async def test_a_return_of_another_site_is_neither_shown_nor_taken_further(shop: Any) -> None:
    made = (await draft(shop, await shipped(shop), (1, "1"))).json()
    path = f"/returns/{made['return_id']}"
    assert (await shop.read(path, sites=["bj-01"]))["code"] == "site_forbidden"
    assert (await shop.read("/returns", sites=["bj-01"]))["items"] == []
    assert (await shop.send(f"{path}/audit", sites=["bj-01"])).status_code == 403


async def test_a_shipment_posted_by_mistake_is_reversed_by_a_document_of_its_own(shop: Any) -> None:
    """A1: as a whole, by two persons; nothing of it can come back, or be signed for, again."""
    shipment = await shipped(shop)
    made = (await reversal(shop, shipment)).json()
    assert (made["cause"], made["warehouse_id"]) == ("reversal", shipment["warehouse_id"])
    assert [(line["item_id"], line["quantity"]) for line in made["lines"]] == [
        ("tea", "3"),
        ("rice", "1.25"),
    ]
    alone = await step(shop, made, "audit")
    assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
    assert (await step(shop, made, "audit", subject="berta")).status_code == 200
    posted = (await step(shop, made, "post")).json()
    assert (posted["status"], posted["refund"]) == ("posting", "47.4")
    fact = next(one for one in await shop.service.events() if isinstance(one, CustomerReturnPosted))
    assert (fact.cause, fact.reverses_shipment) == ("undelivered", True)
    assert fact.number.startswith("RV-sh-01-")
    path = f"/shipments/{shipment['shipment_id']}"
    signed = await shop.send(f"{path}/deliver", {"signed_by": "Wang"})
    assert signed.json()["code"] == "shipment_came_back"
    again = await reversal(shop, shipment)
    assert (again.status_code, again.json()["code"]) == (409, "returned_in_part")


async def test_a_reversal_is_whole_and_of_what_nobody_has(shop: Any) -> None:
    shipment = await shipped(shop)
    for unclear in ({"reason": None}, {"warehouse_id": "main"}):
        answer = await reversal(shop, shipment, **unclear)
        assert (answer.status_code, answer.json()["code"]) == (422, "reversal_is_whole")
    line = await draft(shop, shipment, (1, "1"), cause="reversal", reason="wrong customer")
    assert line.json()["code"] == "reversal_is_whole"
    await draft(shop, shipment, (1, "1"))
    assert (await reversal(shop, shipment)).json()["code"] == "returned_in_part"
    other = await shipped(shop)
    made = (await reversal(shop, other)).json()
    await step(shop, made, "audit", subject="berta")
    await shop.send(f"/shipments/{other['shipment_id']}/deliver", {"signed_by": "Wang"})
    refused = await step(shop, made, "post")
    assert (refused.status_code, refused.json()["code"]) == (409, "signed_for_already")
