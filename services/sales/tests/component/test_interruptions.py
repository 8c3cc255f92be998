"""Whatever breaks between an order and inventory, the order goes on, and nothing is done twice."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.inventory import ReservationReleased
from contracts.sales import SalesOrderClosed
from sales.orders.use_cases import drive_order
from servicekit.clock import now, shifted

EXPIRED = {"code": "reservation_expired", "status": 409, "detail": "expired"}


def released(order_id: str, reservation_id: str | None = None, **fields: Any) -> Any:
    return ReservationReleased(
        reservation_id=reservation_id or uuid4(),
        order_id=order_id,
        site_id="sh-01",
        at=now(),
        **{"reason": "expired", **fields},
    )


async def begin(shop: Any, step: str) -> tuple[str, Any]:
    """Bring an order to where the step is next; return its id and how to take the step."""
    key = str(uuid4())
    if step == "place":
        return "", lambda: shop.order(key)
    order_id = (await shop.reserved())["order_id"]
    if step == "pay":
        return order_id, lambda: shop.pay(order_id, key=key)
    return order_id, lambda: shop.send(f"/orders/{order_id}/cancel", key=key)


STEPS = {
    "place": ("placed", "reserved", "reservations"),
    "pay": ("paying", "paid", "confirm"),
    "cancel": ("cancelling", "cancelled", "release"),
}


@pytest.mark.parametrize("step", STEPS)
async def test_while_inventory_is_down_the_order_waits_and_the_sweep_settles_it(
    shop: Any, step: str
) -> None:
    """B2: the caller is told to look again, and need do no more."""
    waiting, settled, word = STEPS[step]
    _, take = await begin(shop, step)
    await shop.line.down()
    answer = await take()
    assert (answer.status_code, answer.json()["status"]) == (202, waiting)
    order_id = answer.json()["order_id"]
    await shop.settle()
    assert await shop.status(order_id) == waiting
    await shop.line.up()
    await shop.settle(timedelta(minutes=10))
    assert await shop.status(order_id) == settled
    assert shop.line.work_done()[-1] == word


@pytest.mark.parametrize("step", STEPS)
async def test_an_answer_lost_after_the_work_was_done_doubles_nothing(shop: Any, step: str) -> None:
    """B2, B8: inventory is asked again under the same key, and says the same."""
    waiting, settled, word = STEPS[step]
    _, take = await begin(shop, step)
    shop.line.lost = True
    answer = await take()
    assert (answer.status_code, answer.json()["status"]) == (202, waiting)
    shop.line.lost = False
    before = len(await shop.events())
    await shop.settle()
    order_id = answer.json()["order_id"]
    assert await shop.status(order_id) == settled
    assert shop.line.work_done().count(word) == 1
    assert len(await shop.events()) == before + 1
    again = await take()
    assert (again.status_code, again.content) == (202, answer.content)


@pytest.mark.parametrize("patience_seconds", [0.5])
@pytest.mark.parametrize("step", STEPS)
async def test_a_silent_inventory_is_not_waited_for_long(shop: Any, step: str) -> None:
    """B2: the late answer, when it comes, is nobody's; the sweep asks again."""
    waiting, settled, word = STEPS[step]
    _, take = await begin(shop, step)
    shop.line.may_answer.clear()
    answer = await take()
    assert (answer.status_code, answer.json()["status"]) == (202, waiting)
    shop.line.may_answer.set()
    await shop.settle()
    assert await shop.status(answer.json()["order_id"]) == settled
    assert shop.line.work_done().count(word) == 1


@pytest.mark.parametrize("step", STEPS)
async def test_a_caller_that_dies_and_repeats_goes_on_with_the_same_order(
    shop: Any, step: str
) -> None:
    """B8: the process ends while inventory is asked; the repeat finds what was begun."""
    _, settled, word = STEPS[step]
    _, take = await begin(shop, step)
    await die_in_the_middle(shop, take)
    answer = await take()
    assert answer.status_code == (201 if step == "place" else 200)
    assert answer.json()["status"] == settled
    assert shop.line.work_done().count(word) == 1
    assert len((await shop.read("/orders"))["items"]) == 1


