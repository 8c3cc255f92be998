"""A reservation ends in exactly one way: paid and shipped, cancelled, or expired (B2)."""

import asyncio
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import (
    ReservationConfirmed,
    ReservationFulfilled,
    ReservationReleased,
    StockShipped,
)
from servicekit.clock import now, shifted

LATER = timedelta(seconds=61)


async def test_a_paid_reservation_no_longer_expires(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"), ttl_seconds=60)
    assert (await shop.confirm(made)).json()["status"] == "confirmed"
    with shifted(LATER):
        await shop.service.run_job("expire_reservations")
    assert (await shop.stock("tea"))["allocated"] == "4"
    assert len(await shop.facts(ReservationConfirmed)) == 1


async def test_confirming_twice_is_one_event(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"))
    answers = [await shop.confirm(made), await shop.confirm(made)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(await shop.facts(ReservationConfirmed)) == 1


async def test_an_unpaid_reservation_is_released_by_itself(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"), ttl_seconds=60)
    await shop.service.run_job("expire_reservations")
    assert (await shop.stock("tea"))["allocated"] == "4"
    with shifted(LATER):
        await shop.service.run_job("expire_reservations")
    assert (await shop.stock("tea"))["allocated"] == "0"
    (fact,) = await shop.facts(ReservationReleased)
    assert (str(fact.reservation_id), fact.reason) == (made["reservation_id"], "expired")
    seen = await shop.get(f"/reservations/{made['reservation_id']}")
    assert (seen["status"], seen["reason"]) == ("released", "expired")
    assert await shop.books_agree()


async def test_many_expired_reservations_are_released_in_one_run(shop: Any) -> None:
    await shop.receive(("tea", "500"))
    await shop.at_once(*(shop.held(("tea", "1"), ttl_seconds=1) for _ in range(230)))
    with shifted(LATER):
        await shop.service.run_job("expire_reservations")
    assert (await shop.stock("tea"))["allocated"] == "0"
    assert len(await shop.facts(ReservationReleased)) == 230
    assert await shop.books_agree()


@pytest.mark.parametrize("sweeps", [0, 1])
async def test_a_payment_after_the_time_to_live_is_too_late(shop: Any, sweeps: int) -> None:
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"), ttl_seconds=60)
    with shifted(LATER):
        for _ in range(sweeps):
            await shop.service.run_job("expire_reservations")
        answer = await shop.confirm(made)
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_expired")
    assert await shop.facts(ReservationConfirmed) == []


async def test_payment_and_expiry_at_the_same_moment_end_in_exactly_one(shop: Any) -> None:
    await shop.receive(("tea", "40"))
    made = [await shop.held(("tea", "1"), ttl_seconds=60) for _ in range(20)]
    with shifted(LATER - timedelta(seconds=1)):
        answers, *_ = await shop.at_once(
            shop.at_once(*(shop.confirm(one) for one in made)),
            *(shop.service.run_job("expire_reservations") for _ in range(4)),
        )
        await shop.service.run_job("expire_reservations")
    paid = {str(fact.reservation_id) for fact in await shop.facts(ReservationConfirmed)}
    freed = {str(fact.reservation_id) for fact in await shop.facts(ReservationReleased)}
    assert paid.isdisjoint(freed)
    assert paid | freed == {one["reservation_id"] for one in made}
    assert len(paid) == sum(answer.status_code == 200 for answer in answers)
    assert (await shop.stock("tea"))["allocated"] == str(len(paid))
    assert await shop.books_agree()


async def test_however_often_payment_meets_expiry_it_ends_in_exactly_one(shop: Any) -> None:
    """B2: two thousand times, half of them about to expire, while others sweep without a pause."""
    await shop.receive(("tea", "2000"))
    made, began = list[Any](), now()
    for _ in range(40):
        made += await shop.at_once(*(shop.held(("tea", "1"), ttl_seconds=60) for _ in range(50)))
    in_the_middle = timedelta(seconds=60) - (now() - began) / 2
    Random(7).shuffle(made)  # noqa: S311 - repeatable, guards nothing
    answers = list[Any]()

    async def pay() -> None:
        for start in range(0, len(made), 25):
            answers.extend(await shop.at_once(*map(shop.confirm, made[start : start + 25])))

    async def sweep(paying: asyncio.Task[None]) -> None:
        while not paying.done():
            await shop.service.run_job("expire_reservations")

    with shifted(in_the_middle):
        async with asyncio.TaskGroup() as group:
            paying = group.create_task(pay())
            for _ in range(3):
                group.create_task(sweep(paying))
    with shifted(timedelta(hours=1)):
        await shop.service.run_job("expire_reservations")
    paid = [str(fact.reservation_id) for fact in await shop.facts(ReservationConfirmed)]
    freed = [str(fact.reservation_id) for fact in await shop.facts(ReservationReleased)]
    assert sorted(paid + freed) == sorted(one["reservation_id"] for one in made)
    assert len(paid) == sum(answer.status_code == 200 for answer in answers)
    assert paid
    assert freed
    assert (await shop.stock("tea"))["allocated"] == str(len(paid))
    assert await shop.books_agree()


async def test_a_cancelled_order_gives_its_stock_back_once(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"))
    answers = [await shop.release(made), await shop.release(made)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (await shop.stock("tea"))["available"] == "10"
    assert [fact.reason for fact in await shop.facts(ReservationReleased)] == ["cancelled"]
    late = await shop.confirm(made)
    assert (late.status_code, late.json()["code"]) == (409, "reservation_released")


async def test_what_left_before_its_release_by_hand_was_heard_of_is_booked(shop: Any) -> None:
    """B1, B2: a posted shipment is a fact; also of a part, and its goods are free by then."""
    await shop.receive(("tea", "10"))
    whole, part = await shop.held(("tea", "4")), await shop.held(("tea", "3"))
    for one in (whole, part):
        await shop.confirm(one)
        assert (await shop.release(one)).status_code == 200
    lines = [part["lines"][0] | {"quantity": "2"}]
    shipped = [shop.shipment(whole), shop.shipment(part | {"lines": lines}, in_parts=True)]
    await shop.service.deliver([*shipped, *shipped])
    assert await shop.parked() == []
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"], tea["available"]) == ("4", "0", "4")
    assert [fact.quantity for fact in await shop.facts(StockShipped)] == [4, 2]
    entries = (await shop.get("/ledger", site_id="north", item_id="tea"))["items"]
    assert [one["rule"] for one in entries] == [None, *["released in flight"] * 2]
    seen = await shop.get(f"/reservations/{whole['reservation_id']}")
    assert (seen["status"], await shop.facts(ReservationFulfilled)) == ("released", [])
    assert await shop.books_agree()


async def test_what_left_unheld_takes_nothing_that_is_promised_or_withheld(shop: Any) -> None:
    """Neither another order's goods nor frozen ones have left: people say what has."""
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"))
    await shop.confirm(made)
    await shop.release(made)
    other = await shop.held(("tea", "5"))
    async with shop.service.context.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("update stock_balance set frozen = 2")
    await shop.service.deliver(shop.shipment(made))
    (parked,) = await shop.parked()
    assert parked["error"].startswith("LineExceedsBalance")
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"], tea["frozen"]) == ("10", "5", "2")
    await shop.release(other)
    answer = await shop.post(f"/ops/parked/{parked['number']}/release", {}, "operator")
    assert answer.is_success, answer.text
    await shop.service.consume_due()
    assert await shop.parked() == []
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"], tea["frozen"]) == ("6", "0", "2")


async def test_a_shipment_takes_the_stock_and_ends_the_reservation(shop: Any) -> None:
    await shop.receive(("tea", "10"), ("rice", "2"))
    made = await shop.held(("tea", "4"), ("rice", "0.5"))
    await shop.confirm(made)
    sent = shop.shipment(made)
    await shop.service.deliver(sent)
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"], tea["sequence"]) == ("6", "0", 2)
    facts = await shop.facts(StockShipped)
    assert [(fact.item_id, str(fact.quantity), fact.sequence) for fact in facts] == [
        ("tea", "4", 2),
        ("rice", "0.5", 2),
    ]
    assert {(fact.order_id, fact.document_id) for fact in facts} == {
        (sent.order_id, sent.shipment_id)
    }
    (fulfilled,) = await shop.facts(ReservationFulfilled)
    assert fulfilled.shipment_id == sent.shipment_id
    entries = (await shop.get("/ledger", site_id="north", item_id="rice"))["items"]
    assert [one["change"] for one in entries] == ["2", "-0.5"]
    assert await shop.books_agree()


async def test_a_shipment_is_booked_once_however_often_it_is_told(shop: Any) -> None:
    """B8."""
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"))
    await shop.confirm(made)
    sent = shop.shipment(made)
    await shop.service.deliver([sent, sent])
    await shop.service.deliver(sent)
    assert (await shop.stock("tea"))["on_hand"] == "6"
    assert len(await shop.facts(ReservationFulfilled)) == 1
    assert await shop.parked() == []


async def test_what_was_shipped_can_not_be_released(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"))
    await shop.confirm(made)
    await shop.service.deliver(shop.shipment(made))
    answer = await shop.release(made)
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_fulfilled")
    assert (await shop.confirm(made)).json()["status"] == "fulfilled"


async def test_a_batch_of_shipments_parks_only_those_that_contradict_the_books(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    made = [await shop.held(("tea", "1")) for _ in range(5)]
    for one in made[:4]:
        await shop.confirm(one)
    changed = [{**line, "quantity": "2"} for line in made[1]["lines"]]
    wrong = [
        shop.shipment({**made[1], "lines": changed}),
        shop.shipment(made[4]),
        shop.shipment({**made[2], "reservation_id": str(uuid4())}),
        shop.shipment(made[2], warehouse_id="back"),
    ]
    await shop.service.deliver([shop.shipment(made[0]), *wrong, shop.shipment(made[3])])
    errors = [one["error"].partition("(")[0] for one in await shop.parked()]
    assert errors == ["ShipmentDiffers", "NotConfirmed", "UnknownReservation", "ShipmentDiffers"]
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"]) == ("8", "3")
    assert await shop.books_agree()


@pytest.mark.parametrize("act", ["confirm", "release"])
async def test_a_reservation_nobody_knows_is_not_found(shop: Any, act: str) -> None:
    answer = await getattr(shop, act)({"reservation_id": str(uuid4())})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_reservation")


async def test_what_is_paid_already_is_held_for_good_at_once(shop: Any) -> None:
    """B2: as at a till: no time ends it, and its shipment needs no other word."""
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", "4"), ttl_seconds=60, paid=True)
    assert made["status"] == "confirmed"
    with shifted(LATER):
        await shop.service.run_job("expire_reservations")
    assert (await shop.stock("tea"))["allocated"] == "4"
    (told,) = await shop.facts(ReservationConfirmed)
    assert str(told.reservation_id) == made["reservation_id"]
    assert (await shop.confirm(made)).json()["status"] == "confirmed"
    await shop.service.deliver([shop.shipment(made)])
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"]) == ("6", "0")
    assert await shop.books_agree()


async def test_paid_and_unpaid_orders_that_come_together_are_told_apart(shop: Any) -> None:
    """B2: in one batch each is held as it asked."""
    await shop.receive(("tea", "100"))
    answers = await shop.at_once(
        *(shop.reserve(("tea", "1"), ttl_seconds=60, paid=bool(number % 2)) for number in range(20))
    )
    ends = [answer.json()["status"] for answer in answers]
    assert ends == ["held", "confirmed"] * 10
    with shifted(LATER):
        await shop.service.run_job("expire_reservations")
    assert (await shop.stock("tea"))["allocated"] == "10"
    assert await shop.books_agree()
