"""Orders on credit: within the limit, counted once, settled by what is paid on account."""

import asyncio
from typing import Any

import pytest

from contracts.sales import (
    CustomerDefined,
    CustomerPaymentReceived,
    RefundGranted,
    SalesOrderCompleted,
    SalesOrderOnCredit,
    SalesOrderPaid,
)

TERMS = {"credit_limit": "100", "terms_days": 30}


async def agree(shop: Any, **terms: Any) -> None:
    answer = await shop.send("/customers/wang/credit-terms", {**TERMS, **terms}, "finance")
    assert answer.status_code == 200, answer.text


async def credit(shop: Any, order_id: str, **extra: Any) -> Any:
    return await shop.send(f"/orders/{order_id}/credit", **extra)


async def on_credit(shop: Any) -> dict[str, Any]:
    answer = await credit(shop, (await shop.reserved())["order_id"])
    assert (answer.status_code, answer.json()["on_credit"]) == (200, True), answer.text
    return dict(answer.json())


async def account(shop: Any) -> tuple[str, str]:
    found = await shop.read("/customers/wang/account")
    return found["owed"], found["balance"]


async def pay(shop: Any, amount: str, *orders: str) -> Any:
    body = {"site_id": "sh-01", "amount": amount, "orders": list(orders), "reference": "bank 7"}
    return await shop.send("/customers/wang/payments", body, "finance")


async def facts(shop: Any, kind: type[Any]) -> list[Any]:
    return [one for one in await shop.service.events() if isinstance(one, kind)]


async def test_an_order_on_credit_is_held_for_good_and_owed(shop: Any) -> None:
    await agree(shop)
    order = await on_credit(shop)
    assert (order["status"], order["paid_at"]) == ("paid", None)
    assert shop.line.work_done() == ["reservations", "confirm"]
    (said,) = await facts(shop, SalesOrderOnCredit)
    assert (str(said.amount), said.customer_id, said.allowed_by) == ("47.4", "wang", None)
    assert await facts(shop, SalesOrderPaid) == []
    assert await account(shop) == ("47.4", "0")
    (owed,) = (await shop.read("/reports/receivables"))["items"]
    assert (owed["number"], owed["open"], owed["days_overdue"]) == (order["number"], "47.4", 0)
    assert owed["due_on"] == str(said.due_on)


