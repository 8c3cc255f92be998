"""What the platform itself says in the end: its reports, and how far its books drift apart."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from demo.client import Api, Json
from demo.plan import Pair


@dataclass(frozen=True)
class Books:
    """The platform's own account of the run."""

    drift: dict[str, int]
    differences: list[Json]
    orders: dict[str, int]
    refused_by_cause: dict[str, int]
    units: Decimal
    lines: int
    revenue: Decimal
    cogs: Decimal
    stock: dict[Pair, Decimal]
    values: dict[Pair, Decimal]
    costed: Json


async def read_books(api: Api, site_ids: Collection[str]) -> Books:
    """Read all reports."""
    proof = await api.get("inventory", "/reports/books")
    apart, differences = await _agreement(api, site_ids)
    sales = await api.get("sales", "/reports/sales")
    cogs = await api.get("costing", "/reports/cogs")
    return Books(
        drift={
            "ledger_balances": proof["drift"]["ledger_balances"],
            "reservations_allocated": proof["drift"]["reservations_allocated"],
            "costing_inventory": apart,
        },
        differences=[*proof["differences"], *differences],
        orders=sales["orders"],
        refused_by_cause=sales["refused_by_cause"],
        units=Decimal(sales["units_shipped"]),
        lines=int(sales["lines_shipped"]),
        revenue=Decimal(sales["revenue_shipped"]),
        cogs=Decimal(cogs["cogs"]),
        stock=await _stock(api),
        values=await _values(api, site_ids),
        costed=await api.get("costing", "/reports/latency"),
    )


async def _agreement(api: Api, site_ids: Collection[str]) -> tuple[int, list[Json]]:
    """Return at how many places costing and inventory differ, and the first of them."""
    apart, differences = 0, list[Json]()
    for site_id in sorted(site_ids):
        answer = await api.get("costing", "/agreement", site_id=site_id)
        apart += answer["streams"] - answer["agree"]
        differences += answer["differences"]
    return apart, differences


async def _stock(api: Api) -> dict[Pair, Decimal]:
    rows = api.pages("inventory", "/reports/totals")
    return {(row["site_id"], row["item_id"]): Decimal(row["quantity"]) async for row in rows}


async def _values(api: Api, site_ids: Collection[str]) -> dict[Pair, Decimal]:
    values = {}
    for site_id in sorted(site_ids):
        async for row in api.pages("costing", "/costs", site_id=site_id):
            values[row["site_id"], row["item_id"]] = Decimal(row["value"])
    return values
