"""Returns that were posted by mistake are reversed by documents that name them (A1)."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.costing import (
    CostOfSalesCorrected,
    GoodsReturnedCosted,
    GoodsSoldCosted,
    ReturnReversalCosted,
)
from contracts.inventory import DeviceDefined, ReturnBooked, ReturnReversalBooked
from contracts.sales import (
    CustomerReturnReversed,
    RefundWithdrawn,
    SalesOrderCompleted,
    SalesOrderPaid,
    SalesOrderReopened,
)
from servicekit.clock import now, shifted

ASKED = "customer-return-reversals"


@pytest.fixture(autouse=True)
def _granting(shop: Any) -> None:
    shop.line.answers[ASKED] = lambda _, body: (
        201,
        {"reversal_id": body["reversal_id"], "booked_at": now().isoformat()},
    )


async def shipped(shop: Any, order: Any = None) -> dict[str, Any]:
    """Return a shipment of 3 tea for 37.50 and 1.25 rice for 9.90."""
    order = order or await shop.paid()
    answer = await shop.send(f"/orders/{order['order_id']}/ship")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def returned(shop: Any, shipment: Any, *lines: tuple[int, str], **more: Any) -> Any:
    """Return a return that is posted, and booked by inventory."""
    given = [{"shipment_line_no": no, "quantity": quantity} for no, quantity in lines]
    body = {"shipment_id": shipment["shipment_id"], "lines": given, **more}
    made = (await shop.send("/returns", body)).json()
    path = f"/returns/{made['return_id']}"
    assert (await shop.send(f"{path}/audit", subject="boss")).status_code == 200
    assert (await shop.send(f"{path}/post")).status_code == 200
    if more.get("cause") != "lost":
        booked = ReturnBooked(return_id=made["return_id"], site_id="sh-01", booked_at=now())
        await shop.service.deliver(booked)
    return await shop.read(path)


async def draft(shop: Any, made: Any, **extra: Any) -> Any:
    body = {"return_id": made["return_id"], "reason": "entered for another customer"}
    return await shop.send("/return-reversals", body, **extra)


async def audited(shop: Any, made: Any) -> Any:
    drafted = await draft(shop, made)
    assert drafted.status_code == 201, drafted.text
    answer = await step(shop, drafted.json(), "audit", subject="boss")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def step(shop: Any, reversal: Any, name: str, **extra: Any) -> Any:
    return await shop.send(f"/return-reversals/{reversal['reversal_id']}/{name}", **extra)


def booked(reversal: Any) -> ReturnReversalBooked:
    return ReturnReversalBooked(
        reversal_id=reversal["reversal_id"],
        return_id=reversal["return_id"],
        site_id="sh-01",
        booked_at=now(),
    )


async def undone(shop: Any, made: Any) -> Any:
    """Return the reversal of a return, booked."""
    reversal = await audited(shop, made)
    answer = await step(shop, reversal, "post")
    assert answer.status_code == 200, answer.text
    await shop.service.deliver([booked(reversal), booked(reversal)])
    return await shop.read(f"/return-reversals/{reversal['reversal_id']}")


async def facts(shop: Any, kind: type[Any]) -> list[Any]:
    return [one for one in await shop.service.events() if isinstance(one, kind)]


async def test_a_return_is_taken_back_and_what_it_named_may_come_back_again(shop: Any) -> None:
    """A1: drafted by one person, audited by another; the goods are the customer's again."""
    shipment = await shipped(shop)
    made = await returned(shop, shipment, (1, "2"))
    drafted = (await draft(shop, made)).json()
    assert (drafted["number"][:9], drafted["return_number"]) == ("RV-sh-01-", made["number"])
    alone = await step(shop, drafted, "audit")
    assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
    early = await step(shop, drafted, "post")
    assert (early.status_code, early.json()["code"]) == (409, "reversal_not_audited")
    assert (await step(shop, drafted, "audit", subject="boss")).json()["status"] == "audited"
    posting = (await step(shop, drafted, "post")).json()
    assert posting["status"] == "posting"
    assert (await shop.read(f"/returns/{made['return_id']}"))["status"] == "posted"
    assert await facts(shop, CustomerReturnReversed) == []
    await shop.service.deliver([booked(drafted), booked(drafted)])
    shown = await shop.read(f"/returns/{made['return_id']}")
    assert (shown["status"], shown["reversed_by_number"]) == ("reversed", drafted["number"])
    again = ReturnBooked(return_id=made["return_id"], site_id="sh-01", booked_at=now())
    await shop.service.deliver(again)
    (fact,), (refund,) = (
        await facts(shop, CustomerReturnReversed),
        await facts(shop, RefundWithdrawn),
    )
    assert (fact.reversal_number, fact.number) == (drafted["number"], made["number"])
    assert (fact.key, str(fact.lines[0].quantity)) == (shipment["shipment_id"], "2")
    assert (str(refund.amount), refund.customer_id, refund.on_account) == ("25", "wang", False)
    report = await shop.read("/reports/sales", site_id="sh-01")
    assert (report["revenue_returned"], report["revenue"]) == ("0", "47.4")
    assert (await returned(shop, shipment, (1, "3")))["refund"] == "37.5"


