"""An order that is paid, or on credit, is changed; goods and money follow, or nothing does (B2).

The line to inventory says here what it would do; the platform's tests ask the real one.
"""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ReservationReleased
from contracts.sales import SalesOrderChanged, SalesOrderPaid, SalesOrderRefunded
from sales.orders.use_cases import drive_order
from servicekit.clock import now

TEA = {"item_id": "tea", "quantity": "5", "unit": "box", "amount": "60.00"}
RICE = {"item_id": "rice", "quantity": "1", "unit": "kg", "amount": "15.50"}
MORE = {"amount": "12.60"}
SHORT = {
    "status": 409,
    "code": "insufficient_stock",
    "detail": "short",
    "site_id": "sh-01",
    "warehouse_id": "main",
    "lines_short": 1,
    "shortages": [{"line_no": 1, "item_id": "tea", "batch_id": "", "short": "2"}],
}


async def change(
    shop: Any, order: Any, line: Any, payment: Any = None, key: str | None = None
) -> Any:
    shown = await shop.read(f"/orders/{order['order_id']}")
    body = {"lines_from": shown["lines_from"], "lines": [line], "payment": payment}
    return await shop.send(f"/orders/{order['order_id']}/change", body, key=key)


def exchanging(shop: Any) -> str:
    """Let inventory hold what it is asked for instead; return the reservation's id."""
    other = str(uuid4())

    def answer(_: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        lines = [{"line_no": no, **line} for no, line in enumerate(body["lines"], start=1)]
        return 200, {"reservation_id": other, "expires_at": now().isoformat(), "lines": lines}

    shop.line.answers["exchange"] = answer
    return other


async def on_credit(shop: Any, limit: str = "100") -> Any:
    terms = {"credit_limit": limit, "terms_days": 30}
    assert (await shop.send("/customers/wang/credit-terms", terms, "finance")).status_code == 200
    answer = await shop.send(f"/orders/{(await shop.reserved())['order_id']}/credit")
    assert answer.json()["status"] == "paid", answer.text
    return answer.json()


async def money(shop: Any) -> tuple[list[str], list[str]]:
    """Return what was paid and what was paid back, as others are told."""
    facts = await shop.service.events()
    return (
        [f"{one.amount.normalize():f}" for one in facts if isinstance(one, SalesOrderPaid)],
        [f"{one.amount.normalize():f}" for one in facts if isinstance(one, SalesOrderRefunded)],
    )


async def account(shop: Any) -> tuple[str, str]:
    found = await shop.read("/customers/wang/account")
    return found["owed"], found["balance"]


async def pay_on_account(shop: Any, amount: str) -> None:
    body = {"site_id": "sh-01", "amount": amount, "orders": [], "reference": "bank 7"}
    assert (await shop.send("/customers/wang/payments", body, "finance")).status_code == 201


async def revenue(shop: Any) -> str:
    return str((await shop.read("/reports/sales"))["revenue"])


async def outcome(shop: Any, order: Any) -> Any:
    return (await shop.read(f"/orders/{order['order_id']}/changes"))["items"][-1]


async def test_what_it_comes_to_more_is_paid_with_the_change(shop: Any) -> None:
    order, other = await shop.paid(), exchanging(shop)
    answer = await change(shop, order, TEA, MORE)
    body = answer.json()
    assert (answer.status_code, body["status"], body["total"]) == (200, "paid", "60")
    assert (body["reservation_id"], body["paid_at"]) == (other, order["paid_at"])
    changed, paid = (await shop.service.events())[-2:]
    assert isinstance(changed, SalesOrderChanged)
    assert (changed.amount, str(changed.reservation_id)) == (Decimal(60), other)
    assert isinstance(paid, SalesOrderPaid)
    assert (paid.amount, paid.for_change) == (Decimal("12.6"), True)
    made = await outcome(shop, order)
    assert (made["outcome"], made["paid_besides"], made["paid_back"]) == ("done", "12.6", None)
    left = await shop.send(f"/orders/{order['order_id']}/ship")
    assert [(one["item_id"], one["amount"]) for one in left.json()["lines"]] == [("tea", "60")]
    assert await money(shop) == (["47.4", "12.6"], [])
    assert await revenue(shop) == "60"


async def test_what_it_comes_to_less_is_paid_back(shop: Any) -> None:
    """Revenue is what was paid less what was paid back, then and when the rest is cancelled."""
    order, second = await shop.paid(), await shop.paid()
    for one in (order, second):
        exchanging(shop)
        answer = await change(shop, one, RICE)
        assert (answer.status_code, answer.json()["total"]) == (200, "15.5")
    told = [one for one in await shop.service.events() if isinstance(one, SalesOrderRefunded)]
    assert [(one.amount, one.cause) for one in told] == [(Decimal("31.9"), "tester")] * 2
    assert (await outcome(shop, order))["paid_back"] == "31.9"
    await shop.send(f"/orders/{order['order_id']}/ship")
    await shop.send(f"/orders/{second['order_id']}/cancel")
    paid, back = await money(shop)
    assert sum(map(Decimal, paid)) - sum(map(Decimal, back)) == Decimal(await revenue(shop))


@pytest.mark.parametrize("payment", [None, {"amount": "12.59"}, {"amount": "60.00"}])
async def test_another_amount_than_the_difference_is_refused_with_the_figure(
    shop: Any, payment: Any
) -> None:
    order = await shop.paid()
    answer = await change(shop, order, TEA, payment)
    assert (answer.status_code, answer.json()["code"]) == (422, "difference_to_pay")
    assert Decimal(answer.json()["difference"]) == Decimal("12.6")
    for line in (RICE, {**TEA, "amount": "47.40"}):
        needless = await change(shop, order, line, MORE)
        assert (needless.status_code, needless.json()["code"]) == (422, "nothing_to_pay")
    unpaid = await change(shop, await shop.reserved(), TEA, MORE)
    assert unpaid.json()["code"] == "nothing_to_pay"
    assert await shop.status(order["order_id"]) == "paid"
    assert "exchange" not in shop.line.work_done()


@pytest.mark.parametrize(("wanted", "payment"), [(TEA, MORE), (RICE, None)])
async def test_no_money_moves_if_inventory_refuses(shop: Any, wanted: Any, payment: Any) -> None:
    order = await shop.paid()
    before, told = await shop.read(f"/orders/{order['order_id']}"), await shop.events()
    shop.line.refusals["exchange"] = (409, SHORT)
    answer = await change(shop, order, wanted, payment)
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert await shop.read(f"/orders/{order['order_id']}") == before
    assert await shop.events() == told
    assert (await shop.send(f"/orders/{order['order_id']}/ship")).status_code == 201


async def test_what_is_picked_or_has_left_in_part_is_not_changed(shop: Any) -> None:
    order = await shop.paid()
    part = {"lines": [{"line_no": 1, "quantity": "1"}]}
    pick = (await shop.send(f"/orders/{order['order_id']}/picks", part)).json()
    picked = await change(shop, order, RICE)
    assert (picked.status_code, picked.json()["code"]) == (409, "order_picked")
    await shop.send(f"/picks/{pick['pick_id']}/ship")
    left = await change(shop, order, RICE)
    assert (left.status_code, left.json()["code"]) == (409, "order_partly_shipped")
    assert "cancel-rest" in left.json()["detail"]
    put_back = await shop.paid()
    pick = (await shop.send(f"/orders/{put_back['order_id']}/picks", part)).json()
    await shop.send(f"/picks/{pick['pick_id']}/cancel")
    exchanging(shop)
    assert (await change(shop, put_back, RICE)).json()["total"] == "15.5"


@pytest.mark.parametrize("heard", [False, True])
async def test_a_process_that_dies_between_the_call_and_the_commit_moves_money_once(
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    heard: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    order, other, key = await shop.paid(), exchanging(shop), str(uuid4())

    async def die(*_: Any) -> Any:
        raise asyncio.CancelledError

    body = {"lines_from": 1, "lines": [TEA], "payment": MORE}
    path = f"/orders/{order['order_id']}/change"
    with monkeypatch.context() as dying:
        dying.setattr(drive_order, "_record", die)
        request = asyncio.create_task(shop.send(path, body, key=key))
        await asyncio.gather(request, return_exceptions=True)
    assert await shop.status(order["order_id"]) == "changing"
    assert await money(shop) == (["47.4"], [])
    if heard:
        await shop.settle()
    for _ in range(2):
        answer = await shop.send(path, body, key=key)
        assert (answer.status_code, answer.json()["reservation_id"]) == (200, other)
    assert shop.line.work_done() == ["reservations", "confirm", "exchange"]
    assert await money(shop) == (["47.4", "12.6"], [])


async def test_of_a_change_and_a_shipment_at_once_one_is_refused(shop: Any) -> None:
    """Whoever locks the order first; what leaves is what was paid for."""
    order = await shop.paid()
    exchanging(shop)
    changed, shipped = await asyncio.gather(
        change(shop, order, TEA, MORE), shop.send(f"/orders/{order['order_id']}/ship")
    )
    if shipped.status_code == 409:
        assert (changed.status_code, shipped.json()["code"]) == (200, "order_being_changed")
        assert (await shop.send(f"/orders/{order['order_id']}/ship")).status_code == 201
    elif changed.status_code == 409:
        assert changed.json()["code"] == "order_not_changeable"
    paid, _ = await money(shop)
    assert Decimal(await revenue(shop)) == sum(map(Decimal, paid))


async def test_goods_called_back_while_it_changes_are_paid_back_as_they_were_paid(
    shop: Any,
) -> None:
    """What was to be paid besides never counted."""
    order, other = await shop.paid(), exchanging(shop)
    shop.line.lost = True
    assert (await change(shop, order, TEA, MORE)).status_code == 202
    shop.line.lost = False
    gone = ReservationReleased(
        reservation_id=other,
        order_id=order["order_id"],
        site_id="sh-01",
        at=now(),
        reason="recalled",
    )
    await shop.service.deliver(gone)
    await shop.settle()
    assert await shop.status(order["order_id"]) == "cancelled"
    assert await money(shop) == (["47.4"], ["47.4"])
    assert (await outcome(shop, order))["outcome"] == "lapsed"


async def test_on_credit_the_difference_is_owed_or_owed_no_longer(shop: Any) -> None:
    order = await on_credit(shop)
    exchanging(shop)
    more = await change(shop, order, TEA)
    assert (more.status_code, more.json()["total"]) == (200, "60")
    assert await account(shop) == ("60", "0")
    exchanging(shop)
    assert (await change(shop, order, RICE)).json()["total"] == "15.5"
    assert await account(shop) == ("15.5", "0")
    await pay_on_account(shop, "15.50")
    await shop.service.run_job("tell_settled")
    await shop.send(f"/orders/{order['order_id']}/ship")
    assert await money(shop) == (["15.5"], [])
    assert await revenue(shop) == "15.5"


async def test_on_credit_the_limit_is_asked_about_the_difference(shop: Any) -> None:
    order = await on_credit(shop, limit="59.99")
    answer = await change(shop, order, TEA)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "credit_limit_exceeded")
    assert [Decimal(said[name]) for name in ("limit", "owed", "amount", "over")] == [
        Decimal(figure) for figure in ("59.99", "47.4", "12.6", "0.01")
    ]
    assert await account(shop) == ("47.4", "0")
    assert await shop.status(order["order_id"]) == "paid"


async def test_on_credit_the_difference_is_owed_while_inventory_is_asked_and_no_longer(
    shop: Any,
) -> None:
    """Meanwhile no other order takes the same credit."""
    order = await on_credit(shop, limit="60")
    await shop.line.down()
    assert (await change(shop, order, TEA)).status_code == 202
    assert await account(shop) == ("60", "0")
    await shop.line.up()
    shop.line.refusals["exchange"] = (409, SHORT)
    await shop.settle(timedelta(minutes=10))
    assert await account(shop) == ("47.4", "0")
    assert (await outcome(shop, order))["outcome"] == "refused"
    assert await shop.status(order["order_id"]) == "paid"


async def test_what_was_settled_is_owed_again_and_settled_again(shop: Any) -> None:
    """What a customer paid in advance is used at once; what was paid too much is a balance."""
    order = await on_credit(shop)
    await pay_on_account(shop, "47.40")
    await shop.service.run_job("tell_settled")
    exchanging(shop)
    changed = (await change(shop, order, TEA)).json()
    assert (changed["paid_at"], await account(shop)) == (None, ("12.6", "0"))
    await pay_on_account(shop, "20.00")
    await shop.service.run_job("tell_settled")
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert shown["paid_at"] is not None
    assert await money(shop) == (["47.4", "60"], [])
    exchanging(shop)
    await change(shop, order, RICE)
    assert await account(shop) == ("0", "51.9")
    assert (await shop.read(f"/orders/{order['order_id']}"))["paid_at"] == shown["paid_at"]