@pytest.mark.parametrize("step", STEPS)
async def test_a_repeat_after_the_sweep_has_settled_the_order_gives_its_end(
    shop: Any, step: str
) -> None:
    """B8: the caller died, the sweep went on, the caller came back."""
    _, settled, word = STEPS[step]
    _, take = await begin(shop, step)
    await die_in_the_middle(shop, take)
    await shop.settle()
    answer = await take()
    assert answer.status_code == (201 if step == "place" else 200)
    assert answer.json()["status"] == settled
    assert shop.line.work_done().count(word) == 1


async def die_in_the_middle(shop: Any, take: Any) -> None:
    shop.line.may_answer.clear()
    shop.line.arrived.clear()
    request = asyncio.create_task(take())
    await shop.line.arrived.wait()
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    shop.line.may_answer.set()


async def test_a_process_that_dies_before_it_records_the_answer_asks_again(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B8: the answer was heard, but not written down."""

    async def die(*_: Any) -> Any:
        raise asyncio.CancelledError

    key = str(uuid4())
    with monkeypatch.context() as dying:
        dying.setattr(drive_order, "_record", die)
        request = asyncio.create_task(shop.order(key))
        await asyncio.gather(request, return_exceptions=True)
    assert shop.line.work_done() == ["reservations"]
    assert await shop.events() == ["SalesOrderPlaced"]
    answer = await shop.order(key)
    assert (answer.status_code, answer.json()["status"]) == (201, "reserved")
    assert shop.line.work_done() == ["reservations"]


async def test_several_sweeps_at_once_settle_each_order_once(shop: Any) -> None:
    await shop.line.down()
    answers = await asyncio.gather(*(shop.order() for _ in range(6)))
    assert {answer.status_code for answer in answers} == {202}
    await shop.line.up()
    with shifted(timedelta(minutes=5)):
        await asyncio.gather(*(shop.service.run_job("settle_orders") for _ in range(3)))
    report = await shop.read("/reports/sales")
    assert report["orders"] == {"reserved": 6}
    assert (await shop.events()).count("SalesOrderReserved") == 6
    assert len(shop.line.work_done()) == 6


async def test_what_breaks_for_one_order_is_no_matter_for_the_others(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.line.down()
    first = (await shop.order()).json()["order_id"]
    others = [(await shop.order()).json()["order_id"] for _ in range(2)]
    await shop.line.up()
    record = drive_order._record

    async def fail_for_the_first(context: Any, order_id: UUID, *said: Any) -> Any:
        if str(order_id) == first:
            raise ValueError("broken")
        return await record(context, order_id, *said)

    monkeypatch.setattr(drive_order, "_record", fail_for_the_first)
    await shop.settle()
    assert await shop.status(first) == "placed"
    assert [await shop.status(order_id) for order_id in others] == ["reserved"] * 2


async def test_the_sweep_leaves_alone_what_is_being_asked_just_now(shop: Any) -> None:
    """As the clock stood a second after the order: how long its caller tried is no matter here."""
    await shop.line.down()
    placed = now()
    await shop.order()
    await shop.line.up()
    await shop.settle(placed + timedelta(seconds=1) - now())
    assert shop.line.asked == []


async def test_the_lines_of_a_waiting_order_are_asked_for_as_they_were(shop: Any) -> None:
    """B8: even if the setting for the time to live is another one since."""
    shop.line.lost = True
    await shop.order()
    shop.line.lost = False
    shop.service.context.settings.reservation_ttl_seconds = 60
    await shop.settle()
    assert len(shop.line.asked) > 1
    assert len(shop.line.questions()) == 1


async def test_answers_that_decide_nothing_leave_the_order_waiting(shop: Any) -> None:
    """A wrong token, a race or a page that is no answer says nothing about the order."""
    for answer in (
        (401, {"code": "unauthenticated"}),
        (409, {"code": "concurrent_change"}),
        (200, {"hello": "world"}),
    ):
        shop.line.refusals["reservations"] = answer
        placed = await shop.order()
        assert (placed.status_code, placed.json()["status"]) == (202, "placed")


async def test_an_expiry_that_is_told_before_the_late_answer_wins(shop: Any) -> None:
    """B2: the order had been reserved and released before its own process heard of either."""
    shop.line.lost = True
    order_id = (await shop.order()).json()["order_id"]
    await shop.service.deliver(released(order_id))
    shop.line.lost = False
    await shop.settle()
    assert await shop.status(order_id) == "expired"
    assert await shop.events() == ["SalesOrderPlaced", "SalesOrderClosed"]


async def test_an_unpaid_order_ends_with_its_reservation_once(shop: Any) -> None:
    """B2: the release is inventory's event; it may come twice, and for orders of others."""
    order = await shop.reserved()
    gone = released(order["order_id"], order["reservation_id"])
    await shop.service.deliver([released(str(uuid4())), gone, gone])
    assert await shop.status(order["order_id"]) == "expired"
    closed = (await shop.service.events())[-1]
    assert isinstance(closed, SalesOrderClosed)
    assert (closed.outcome, closed.cause) == ("expired", "reservation_expired")
    assert (await shop.events()).count("SalesOrderClosed") == 1
    paid = await shop.pay(order["order_id"])
    assert (paid.status_code, paid.json()["code"]) == (409, "reservation_expired")


async def test_a_payment_that_meets_the_expiry_takes_inventorys_word(shop: Any) -> None:
    """B2: exactly one of payment and expiry, whichever is heard of first."""
    order = await shop.reserved()
    shop.line.refusals["confirm"] = (409, EXPIRED)
    shop.line.lost = True
    key = str(uuid4())
    assert (await shop.pay(order["order_id"], key=key)).status_code == 202
    await shop.service.deliver(released(order["order_id"], order["reservation_id"]))
    assert await shop.status(order["order_id"]) == "paying"
    shop.line.lost = False
    await shop.settle()
    assert await shop.status(order["order_id"]) == "expired"
    assert (await shop.events()).count("SalesOrderClosed") == 1
    again = await shop.pay(order["order_id"])
    assert (again.status_code, again.json()["code"]) == (409, "reservation_expired")


async def test_an_order_cancelled_before_inventorys_word_was_heard_holds_nothing(
    shop: Any,
) -> None:
    """B2: whether goods are held is found out first, and then they are let go of."""
    shop.line.lost = True
    order_id = (await shop.order()).json()["order_id"]
    answer = await shop.send(f"/orders/{order_id}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (202, "cancelling")
    shop.line.lost = False
    await shop.settle()
    assert await shop.status(order_id) == "cancelled"
    assert shop.line.work_done() == ["reservations", "release"]
    assert await shop.events() == ["SalesOrderPlaced", "SalesOrderClosed"]


async def test_a_cancelled_order_that_inventory_had_refused_is_cancelled(shop: Any) -> None:
    await shop.line.down()
    order_id = (await shop.order()).json()["order_id"]
    await shop.send(f"/orders/{order_id}/cancel")
    shop.line.refusals["reservations"] = (409, {"code": "insufficient_stock"})
    await shop.line.up()
    await shop.settle()
    assert await shop.status(order_id) == "cancelled"


async def test_a_reservation_released_past_the_order_cancels_it(shop: Any) -> None:
    """Somebody let go of it at inventory itself: nothing is held, so nothing can be sold."""
    order = await shop.paid()
    gone = released(order["order_id"], order["reservation_id"], reason="cancelled")
    await shop.service.deliver(gone)
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["cause"]) == ("cancelled", "reservation_released")
    for step in ("ship", "picks"):
        refused = await shop.send(f"/orders/{order['order_id']}/{step}")
        assert (refused.status_code, refused.json()["code"]) == (409, "reservation_released")
        assert order["reservation_id"] in refused.json()["detail"]
        assert "Order it anew" in refused.json()["detail"]
    assert "ShipmentPosted" not in await shop.events()


async def test_what_was_released_before_it_was_paid_is_not_paid_for(shop: Any) -> None:
    order = await shop.reserved()
    gone = released(order["order_id"], order["reservation_id"], reason="cancelled")
    await shop.service.deliver(gone)
    refused = await shop.pay(order["order_id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "reservation_released")
    assert shop.line.work_done() == ["reservations"]


async def test_a_release_that_inventory_refuses_is_tried_again_and_seen(shop: Any) -> None:
    order = await shop.reserved()
    refusal = (409, {"code": "reservation_fulfilled", "detail": "shipped"})
    shop.line.refusals["release"] = refusal
    answer = await shop.send(f"/orders/{order['order_id']}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (202, "cancelling")
    await shop.settle()
    assert await shop.status(order["order_id"]) == "cancelling"
    async with shop.service.context.database.transaction() as session:
        found = await drive_order.store.find(session, UUID(order["order_id"]))
    assert found.attempts == 1
