"""Whatever dies in mid-load, no order is lost, none ships twice, and the books agree."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

ORDERS = 60
CLIENTS = 6


@pytest.mark.parametrize(
    "victim",
    [
        "sales.api",
        "sales.worker",
        "sales.relay",
        "inventory.api",
        "inventory.worker",
        "inventory.relay",
        "costing.worker",
        "costing.relay",
        "purchasing.relay",
    ],
)
async def test_kill_9_of_any_process_in_mid_load_loses_nothing(chain: Any, victim: str) -> None:
    """B8, E2: the process is killed twice while orders flow, and comes back by itself."""

    async def kill() -> None:
        for _ in range(2):
            await asyncio.sleep(0.7)
            await asyncio.to_thread(chain.stack.kill, victim, signal.SIGKILL)

    await assert_survives(chain, kill)


@pytest.mark.parametrize("server", ["kafka", "postgres"])
async def test_a_restart_of_a_server_in_mid_load_loses_nothing(chain: Any, server: str) -> None:
    """B8, E2: the broker or the database goes away without a word and comes back."""

    async def restart() -> None:
        await asyncio.sleep(1)
        await asyncio.to_thread(chain.stack.restart, server, signal.SIGKILL)

    await assert_survives(chain, restart)


async def test_redis_may_go_and_come_and_nothing_is_lost(chain: Any) -> None:
    """B8: losing Redis costs a polling interval, never an event."""

    async def restart() -> None:
        await asyncio.sleep(0.5)
        await asyncio.to_thread(chain.stack.restart, "redis", signal.SIGKILL)

    await assert_survives(chain, restart)


async def assert_survives(chain: Any, accident: Any) -> None:
    """Sell in parallel while the accident happens; then hold the books against what was sold."""
    site_id, (milk, rare) = await chain.make_site("fault"), await chain.make_items(2)
    customer = await chain.make_customer()
    await chain.stock_up(site_id, {milk: (str(ORDERS * 2), "0.77"), rare: ("5", "3.10")})
    numbers = iter(range(ORDERS))

    async def client() -> list[tuple[bool, str]]:
        ends = []
        for number in numbers:
            goods = {milk: ("2", "2.50")} | ({rare: ("1", "9.00")} if number % 6 == 0 else {})
            body = chain.order_body(customer, site_id, goods)
            ends.append((rare in goods, await chain.sell(body, f"{chain.tag}-{number}")))
        return ends

    groups, _ = await asyncio.gather(
        asyncio.gather(*(client() for _ in range(CLIENTS))), accident()
    )
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    await chain.assert_books_agree(site_id)
    ends = Counter(end for group in groups for end in group)
    assert ends == {(False, "shipped"): 50, (True, "shipped"): 5, (True, "refused"): 5}
    stock = await chain.stock(site_id, milk)
    assert (Decimal(stock["on_hand"]), stock["allocated"]) == (ORDERS * 2 - 55 * 2, "0")
    report = chain.must(await chain.get("sales", "/reports/sales", site_id=site_id))
    assert report["orders"] == {"shipped": 55, "refused": 5}
    cogs = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert cogs["lines"] == 60
    assert Decimal(cogs["cogs"]) == Decimal("0.77") * 110 + Decimal("3.10") * 5
    books = chain.must(await chain.get("inventory", "/reports/books", site_id=site_id))
    assert (books["streams"], books["entries"]) == (2, 62)


async def test_orders_wait_while_inventory_hangs_and_late_answers_double_nothing(
    chain: Any,
) -> None:
    """B2, B8: inventory stops answering, then does late what it was asked: each holds once."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    customer = await chain.make_customer()
    await chain.stock_up(site_id, {item: ("5", "1")})

    async def order(number: int) -> str:
        body = chain.order_body(customer, site_id, {item: ("1", "2.00")})
        answer = await chain.post("sales", "/orders", body, f"{chain.tag}-{number}")
        assert (answer.status_code, answer.json()["status"]) == (202, "placed")
        return str(answer.json()["order_id"])

    chain.stack.kill("inventory.api", signal.SIGSTOP)
    try:
        waiting = await asyncio.gather(*(order(number) for number in range(6)))
    finally:
        chain.stack.kill("inventory.api", signal.SIGCONT)
    orders = [await chain.settled(order_id) for order_id in waiting]
    assert Counter(order["status"] for order in orders) == {"reserved": 5, "refused": 1}
    assert (await chain.stock(site_id, item))["allocated"] == "5"
    await chain.assert_books_agree(site_id)


RECEIPTS, CLERKS = 200, 8
HOUR = timedelta(hours=1)


@contextmanager
def inventory_down(chain: Any) -> Iterator[None]:
    """Have none of inventory's processes do anything inside the block."""
    processes = ("inventory.api", "inventory.worker", "inventory.relay")
    for process in processes:
        chain.stack.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            chain.stack.kill(process, signal.SIGCONT)


async def post_all_through_the_hour(chain: Any, site_id: str, item: str) -> Any:
    """Post receipts through the hour before now, by the clock of the process they are sent to."""
    rounds = RECEIPTS // CLERKS
    posted: list[Any] = []
    async with chain.elsewhen("api", -HOUR) as clerks:
        for number in range(rounds):
            if number:
                await clerks.move(HOUR / (rounds - 1))
            at_once = (clerks.receive(site_id, {item: ("3", "2")}) for _ in range(CLERKS))
            posted += await asyncio.gather(*at_once)
    return posted


async def test_receipts_posted_while_inventory_is_down_for_an_hour_are_all_booked_once(
    chain: Any,
) -> None:
    """C1, E2: meanwhile each shows that it is posting, and nobody is warned of any."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)

    async def seen(posted: Any) -> Any:
        paths = [f"/receipts/{receipt['receipt_id']}" for receipt in posted]
        return [chain.must(await chain.get("purchasing", path)) for path in paths]

    async def warned() -> Any:
        once_held = {"state": "cleared", "cause": "booking_held"}
        looks = [
            await chain.get("purchasing", "/warnings", site_id=site_id, **asked)
            for asked in ({}, once_held)
        ]
        return [warning for look in looks for warning in chain.must(look)["items"]]

    with inventory_down(chain):
        posted = await post_all_through_the_hour(chain, site_id, item)
        assert {receipt["status"] for receipt in await seen(posted)} == {"posting"}
        assert await warned() == []

    async def all_posted() -> bool:
        asked = {"site_id": site_id, "status": "posting"}
        return not chain.must(await chain.get("purchasing", "/receipts", **asked))["items"]

    await chain.eventually(all_posted, "all receipts to be booked")
    assert_waited_through_the_hour(await seen(posted))
    assert await warned() == []
    await chain.assert_books_agree(site_id)
    ledger = await chain.get("inventory", "/ledger", site_id=site_id, item_id=item, limit=RECEIPTS)
    entries = chain.must(ledger)["items"]
    assert sorted(one["document_number"] for one in entries) == sorted(
        receipt["number"] for receipt in posted
    )
    assert (await chain.stock(site_id, item))["on_hand"] == str(RECEIPTS * 3)


def assert_waited_through_the_hour(receipts: Any) -> None:
    """Assert that all are posted, from an hour before they were booked until just before."""
    assert {receipt["status"] for receipt in receipts} == {"posted"}
    posted, booked = (
        sorted(datetime.fromisoformat(receipt[moment]) for receipt in receipts)
        for moment in ("posted_at", "booked_at")
    )
    assert booked[0] - posted[0] >= HOUR
    assert posted[-1] - posted[0] >= HOUR
    assert booked[0] >= posted[-1]
