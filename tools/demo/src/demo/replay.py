"""Sells the baskets: each store's one after the other, the stores side by side."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import heapify, heappop, heappush

from demo.buying import CURRENCY
from demo.client import POLL_SECONDS, Answer, Api, Json, good
from demo.data import Basket
from demo.errors import DemoError
from demo.masters import CUSTOMER, UNIT, WAREHOUSE
from demo.progress import Step

SETTLED_SECONDS = 120.0
UNDER_WAY = frozenset({"placed", "changing", "paying", "cancelling"})
SHIPPED, REFUSED = "shipped", "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a basket; `seconds` is how long its acceptance took, if it was accepted."""

    basket_id: int
    status: str
    order_id: str
    cause: str = ""
    seconds: float | None = None
    awaited: bool = False


async def replay(
    api: Api, run: str, orders: Sequence[Basket], clients: int, step: Step
) -> list[Outcome]:
    """Sell everything; the store that has most left goes first, lest it be the long tail."""
    stores: dict[str, deque[Basket]] = {}
    for order in orders:
        stores.setdefault(order.site_id, deque()).append(order)
    waiting = [(-len(queue), site_id) for site_id, queue in stores.items()]
    heapify(waiting)
    outcomes: list[Outcome] = []

    async def serve() -> None:
        # Who finds no store waiting can go: those being served go on with their own clients.
        while waiting:
            _, site_id = heappop(waiting)
            queue = stores[site_id]
            outcomes.append(await sell(api, run, queue.popleft()))
            step.advance()
            if queue:
                heappush(waiting, (-len(queue), site_id))

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(serve())
    return outcomes


async def sell(api: Api, run: str, basket: Basket) -> Outcome:
    """Order, pay and ship one basket."""
    key = f"{run}-{basket.basket_id}"
    placed = await api.command("sales", "/orders", f"{key}-order", order_body(basket))
    if placed.status == 409:
        return _refused(basket, placed)
    order_id = good(placed, f"the order of basket {basket.basket_id}")["order_id"]
    place, awaited = f"/orders/{order_id}", placed.status == 202
    status = placed.body["status"]
    if awaited:
        settled = await _settled(api, place)
        status = settled["status"]
        if status == REFUSED:
            return Outcome(basket.basket_id, REFUSED, order_id, _cause(settled), awaited=True)
    _insist(basket, "ordered", status, "reserved")
    paid = await api.command("sales", f"{place}/pay", f"{key}-pay", {"amount": money(basket.cents)})
    status = good(paid, f"the payment of basket {basket.basket_id}")["status"]
    if paid.status == 202:
        awaited, status = True, (await _settled(api, place))["status"]
    _insist(basket, "paid", status, "paid")
    shipped = await api.command("sales", f"{place}/ship", f"{key}-ship")
    good(shipped, f"the shipment of basket {basket.basket_id}")
    return Outcome(basket.basket_id, SHIPPED, order_id, "", placed.seconds, awaited)


def order_body(basket: Basket) -> Json:
    """Return a basket as the API takes it."""
    return {
        "customer_id": CUSTOMER,
        "site_id": basket.site_id,
        "warehouse_id": WAREHOUSE,
        "currency": CURRENCY,
        "lines": [
            {
                "item_id": line.item_id,
                "quantity": str(line.quantity),
                "unit": UNIT,
                "amount": money(line.cents),
            }
            for line in basket.lines
        ],
    }


def money(cents: int) -> str:
    """Write cents as the API takes money."""
    return str(Decimal(cents) / 100)


def _refused(basket: Basket, answer: Answer) -> Outcome:
    order_id = str(answer.body.get("order_id", ""))
    return Outcome(basket.basket_id, REFUSED, order_id, answer.body["code"])


def _cause(order: Json) -> str:
    return str(order.get("cause") or "unknown")


async def _settled(api: Api, place: str) -> Json:
    """Return an order once nothing is under way for it any more."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        order = await api.get("sales", place)
        if order["status"] not in UNDER_WAY:
            return order
        if time.monotonic() > deadline:
            raise DemoError(
                f"sales{place} is still {order['status']} after {SETTLED_SECONDS:.0f} s",
                "See whether inventory answers, and the log of sales' worker, which settles orders",
            )
        await asyncio.sleep(POLL_SECONDS)


def _insist(basket: Basket, step: str, status: str, wanted: str) -> None:
    if status != wanted:
        raise DemoError(
            f"basket {basket.basket_id} of store {basket.site_id} was {step} and is {status}",
            "See the order at sales, and the logs of sales and inventory",
        )
