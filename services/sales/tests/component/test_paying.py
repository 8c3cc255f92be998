"""An order is paid as a whole and once, and cancelled while it has not left."""

import asyncio
from typing import Any
from uuid import uuid4

from contracts.sales import SalesOrderClosed, SalesOrderPaid


async def test_a_paid_order_says_what_was_paid(shop: Any) -> None:
    order = await shop.paid()
    paid = (await shop.service.events())[-1]
    assert isinstance(paid, SalesOrderPaid)
    assert (str(paid.order_id), f"{paid.amount:f}", paid.currency) == (
        order["order_id"],
        "47.4",
        "CNY",
    )
    assert order["paid_at"]


async def test_another_amount_than_the_total_is_refused_with_the_total(shop: Any) -> None:
    order = await shop.reserved()
    answer = await shop.pay(order["order_id"], "47.39")
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_amount")
    assert answer.json()["total"] == "47.40"
    assert await shop.status(order["order_id"]) == "reserved"


async def test_the_same_payment_again_gives_the_same_answer(shop: Any) -> None:
    """B8: and another payment is refused."""
    order, key = await shop.reserved(), str(uuid4())
    answers = await asyncio.gather(*(shop.pay(order["order_id"], key=key) for _ in range(4)))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (200, answers[0].content)
    }
    assert shop.line.work_done().count("confirm") == 1
    other = await shop.pay(order["order_id"])
    assert (other.status_code, other.json()["code"]) == (409, "order_not_payable")
    assert other.json()["status"] == 409
    assert "paid" in other.json()["detail"]


async def test_two_payments_at_once_pay_the_order_once(shop: Any) -> None:
    order = await shop.reserved()
    answers = await asyncio.gather(*(shop.pay(order["order_id"]) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert (await shop.events()).count("SalesOrderPaid") == 1


async def test_a_payment_that_inventory_finds_late_expires_the_order(shop: Any) -> None:
    """B2: the answer says so, and a repeat of it says the same."""
    order, key = await shop.reserved(), str(uuid4())
    shop.line.refusals["confirm"] = (409, {"code": "reservation_expired"})
    for _ in range(2):
        answer = await shop.pay(order["order_id"], key=key)
        assert (answer.status_code, answer.json()["code"]) == (409, "reservation_expired")
    assert await shop.status(order["order_id"]) == "expired"


async def test_a_payment_for_which_nothing_is_held_is_refused_in_inventorys_words(
    shop: Any,
) -> None:
    order = await shop.reserved()
    problem = {"code": "unknown_reservation", "status": 404, "detail": "gone"}
    shop.line.refusals["confirm"] = (404, problem)
    answer = await shop.pay(order["order_id"])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_reservation")
    assert await shop.status(order["order_id"]) == "refused"


async def test_an_unknown_order_is_not_found(shop: Any) -> None:
    for step, body in (("pay", {"amount": "1"}), ("cancel", None), ("ship", None)):
        answer = await shop.send(f"/orders/{uuid4()}/{step}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_order")
    assert (await shop.read(f"/orders/{uuid4()}"))["code"] == "unknown_order"


async def test_a_cancelled_order_frees_its_goods_and_says_who_asked(shop: Any) -> None:
    """B2: a paid order that has not left can be cancelled too."""
    for order in (await shop.reserved(), await shop.paid()):
        path = f"/orders/{order['order_id']}/cancel"
        answer = await shop.send(path, subject="anna")
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        closed = (await shop.service.events())[-1]
        assert isinstance(closed, SalesOrderClosed)
        assert (closed.outcome, closed.cause) == ("cancelled", "anna")
        assert (await shop.send(path)).json()["status"] == "cancelled"
    assert shop.line.work_done().count("release") == 2
    assert (await shop.events()).count("SalesOrderClosed") == 2
