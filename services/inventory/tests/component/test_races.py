"""Many at once: what is promised is exactly what is there, and nobody blocks another for good."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from inventory.main import SERVICE
from servicekit.clock import shifted
from servicekit.testing import running

CLIENTS = 32


@pytest.fixture
async def rival(shop: Any) -> AsyncIterator[Any]:
    """Return a second process of the service on the same database."""
    database = shop.database
    async with running(SERVICE, database.dsn) as service:
        yield type(shop)(service, database)


async def test_clients_racing_for_the_last_units_get_exactly_what_is_there(
    shop: Any, rival: Any
) -> None:
    await shop.receive(("tea", "20"))
    shops = (shop, rival) * (CLIENTS // 2)
    answers = await shop.at_once(*(one.reserve(("tea", "1")) for one in shops))
    assert Counter(answer.status_code for answer in answers) == {201: 20, 409: 12}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {one["code"] for one in refused} == {"insufficient_stock"}
    assert {one["shortages"][0]["available"] for one in refused} == {"0"}
    tea = await shop.stock("tea")
    assert (tea["allocated"], tea["available"]) == ("20", "0")
    assert await shop.books_agree()


async def test_the_last_units_are_never_split_between_orders_that_want_more(
    shop: Any, rival: Any
) -> None:
    await shop.receive(("tea", "10"))
    shops = (shop, rival) * (CLIENTS // 2)
    answers = await shop.at_once(*(one.reserve(("tea", "3")) for one in shops))
    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 29}
    assert (await shop.stock("tea"))["available"] == "1"


async def test_orders_that_name_items_in_turned_order_do_not_deadlock(
    shop: Any, rival: Any
) -> None:
    await shop.receive(("tea", "100"), ("rice", "100"), ("oil", "100"))
    orders = [("tea", "rice", "oil"), ("oil", "rice", "tea"), ("rice", "oil", "tea")]
    work = [
        (shop, rival)[number % 2].reserve(*((item, "1") for item in orders[number % 3]))
        for number in range(CLIENTS)
    ]
    answers = await shop.at_once(*work)
    assert {answer.status_code for answer in answers} == {201}
    for item in ("tea", "rice", "oil"):
        assert (await shop.stock(item))["allocated"] == str(CLIENTS)
    assert await shop.books_agree()


async def test_everything_at_once_leaves_books_that_agree(shop: Any, rival: Any) -> None:
    await shop.receive(("tea", "30"), ("rice", "30"))
    paid = [await shop.held(("tea", "1"), ("rice", "1")) for _ in range(8)]
    unpaid = [await shop.held(("rice", "1"), ("tea", "1"), ttl_seconds=30) for _ in range(8)]
    dropped = [await shop.held(("tea", "1")) for _ in range(4)]
    for one in paid:
        await shop.confirm(one)
    with shifted(timedelta(seconds=31)):
        await asyncio.gather(
            shop.service.deliver([shop.shipment(one) for one in paid]),
            rival.service.deliver([shop.receipt(("rice", "2"), ("tea", "2")) for _ in range(10)]),
            *(rival.release(one) for one in dropped),
            *(shop.confirm(one) for one in unpaid),
            *(one.service.run_job("expire_reservations") for one in (shop, rival)),
            *(rival.reserve(("rice", "2"), ("tea", "2")) for _ in range(8)),
            *(shop.release(one) for one in unpaid[:4]),
        )
        await shop.service.run_job("expire_reservations")
    assert await shop.parked() == []
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["allocated"]) == ("42", "16")
    assert await shop.books_agree()
