"""What a customer has in advance is paid out: no more than there is, once, and for all to see."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from contracts.sales import CustomerBalancePaidOut


async def agree(shop: Any, limit: str) -> None:
    terms = {"credit_limit": limit, "terms_days": 30}
    assert (await shop.send("/customers/wang/credit-terms", terms, "finance")).status_code == 200


async def pay(shop: Any, amount: str) -> Any:
    body = {"site_id": "sh-01", "amount": amount, "reference": "bank 7"}
    answer = await shop.send("/customers/wang/payments", body, "finance")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def pay_out(shop: Any, amount: str, role: str = "finance", **extra: Any) -> Any:
    body = {"site_id": "sh-01", "amount": amount, "means": "bank_transfer", "reference": "T-1"}
    return await shop.send("/customers/wang/payouts", body, role, **extra)


async def on_credit(shop: Any) -> str:
    order_id = str((await shop.reserved())["order_id"])
    answer = await shop.send(f"/orders/{order_id}/credit")
    assert answer.status_code == 200, answer.text
    return order_id


async def account(shop: Any) -> tuple[str, str]:
    found = await shop.read("/customers/wang/account")
    return found["owed"], found["balance"]


async def facts(shop: Any) -> list[CustomerBalancePaidOut]:
    told = await shop.service.events()
    return [one for one in told if isinstance(one, CustomerBalancePaidOut)]


async def test_a_balance_is_paid_out_in_parts_and_the_account_shows_it(shop: Any) -> None:
    first, second = await pay(shop, "30"), await pay(shop, "20")
    made = await pay_out(shop, "35.50")
    assert made.status_code == 201, made.text
    said = made.json()
    parts = [(first["payment_id"], "30"), (second["payment_id"], "5.5")]
    assert [(one["payment_id"], one["amount"]) for one in said["parts"]] == parts
    assert (said["account"]["balance"], said["account"]["available"]) == ("14.5", "14.5")
    assert (await pay_out(shop, "14.50")).json()["account"]["balance"] == "0"
    assert await account(shop) == ("0", "0")
    newest, oldest = (await shop.read("/customers/wang/payments"))["items"]
    assert (newest["applied"], newest["paid_out"], newest["settles"]) == ("20", "20", [])
    assert (oldest["applied"], oldest["paid_out"]) == ("30", "30")
    listed = (await shop.read("/customers/wang/payouts"))["items"]
    assert [(one["amount"], one["means"], one["reference"], one["paid_by"]) for one in listed] == [
        ("14.5", "bank_transfer", "T-1", "tester"),
        ("35.5", "bank_transfer", "T-1", "tester"),
    ]
    assert listed[1] == {name: said[name] for name in listed[1]}


async def test_others_are_told_what_was_paid_out_and_what_is_left(shop: Any) -> None:
    payment = await pay(shop, "30")
    made = (await pay_out(shop, "10")).json()
    (told,) = await facts(shop)
    assert (str(told.payout_id), told.customer_id, told.site_id) == (
        made["payout_id"],
        "wang",
        "sh-01",
    )
    assert (told.amount, told.balance, told.currency) == (10, 20, "CNY")
    assert (told.means, told.reference, told.paid_by) == ("bank_transfer", "T-1", "tester")
    (part,) = told.of_payments
    assert (str(part.payment_id), part.amount) == (payment["payment_id"], 10)


async def test_more_than_there_is_is_refused_with_what_there_is(shop: Any) -> None:
    refused = await pay_out(shop, "0.01")
    assert (refused.status_code, refused.json()["code"]) == (409, "balance_exceeded")
    await pay(shop, "30")
    said = (await pay_out(shop, "30.01")).json()
    assert (said["code"], said["balance"], said["over"]) == ("balance_exceeded", "30.00", "0.01")
    assert await account(shop) == ("0", "30")
    assert await facts(shop) == []


async def test_who_owes_has_no_balance_and_what_came_back_after_payment_is_one(shop: Any) -> None:
    await agree(shop, "100")
    order_id = await on_credit(shop)
    await pay(shop, "40")
    assert (await pay_out(shop, "1")).json()["code"] == "balance_exceeded"
    shipment = (await shop.send(f"/orders/{order_id}/ship")).json()
    lines = [{"shipment_line_no": 1, "quantity": "3"}]
    body = {"shipment_id": shipment["shipment_id"], "lines": lines}
    path = f"/returns/{(await shop.send('/returns', body)).json()['return_id']}"
    for step in ("audit", "post"):
        assert (await shop.send(f"{path}/{step}")).status_code == 200
    assert await account(shop) == ("0", "30.1")
    assert (await pay_out(shop, "30.10")).status_code == 201
    (payment,) = (await shop.read("/customers/wang/payments"))["items"]
    assert (payment["applied"], payment["paid_out"]) == ("40", "30.1")
    assert [one["amount"] for one in payment["settles"]] == ["9.9"]
    await on_credit(shop)
    assert await account(shop) == ("47.4", "0")


async def test_what_was_paid_out_is_no_balance_when_its_order_is_cancelled(shop: Any) -> None:
    await agree(shop, "100")
    order_id = await on_credit(shop)
    await pay(shop, "50")
    assert (await pay_out(shop, "2.60")).status_code == 201
    await shop.send(f"/orders/{order_id}/cancel")
    assert await account(shop) == ("0", "47.4")
    assert (await pay_out(shop, "47.40")).status_code == 201
    assert await account(shop) == ("0", "0")


async def test_the_same_command_again_pays_out_once(shop: Any) -> None:
    await pay(shop, "30")
    answers = [await pay_out(shop, "20", key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert await account(shop) == ("0", "10")
    assert len(await facts(shop)) == 1


async def test_payouts_and_purchases_in_flight_together_overdraw_nothing(shop: Any) -> None:
    """The customer has no limit: what is bought on credit is borne by the balance alone."""
    await pay(shop, "100")
    orders = [await shop.reserved() for _ in range(3)]
    purchases = [shop.send(f"/orders/{one['order_id']}/credit") for one in orders]
    payouts = [pay_out(shop, "40") for _ in range(3)]
    flights = [one for pair in zip(payouts, purchases, strict=True) for one in pair]
    answers = await asyncio.gather(*flights)
    paid_out = sum(one.status_code == 201 for one in answers[::2])
    bought = sum(one.status_code == 200 for one in answers[1::2])
    assert {one.json()["code"] for one in answers if one.status_code >= 400} <= {
        "balance_exceeded",
        "credit_limit_exceeded",
    }
    left = Decimal(100) - paid_out * Decimal(40) - bought * Decimal("47.4")
    assert paid_out + bought == 2
    owed, balance = await account(shop)
    assert (owed, Decimal(balance)) == ("0", left)
    assert len(await facts(shop)) == paid_out


@pytest.mark.parametrize("role", ["clerk", "shop_manager"])
async def test_only_finance_pays_out(shop: Any, role: str) -> None:
    await pay(shop, "30")
    refused = await pay_out(shop, "10", role)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")


async def test_a_payout_names_a_known_customer_and_a_site_of_the_callers(shop: Any) -> None:
    await pay(shop, "30")
    elsewhere = await pay_out(shop, "10", sites=["bj-01"])
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "site_forbidden")
    body = {"site_id": "sh-01", "amount": "1", "means": "cash", "reference": "till 2"}
    unknown = await shop.send("/customers/nobody/payouts", body, "finance")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_customer")
    nowhere = await shop.send("/customers/wang/payouts", body | {"site_id": "mars"}, "finance")
    assert nowhere.json()["code"] == "unknown_site"
    for wrong in ({"amount": "0"}, {"amount": "-1"}, {"means": "favours"}, {"reference": ""}):
        answer = await shop.send("/customers/wang/payouts", body | wrong, "finance")
        assert answer.status_code == 422
    assert await account(shop) == ("0", "30")