async def test_what_stays_returned_is_paid_back_to_the_cent(shop: Any) -> None:
    """A1, B7: the first of three parts of 9.90 is undone after the second, and comes again."""
    shipment = await shipped(shop)
    first = await returned(shop, shipment, (2, "0.417"))
    second = await returned(shop, shipment, (2, "0.417"))
    await undone(shop, first)
    rest = await returned(shop, shipment, (2, "0.833"))
    assert [one["refund"] for one in (first, second, rest)] == ["3.3", "3.31", "6.59"]


async def test_only_what_is_posted_and_stands_is_reversed_and_once(shop: Any) -> None:
    shipment = await shipped(shop)
    body = {
        "shipment_id": shipment["shipment_id"],
        "lines": [{"shipment_line_no": 2, "quantity": "1"}],
    }
    waiting = (await shop.send("/returns", body)).json()
    refused = await draft(shop, waiting)
    assert (refused.status_code, refused.json()["code"]) == (409, "return_not_reversible")
    made = await returned(shop, shipment, (1, "2"))
    answers = await asyncio.gather(*(draft(shop, made) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    codes = {one.json()["code"] for one in answers if one.status_code == 409}
    assert codes == {"reversal_under_way"}
    (drafted,) = [one.json() for one in answers if one.status_code == 201]
    assert (await step(shop, drafted, "cancel")).json()["status"] == "cancelled"
    await undone(shop, made)
    refused = await draft(shop, made)
    assert (refused.status_code, refused.json()["code"]) == (409, "return_already_reversed")
    cancel = await shop.send(f"/returns/{made['return_id']}/cancel")
    assert (cancel.status_code, cancel.json()["code"]) == (409, "return_already_posted")


async def test_the_reversal_of_a_shipment_is_not_reversed(shop: Any) -> None:
    made = await returned(shop, await shipped(shop), cause="reversal", reason="wrong customer")
    refused = await draft(shop, made)
    assert (refused.status_code, refused.json()["code"]) == (409, "reversal_not_reversible")


async def test_what_inventory_refuses_is_audited_as_before_and_may_be_posted_anew(
    shop: Any,
) -> None:
    made = await returned(shop, await shipped(shop), (1, "2"))
    reversal = await audited(shop, made)
    line = {"line_no": 1, "wanted": "2", "on_hand": "1", "allocated_by": []}
    problem = {"code": "returned_goods_gone", "lines": [line]}
    granted = shop.line.answers.pop(ASKED)
    shop.line.refusals[ASKED] = (409, problem)
    refused = await step(shop, reversal, "post")
    assert (refused.status_code, refused.json()["code"]) == (409, "returned_goods_gone")
    assert refused.json()["lines"] == [line]
    held = await shop.read(f"/return-reversals/{reversal['reversal_id']}")
    assert (held["status"], held["posted_by"]) == ("audited", None)
    assert made["number"] in held["held_cause"]
    shop.line.answers[ASKED] = granted
    assert (await step(shop, reversal, "post")).json()["status"] == "posting"


async def test_a_reversal_waits_for_inventory_and_is_asked_for_under_one_key(shop: Any) -> None:
    """A1: nobody takes it back meanwhile, a repeat goes on with it, and a sweep asks again."""
    made = await returned(shop, await shipped(shop), (1, "2"))
    reversal, key = await audited(shop, made), str(uuid4())
    await shop.line.down()
    waits = await step(shop, reversal, "post", key=key)
    assert (waits.status_code, waits.json()["status"]) == (202, "posting")
    cancel = await step(shop, reversal, "cancel")
    assert (cancel.status_code, cancel.json()["code"]) == (409, "reversal_already_posted")
    (open_one,) = (await shop.read("/reports/open-documents", kind="return_reversal"))["items"]
    assert (open_one["number"], open_one["waits_for"]) == (reversal["number"], "inventory")
    await shop.line.up()
    with shifted(timedelta(minutes=1)):
        await shop.service.run_job("settle_reversals")
        await shop.service.run_job("settle_reversals")
    assert shop.line.work_done().count(ASKED) == 1
    await shop.service.deliver(booked(reversal))
    assert (await shop.read("/reports/open-documents", kind="return_reversal"))["items"] == []
    listed = await shop.read("/return-reversals", return_id=made["return_id"], status="posted")
    assert [one["number"] for one in listed["items"]] == [reversal["number"]]


async def test_of_two_who_post_the_same_reversal_one_is_told(shop: Any) -> None:
    made = await returned(shop, await shipped(shop), (1, "2"))
    reversal = await audited(shop, made)
    answers = await asyncio.gather(*(step(shop, reversal, "post") for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    codes = {one.json()["code"] for one in answers if one.status_code == 409}
    assert codes == {"reversal_already_posted"}


async def test_undelivered_goods_are_under_way_again_and_their_order_is_open(shop: Any) -> None:
    """A1, F1: it had been closed; the customer may sign for them now."""
    shipment = await shipped(shop)
    made = await returned(shop, shipment, cause="undelivered")
    order_path = f"/orders/{shipment['order_id']}"
    assert (await shop.read(order_path))["closed_at"]
    await undone(shop, made)
    assert (await shop.read(order_path))["closed_at"] is None
    (reopened,) = await facts(shop, SalesOrderReopened)
    assert str(reopened.order_id) == shipment["order_id"]
    assert len((await shop.read("/in-transit"))["items"]) == 2
    signed = await shop.send(f"/shipments/{shipment['shipment_id']}/deliver", {"signed_by": "Li"})
    assert signed.status_code == 200, signed.text
    assert (await shop.read(order_path))["closed_at"]
    assert len(await facts(shop, SalesOrderCompleted)) == 2


async def test_goods_that_were_not_lost_after_all_are_under_way_at_once(shop: Any) -> None:
    """A1, F1: they are on nobody's books, so that inventory is not asked."""
    shipment = await shipped(shop)
    made = await returned(shop, shipment, cause="lost", reason="the carrier said so")
    reversal = await audited(shop, made)
    answer = await step(shop, reversal, "post")
    assert (answer.status_code, answer.json()["status"]) == (200, "posted"), answer.text
    assert ASKED not in shop.line.work_done()
    (fact,) = await facts(shop, CustomerReturnReversed)
    assert fact.cause == "lost"
    assert len((await shop.read("/in-transit"))["items"]) == 2
    assert (await shop.read(f"/orders/{shipment['order_id']}"))["closed_at"] is None


async def test_what_was_taken_off_an_account_is_owed_again_to_the_cent(shop: Any) -> None:
    """A1, B3: what the refund had freed and nothing has used settles it at once."""
    terms = {"credit_limit": "100", "terms_days": 30}
    await shop.send("/customers/wang/credit-terms", terms, "finance")
    order = await shop.reserved()
    credit = await shop.send(f"/orders/{order['order_id']}/credit")
    assert credit.status_code == 200, credit.text
    shipment = await shipped(shop, order)
    payment = {"site_id": "sh-01", "amount": "40", "orders": [], "reference": "bank 7"}
    await shop.send("/customers/wang/payments", payment, "finance")
    made = await returned(shop, shipment, (1, "1"))
    account = await shop.read("/customers/wang/account")
    assert (account["owed"], account["balance"]) == ("0", "5.1")
    await shop.send(f"/shipments/{shipment['shipment_id']}/deliver", {"signed_by": "Li"})
    await shop.service.run_job("tell_settled")
    path = f"/orders/{order['order_id']}"
    assert (await shop.read(path))["closed_at"]
    await undone(shop, made)
    account = await shop.read("/customers/wang/account")
    assert (account["owed"], account["balance"]) == ("7.4", "0")
    shown = await shop.read(path)
    assert (shown["paid_at"], shown["closed_at"]) == (None, None)
    (withdrawn,) = await facts(shop, RefundWithdrawn)
    assert withdrawn.on_account
    rest = {**payment, "amount": "7.40"}
    await shop.send("/customers/wang/payments", rest, "finance")
    await shop.service.run_job("tell_settled")
    shown = await shop.read(path)
    assert shown["paid_at"]
    assert shown["closed_at"]
    assert len(await facts(shop, SalesOrderPaid)) == 2


async def test_what_a_balance_settles_of_a_return_taken_back_is_told_as_paid(shop: Any) -> None:
    """B3: of several facts the last one counts, so it says all that was paid."""
    terms = {"credit_limit": "100", "terms_days": 30}
    await shop.send("/customers/wang/credit-terms", terms, "finance")
    order = await shop.reserved()
    await shop.send(f"/orders/{order['order_id']}/credit")
    made = await returned(shop, await shipped(shop, order), (1, "1"))
    payment = {"site_id": "sh-01", "amount": "50", "reference": "bank 7"}
    await shop.send("/customers/wang/payments", payment, "finance")
    await shop.service.run_job("tell_settled")
    paid_at = (await shop.read(f"/orders/{order['order_id']}"))["paid_at"]
    await undone(shop, made)
    await shop.service.run_job("tell_settled")
    account = await shop.read("/customers/wang/account")
    assert (account["owed"], account["balance"]) == ("0", "2.6")
    assert (await shop.read(f"/orders/{order['order_id']}"))["paid_at"] == paid_at
    told = [(str(one.amount), one.on_credit) for one in await facts(shop, SalesOrderPaid)]
    assert told == [("34.9", True), ("47.4", True)]


async def test_margins_know_the_cost_again_and_later_corrections_are_shared_anew(
    shop: Any,
) -> None:
    """A1, E4: a line bears of a correction what of it was gone by then."""
    shipment = await shipped(shop)
    made = await returned(shop, shipment, (1, "3"))
    reversal = await undone(shop, made)
    key = {"site_id": "sh-01", "item_id": "tea", "currency": "CNY", "costed_at": now()}
    ids = {"order_id": shipment["order_id"], "shipment_id": shipment["shipment_id"]}
    line = {**key, **ids, "quantity": Decimal(3), "cost": Decimal(30), "line_no": 1}
    back = {**line, "shipment_line_no": 1, "return_id": made["return_id"]}
    correction = {
        **key,
        "cause": "invoice",
        "document_id": UUID(int=7),
        "document_number": "I-1",
        "line_no": 1,
        "receipt_sequence": 1,
        "amount": Decimal(2),
        "effective_at": now(),
    }
    told = [
        GoodsSoldCosted.model_validate({**line, "sequence": 2, "unit_cost": Decimal(10)}),
        GoodsReturnedCosted.model_validate({**back, "sequence": 3}),
        CostOfSalesCorrected.model_validate({**correction, "sequence": 4}),
        ReturnReversalCosted.model_validate(
            {**back, "sequence": 5, "reversal_id": reversal["reversal_id"]}
        ),
        CostOfSalesCorrected.model_validate({**correction, "sequence": 6}),
    ]
    await shop.service.deliver(told)
    (tea,) = (await shop.read("/reports/margins", by="item", item_id="tea"))["items"]
    assert (tea["amount"], tea["cost"], tea["corrections"]) == ("37.5", "32", "2")


async def test_the_tax_list_has_the_return_and_what_took_it_back(shop: Any) -> None:
    """A1, H5: a blue line on its own day, at the rate of the sale."""
    for item in ("tea", "rice"):
        rate = {"scope": "item", "name": item, "percent": "13", "valid_from": "2020-01-01"}
        answer = await shop.send("/output-vat-rates", rate, "finance")
        assert answer.status_code < 300, answer.text
    made = await returned(shop, await shipped(shop), (1, "2"))
    reversal = await undone(shop, made)
    period = f"{now() + timedelta(hours=8):%Y-%m}"
    page = await shop.read("/output-invoices", period=period, site_id="sh-01")
    tea = [one for one in page["items"] if one["item_id"] == "tea"]
    assert [(one["kind"], one["number"], one["amount"]) for one in tea[1:]] == [
        ("red", made["number"], "-25"),
        ("blue", reversal["number"], "25"),
    ]
    assert tea[2]["original_number"] == made["number"]


@pytest.mark.parametrize("name", ["audit", "post", "cancel"])
async def test_steps_are_for_the_site_and_from_the_version_seen(shop: Any, name: str) -> None:
    reversal = await audited(shop, await returned(shop, await shipped(shop), (1, "2")))
    path = f"/return-reversals/{reversal['reversal_id']}/{name}"
    headers = shop.service.headers(["clerk"], ["bj-01"])
    elsewhere = await shop.service.api.post(path, headers=headers)
    assert elsewhere.status_code == 403
    headers = {**shop.service.headers(["clerk"]), "If-Match": '"1"'}
    late = await shop.service.api.post(path, headers=headers)
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")
    unknown = await shop.send(f"/return-reversals/{uuid4()}/{name}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_return_reversal")


async def test_inventory_is_told_with_which_device_a_return_is_taken_back(shop: Any) -> None:
    """A8: one of the site's; without one it is asked as before, to the letter."""
    questions = list[Any]()

    def granted(_: Any, body: Any) -> tuple[int, Any]:
        questions.append(body)
        return 201, {"reversal_id": body["reversal_id"], "booked_at": now().isoformat()}

    shop.line.answers[ASKED] = granted
    gun = {"site_id": "sh-01", "name": "gun", "kind": "scanner", "revoked": False}
    await shop.service.deliver(DeviceDefined(device_id="gun-1", **gun))
    shipment = await shipped(shop)
    with_device = await audited(shop, await returned(shop, shipment, (1, "1")))
    unknown = await step(shop, with_device, "post", device="gun-9")
    assert (unknown.status_code, unknown.json()["code"]) == (403, "unknown_device")
    posted = await step(shop, with_device, "post", device="gun-1")
    assert (posted.status_code, posted.json()["device_id"]) == (200, "gun-1")
    without = await audited(shop, await returned(shop, shipment, (2, "1")))
    assert (await step(shop, without, "post")).status_code == 200
    assert [one.get("device_id", "none") for one in questions] == ["gun-1", "none"]
