"""A reservation is exchanged for another one in one step, or stays exactly as it was (B2)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ReservationReleased, StockReserved
from inventory.main import SERVICE
from servicekit.clock import shifted
from servicekit.testing import running

UNITS = {"tea": "box", "rice": "kg", "oil": "l"}


@pytest.fixture
async def rival(shop: Any) -> AsyncIterator[Any]:
    """Return a second process of the service on the same database."""
    database = shop.database
    async with running(SERVICE, database.dsn) as service:
        yield type(shop)(service, database)


async def exchange(
    shop: Any, held: Any, *lines: tuple[str, str], key: str | None = None, **how: Any
) -> Any:
    body = {
        "lines": [
            {"item_id": item, "quantity": quantity, "unit": UNITS.get(item, "box")}
            for item, quantity in lines
        ]
    }
    path = f"/reservations/{held['reservation_id']}/exchange"
    return await shop.post(path, body, key=key, **how)


async def allocated(shop: Any, *items: str) -> list[str]:
    return [(await shop.stock(item))["allocated"] for item in items]


async def shown(shop: Any, held: Any) -> Any:
    return await shop.get(f"/reservations/{held['reservation_id']}")


async def test_other_lines_are_held_instead_until_the_same_moment(shop: Any) -> None:
    await shop.receive(("tea", "10"), ("rice", "5"))
    held = await shop.held(("tea", "8"), ttl_seconds=600)
    with shifted(timedelta(seconds=60)):
        answer = await exchange(shop, held, ("tea", "9"), ("rice", "1.5"))
    made = answer.json()
    assert (answer.status_code, made["status"], made["order_id"]) == (200, "held", held["order_id"])
    assert made["expires_at"] == held["expires_at"]
    assert made["reservation_id"] != held["reservation_id"]
    assert [(one["line_no"], one["item_id"], one["quantity"]) for one in made["lines"]] == [
        (1, "tea", "9"),
        (2, "rice", "1.5"),
    ]
    assert await allocated(shop, "tea", "rice") == ["9", "1.5"]
    before = await shown(shop, held)
    assert (before["status"], before["reason"]) == ("released", "exchanged")
    assert await shop.books_agree()


async def test_both_facts_are_told_in_order_and_once(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    held, key = await shop.held(("tea", "8")), str(uuid4())
    first = await exchange(shop, held, ("tea", "2"), key=key)
    again = await exchange(shop, held, ("tea", "2"), key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    facts = [
        one
        for one in await shop.service.events()
        if isinstance(one, ReservationReleased | StockReserved)
    ]
    released, reserved = facts[-2:]
    assert (str(released.reservation_id), released.reason) == (held["reservation_id"], "exchanged")
    assert str(reserved.reservation_id) == first.json()["reservation_id"]
    assert len(facts) == 3
    assert await allocated(shop, "tea") == ["2"]


async def test_what_is_refused_leaves_everything_as_it_was_and_says_why(shop: Any) -> None:
    """What the order holds itself counts as available to it, so only what is missing is short."""
    await shop.receive(("tea", "10"), ("rice", "5"))
    held = await shop.held(("tea", "6"))
    other = await shop.held(("tea", "3"))
    before, told = await shown(shop, held), len(await shop.service.events())
    answer = await exchange(shop, held, ("rice", "5"), ("tea", "8"))
    refusal = answer.json()
    assert (answer.status_code, refusal["code"]) == (409, "insufficient_stock")
    (short,) = refusal["shortages"]
    assert (short["line_no"], short["available"], short["short"]) == (2, "7", "1")
    assert [one["order_id"] for one in short["allocated_by"]] == [other["order_id"]]
    assert await shown(shop, held) == before
    assert await allocated(shop, "tea", "rice") == ["9", "0"]
    assert len(await shop.service.events()) == told
    unknown = await exchange(shop, held, ("nothing", "1"))
    assert unknown.json()["code"] == "unknown_item"
    assert await shown(shop, held) == before
    assert await shop.books_agree()


async def test_what_is_over_is_not_exchanged_and_says_how_it_ended(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    gone, late = [await shop.held(("tea", "1"), ttl_seconds=60) for _ in range(2)]
    await shop.release(gone)
    assert (await exchange(shop, gone, ("tea", "2"))).json()["code"] == "reservation_released"
    with shifted(timedelta(seconds=61)):
        # Nobody has released it yet: by the clock it is over.
        assert (await exchange(shop, late, ("tea", "2"))).json()["code"] == "reservation_expired"
        await shop.service.run_job("expire_reservations")
        assert (await exchange(shop, late, ("tea", "2"))).json()["code"] == "reservation_expired"
    unknown = await exchange(shop, {"reservation_id": str(uuid4())}, ("tea", "1"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_reservation")
    assert await allocated(shop, "tea") == ["0"]


async def test_who_may_not_reserve_at_the_site_may_not_exchange(shop: Any) -> None:
    await shop.receive(("tea", "10"))
    held = await shop.held(("tea", "1"))
    elsewhere = await exchange(shop, held, ("tea", "2"), sites=("south",))
    assert elsewhere.status_code == 403
    reader = await exchange(shop, held, ("tea", "2"), role="finance")
    assert reader.status_code == 403
    assert await allocated(shop, "tea") == ["1"]


async def test_units_held_by_their_numbers_can_be_held_again(shop: Any) -> None:
    phone = {"item_id": "phone", "name": "Phone", "base_unit": "EA", "scale": 0}
    await shop.post("/items/import", {"items": [phone | {"tracking": "serial"}]}, "master_data")
    line = {"line_no": 1, "unit_cost": "2.5", "item_id": "phone", "quantity": "3"}
    fact = shop.receipt().model_dump(mode="json") | {"lines": [line | {"serials": ["a", "b", "c"]}]}
    await shop.service.deliver(type(shop.receipt()).model_validate(fact))

    def phones(*serials: str) -> dict[str, Any]:
        return {
            "item_id": "phone",
            "quantity": str(len(serials)),
            "unit": "EA",
            "serials": list(serials),
        }

    held = await shop.held(lines=[phones("a", "b")])
    other = await shop.held(lines=[phones("c")])
    path = f"/reservations/{held['reservation_id']}/exchange"
    taken = await shop.post(path, {"lines": [phones("a", "c")]})
    assert taken.json()["code"] == "serial_held"
    made = await shop.post(path, {"lines": [phones("b")]})
    assert made.json()["lines"][0]["serials"] == ["b"]
    free = await shop.post(
        f"/reservations/{other['reservation_id']}/exchange", {"lines": [phones("a", "c")]}
    )
    assert free.status_code == 200
    assert await shop.books_agree()


async def test_exchange_and_expiry_and_payment_at_once_end_in_one_way(
    shop: Any, rival: Any
) -> None:
    """Whatever comes first, as much is allocated as open reservations hold."""
    await shop.receive(("tea", "60"), ("rice", "60"))
    late = [await shop.held(("tea", "1"), ("rice", "1"), ttl_seconds=30) for _ in range(6)]
    paid = [await shop.held(("rice", "1"), ("tea", "1")) for _ in range(6)]
    with shifted(timedelta(seconds=31)):
        answers = await asyncio.gather(
            *(exchange(shop, one, ("rice", "2"), ("tea", "2")) for one in late),
            *(exchange(shop, one, ("tea", "2"), ("rice", "2")) for one in paid),
            *(rival.confirm(one) for one in paid),
            shop.service.run_job("expire_reservations"),
            rival.service.run_job("expire_reservations"),
        )
        # What somebody worked on was left to the next sweep.
        await shop.service.run_job("expire_reservations")
    assert {answer.json()["code"] for answer in answers[:6]} == {"reservation_expired"}
    # Who is paid first is exchanged all the same; who is exchanged first is paid by its new name.
    for made, kept in zip(answers[6:12], answers[12:18], strict=True):
        assert made.status_code == 200
        if kept.status_code == 409:
            assert (kept.json()["code"], made.json()["status"]) == ("reservation_released", "held")
        else:
            assert made.json()["status"] == "confirmed"
    assert [(await shown(shop, one))["reason"] for one in late] == ["expired"] * 6
    assert await allocated(shop, "tea", "rice") == ["12", "12"]
    assert await shop.books_agree()


async def test_exchanges_that_cross_do_not_deadlock(shop: Any, rival: Any) -> None:
    """One goes from tea to oil, the other from oil to tea: balances are locked together."""
    await shop.receive(("tea", "100"), ("oil", "100"))
    made = [await shop.held((("tea", "oil")[number % 2], "1")) for number in range(16)]
    answers = await asyncio.gather(
        *(
            exchange((shop, rival)[number // 2 % 2], one, (("oil", "tea")[number % 2], "2"))
            for number, one in enumerate(made)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await allocated(shop, "tea", "oil") == ["16", "16"]
    assert await shop.books_agree()
