"""Buys in: a purchase order, a receipt, its audit and its posting, until it is on the books."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from demo.client import PAGE_ROWS, Api, Json
from demo.masters import SUPPLIER, UNIT, WAREHOUSE
from demo.plan import Purchase
from demo.progress import Step
from demo.waiting import in_parallel, wait_for
from servicekit.clock import now

CURRENCY = "USD"
AT_ONCE = 4
BOOKED_SECONDS = 300.0
DUE_IN = timedelta(days=7)


async def buy_in(api: Api, run: str, purchases: Sequence[Purchase], step: Step) -> None:
    """Place, receive, audit and post all purchases; `step` counts lines."""
    due = str((now() + DUE_IN).date())
    work = [
        partial(_buy, api, f"{run}-buy-{number}", purchase, due, step)
        for number, purchase in enumerate(purchases)
    ]
    await in_parallel(work, AT_ONCE)


async def _buy(api: Api, key: str, purchase: Purchase, due: str, step: Step) -> None:
    order = await api.must("purchasing", "/orders", f"{key}-order", order_body(purchase, due))
    receipt = await api.must("purchasing", "/receipts", f"{key}-receipt", _receipt_body(order))
    place = f"/receipts/{receipt['receipt_id']}"
    await api.must("purchasing", f"{place}/audit", f"{key}-audit")
    await api.must("purchasing", f"{place}/post", f"{key}-post")
    step.advance(len(purchase.lines))


def order_body(purchase: Purchase, due: str) -> Json:
    """Return a purchase as the API takes it."""
    return {
        "supplier_id": SUPPLIER,
        "site_id": purchase.site_id,
        "warehouse_id": WAREHOUSE,
        "currency": CURRENCY,
        "due_date": due,
        "lines": [
            {
                "item_id": line.item_id,
                "quantity": str(line.quantity),
                "unit": UNIT,
                "unit_cost": str(line.unit_cost),
            }
            for line in purchase.lines
        ],
    }


def _receipt_body(order: Json) -> Json:
    return {
        "order_id": order["order_id"],
        "lines": [
            {"order_line_no": line["line_no"], "quantity": line["quantity"]}
            for line in order["lines"]
        ],
    }


async def wait_until_booked(api: Api, receipts: int, step: Step) -> None:
    """Wait until inventory has everything on its books; `step` counts receipts."""

    async def missing() -> list[str]:
        page = await api.get("purchasing", "/receipts", status="posting", limit=PAGE_ROWS)
        step.reach(receipts - len(page["items"]))
        return [f"receipt {one['number']} for site {one['site_id']}" for one in page["items"]]

    await wait_for(
        missing,
        BOOKED_SECONDS,
        "inventory to book the receipts",
        "See /ops/bus and /ops/parked of inventory, and the logs of its worker and relay",
    )