async def test_nobody_buys_on_credit_unless_that_is_agreed(shop: Any) -> None:
    order = await shop.reserved()
    answer = await credit(shop, order["order_id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "credit_limit_exceeded")
    assert await shop.status(order["order_id"]) == "reserved"


async def test_over_the_limit_is_refused_with_the_figures_and_a_manager_may_allow_it(
    shop: Any,
) -> None:
    await agree(shop)
    await on_credit(shop)
    await on_credit(shop)
    order = await shop.reserved()
    said = (await credit(shop, order["order_id"])).json()
    assert {name: said[name] for name in ("limit", "owed", "amount", "over")} == {
        "limit": "100.00",
        "owed": "94.80",
        "amount": "47.40",
        "over": "42.20",
    }
    because = {"over_limit_because": "Feast of the whole street"}
    refused = await credit(shop, order["order_id"], body=because)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")
    allowed = await credit(shop, order["order_id"], body=because, role="shop_manager")
    assert allowed.status_code == 200, allowed.text
    told = (await facts(shop, SalesOrderOnCredit))[-1]
    assert (told.allowed_by, told.reason) == ("tester", "Feast of the whole street")
    owed = (await shop.read("/reports/receivables"))["items"]
    assert [one["reason"] for one in owed] == [None, None, "Feast of the whole street"]


async def test_two_orders_at_once_do_not_both_slip_under_the_limit(shop: Any) -> None:
    await agree(shop)
    orders = [await shop.reserved() for _ in range(5)]
    answers = await asyncio.gather(*(credit(shop, one["order_id"]) for one in orders))
    assert sorted(one.status_code for one in answers) == [200, 200, 409, 409, 409]
    assert await account(shop) == ("94.8", "0")


async def test_the_same_command_again_is_owed_once(shop: Any) -> None:
    await agree(shop)
    order = await shop.reserved()
    for _ in range(2):
        answer = await credit(shop, order["order_id"], key="once")
        assert answer.status_code == 200
    again = await credit(shop, order["order_id"])
    assert again.json()["code"] == "order_not_payable"
    assert await account(shop) == ("47.4", "0")


@pytest.mark.parametrize("code", ["reservation_expired", "reservation_released"])
async def test_what_inventory_does_not_keep_any_more_is_not_owed(shop: Any, code: str) -> None:
    await agree(shop)
    order = await shop.reserved()
    shop.line.refusals["confirm"] = 409, {"code": code, "detail": "gone", "status": 409}
    answer = await credit(shop, order["order_id"])
    assert answer.status_code == 409
    assert await account(shop) == ("0", "0")


async def test_a_cancelled_order_frees_its_credit_and_what_was_paid_for_it_is_a_balance(
    shop: Any,
) -> None:
    await agree(shop)
    order = await on_credit(shop)
    await pay(shop, "20")
    assert await account(shop) == ("27.4", "0")
    await shop.send(f"/orders/{order['order_id']}/cancel")
    assert await shop.status(order["order_id"]) == "cancelled"
    assert await account(shop) == ("0", "20")
    await on_credit(shop)
    assert await account(shop) == ("27.4", "0")


async def test_payments_settle_the_oldest_or_those_named_and_the_rest_is_kept(shop: Any) -> None:
    await agree(shop, credit_limit="1000")
    first, second, third = [await on_credit(shop) for _ in range(3)]
    said = (await pay(shop, "50", third["order_id"])).json()
    assert [(one["number"], one["amount"]) for one in said["settles"]] == [
        (third["number"], "47.4"),
        (first["number"], "2.6"),
    ]
    unknown = await pay(shop, "1", third["order_id"])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "order_not_owed")
    said = (await pay(shop, "100")).json()
    assert [one["number"] for one in said["settles"]] == [first["number"], second["number"]]
    assert (said["account"]["owed"], said["account"]["balance"]) == ("0", "7.8")
    assert said["account"]["available"] == "1007.8"
    await shop.service.run_job("tell_settled")
    assert len(await facts(shop, SalesOrderPaid)) == 3
    assert (await shop.read(f"/orders/{second['order_id']}"))["paid_at"]
    told = await facts(shop, CustomerPaymentReceived)
    assert [(str(one.amount), str(one.balance)) for one in told] == [("50", "0"), ("100", "7.8")]
    listed = (await shop.read("/customers/wang/payments"))["items"]
    assert [(one["amount"], one["applied"]) for one in listed] == [("100", "92.2"), ("50", "50")]


async def test_an_order_paid_in_parts_is_told_once_with_the_sum_of_its_parts(shop: Any) -> None:
    """The parts are told as they come in; what is paid at once says that it adds up."""
    await agree(shop)
    order = await on_credit(shop)
    for amount in ("20", "27.40"):
        await pay(shop, amount)
        await shop.service.run_job("tell_settled")
    (told,) = await facts(shop, SalesOrderPaid)
    assert (str(told.order_id), str(told.amount)) == (order["order_id"], "47.4")
    received = await facts(shop, CustomerPaymentReceived)
    parts = [part for one in received for part in one.settles]
    assert sum(one.amount for one in parts) == told.amount
    await shop.paid()
    assert [one.on_credit for one in await facts(shop, SalesOrderPaid)] == [True, False]


@pytest.mark.parametrize("patience_seconds", [0.5])
async def test_an_order_that_a_balance_settles_is_paid_only_once_its_goods_are_kept(
    shop: Any,
) -> None:
    await agree(shop)
    await pay(shop, "50")
    order = await shop.reserved()
    shop.line.may_answer.clear()
    waiting = await credit(shop, order["order_id"])
    assert (waiting.status_code, waiting.json()["status"]) == (202, "paying")
    assert await account(shop) == ("0", "2.6")
    await shop.service.run_job("tell_settled")
    assert await facts(shop, SalesOrderPaid) == []
    shop.line.may_answer.set()
    await shop.settle()
    await shop.service.run_job("tell_settled")
    assert len(await facts(shop, SalesOrderPaid)) == 1
    assert (await shop.read(f"/orders/{order['order_id']}"))["paid_at"]


async def test_a_refund_is_set_off_against_what_is_owed_to_the_cent(shop: Any) -> None:
    await agree(shop)
    order = await on_credit(shop)
    shipment = (await shop.send(f"/orders/{order['order_id']}/ship")).json()
    await pay(shop, "40")
    lines = [{"shipment_line_no": 1, "quantity": "1"}]
    made = await shop.send("/returns", {"shipment_id": shipment["shipment_id"], "lines": lines})
    path = f"/returns/{made.json()['return_id']}"
    await shop.send(f"{path}/audit")
    posted = await shop.send(f"{path}/post")
    assert posted.json()["refund"] == "12.5"
    assert await account(shop) == ("0", "5.1")
    (granted,) = await facts(shop, RefundGranted)
    assert granted.on_account


async def test_an_order_on_credit_closes_when_it_is_signed_for_and_settled(shop: Any) -> None:
    await agree(shop)
    order = await on_credit(shop)
    shipment = (await shop.send(f"/orders/{order['order_id']}/ship")).json()
    path = f"/shipments/{shipment['shipment_id']}/deliver"
    await shop.send(path, {"signed_by": "Wang"})
    assert (await shop.read(f"/orders/{order['order_id']}"))["closed_at"] is None
    assert await facts(shop, SalesOrderCompleted) == []
    (waiting,) = (await shop.read("/reports/open-documents"))["items"]
    assert (waiting["number"], waiting["waits_for"]) == (order["number"], "settlement")
    await pay(shop, "47.40")
    await shop.service.run_job("tell_settled")
    assert (await shop.read(f"/orders/{order['order_id']}"))["closed_at"]
    (told,) = await facts(shop, SalesOrderCompleted)
    assert (told.number, told.on_credit) == (order["number"], True)
    assert (await shop.read("/reports/open-documents"))["items"] == []
    assert len((await shop.read("/orders", closed="true"))["items"]) == 1


async def test_what_is_owed_is_summed_up_by_customer_and_age_and_leaves_as_a_file(
    shop: Any,
) -> None:
    await agree(shop)
    await on_credit(shop)
    (row,) = (await shop.read("/reports/receivables/by-customer"))["items"]
    assert (row["open"], row["not_due"], row["overdue_30"], row["orders"]) == (
        "47.4",
        "47.4",
        "0",
        1,
    )
    headers = shop.service.headers(["finance"])
    for form in ("csv", "xlsx", "parquet"):
        path = f"/reports/receivables/export?form={form}"
        assert (await shop.service.api.get(path, headers=headers)).status_code == 200
    elsewhere = await shop.read("/reports/receivables", ["bj-01"])
    assert elsewhere["items"] == []
    refused = await shop.read("/reports/receivables", ["bj-01"], site_id="sh-01")
    assert refused["code"] == "site_forbidden"


async def test_terms_are_facts_with_a_history_and_versions(shop: Any) -> None:
    await agree(shop)
    await agree(shop)
    await agree(shop, credit_limit="200")
    listed = (await shop.read("/customers/wang/versions"))["items"]
    assert [(one["version"], one["credit_limit"]) for one in listed] == [
        (1, "0"),
        (2, "100"),
        (3, "200"),
    ]
    told = [one for one in await facts(shop, CustomerDefined) if one.version == 3]
    assert [(str(one.credit_limit), one.terms_days) for one in told] == [("200", 30)]
    headers = shop.service.headers(["finance"]) | {"If-Match": '"2"'}
    late = await shop.service.api.post("/customers/wang/credit-terms", json=TERMS, headers=headers)
    assert (late.status_code, late.json()["code"]) == (409, "customer_changed")
    clerk = await shop.send("/customers/wang/credit-terms", TERMS)
    assert (clerk.status_code, clerk.json()["code"]) == (403, "role_missing")


async def test_an_own_shop_is_a_site_and_nobody_else_is(shop: Any) -> None:
    body = {"customer_id": "shop-1", "name": "Shop 1", "kind": "own_shop"}
    assert (await shop.send("/customers", body)).json()["code"] == "shop_needs_site"
    unknown = await shop.send("/customers", {**body, "site_id": "mars"})
    assert unknown.json()["code"] == "unknown_site"
    made = await shop.send("/customers", {**body, "site_id": "bj-01"})
    assert (made.status_code, made.json()["site_id"]) == (201, "bj-01")
    kept = await shop.send("/customers", {"customer_id": "shop-1", "name": "Shop one"})
    assert (kept.json()["kind"], kept.json()["version"]) == ("own_shop", 2)
    given_up = await shop.send("/customers", {**body, "kind": "outside"})
    assert (given_up.json()["kind"], given_up.json()["site_id"]) == ("outside", None)


SHEET = """customer_id,name,kind,site_id,credit_limit,terms_days
li,Li,,,500.00,30
shop-1,Shop 1,own_shop,bj-01,,
mars,Mars,own_shop,mars,,
,Nameless,,,,
zhao,Zhao,,,-1,
wang,Wang,own_shop,,,
li,Li again,,,,
"""


async def test_customers_come_in_a_sheet_and_each_line_left_out_says_why(shop: Any) -> None:
    """H6."""
    headers = shop.service.headers(["master_data"]) | {"Content-Type": "text/csv"}
    for accepted, unchanged in ((2, 0), (0, 2)):
        headers["Idempotency-Key"] = f"file-{accepted}"
        answer = await shop.service.api.post(
            "/customers/import-file", content=SHEET.encode(), headers=headers
        )
        report = answer.json()
        assert (report["accepted"], report["unchanged"]) == (accepted, unchanged), report
        assert [(one["line"], one["code"]) for one in report["refused"]] == [
            (4, "unknown_site"),
            (5, "invalid_line"),
            (6, "invalid_line"),
            (7, "shop_needs_site"),
            (8, "customer_repeated"),
        ]
    li = await shop.read("/customers/li")
    assert (li["credit_limit"], li["terms_days"], li["version"]) == ("500", 30, 1)
