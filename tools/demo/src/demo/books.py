"""What the platform itself says in the end: its reports, and how far its books drift apart."""

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


async def read_books(api: Api) -> Books:
    """Read all reports."""
    proof = await api.get("inventory", "/reports/books")
    agreement = await api.get("costing", "/agreement")
    sales = await api.get("sales", "/reports/sales")
    cogs = await api.get("costing", "/reports/cogs")
    return Books(
        drift={
            "ledger_balances": proof["drift"]["ledger_balances"],
            "reservations_allocated": proof["drift"]["reservations_allocated"],
            "costing_inventory": agreement["streams"] - agreement["agree"],
        },
        differences=[*proof["differences"], *agreement["differences"]],
        orders=sales["orders"],
        refused_by_cause=sales["refused_by_cause"],
        units=Decimal(sales["units_shipped"]),
        lines=int(sales["lines_shipped"]),
        revenue=Decimal(sales["revenue_shipped"]),
        cogs=Decimal(cogs["cogs"]),
        stock=await _listed(api, "inventory", "/reports/totals", "quantity"),
        values=await _listed(api, "costing", "/costs", "value"),
        costed=await api.get("costing", "/reports/latency"),
    )


async def _listed(api: Api, service: str, path: str, name: str) -> dict[Pair, Decimal]:
    rows = api.pages(service, path)
    return {(row["site_id"], row["item_id"]): Decimal(row[name]) async for row in rows}
