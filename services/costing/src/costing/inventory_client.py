"""What costing asks inventory: the facts it missed, and what there is to agree with."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, NamedTuple

from contracts.catalogue import BY_TYPE
from contracts.inventory import STOCK, StockFact
from costing.settings import settings_of
from servicekit.client import ServiceClient
from servicekit.context import Context

PAGE = 1000


class Total(NamedTuple):
    """What inventory has of an item at a site, as of entry `sequence`."""

    site_id: str
    item_id: str
    quantity: Decimal
    sequence: int


def client_of(context: Context) -> ServiceClient:
    """Return the client for inventory."""
    return context.client(str(settings_of(context).inventory_url).rstrip("/"))


async def facts(
    client: ServiceClient, key: str | None = None, after_sequence: int = 0
) -> AsyncIterator[StockFact]:
    """Give inventory's stock facts in the order they were made.

    The order is that of their rows, and a row may be committed after one of a higher number was
    read: of one stream all are sure to be given only when its key is asked for.
    """
    wanted: dict[str, object] = {"topic": STOCK.name, "key": key}
    if after_sequence:
        wanted["after_sequence"] = after_sequence
    async for event in _pages(client, "/events", wanted):
        yield _fact(event)


async def totals(client: ServiceClient, site_id: str | None) -> AsyncIterator[Total]:
    """Give inventory's quantities by site and item."""
    async for row in _pages(client, "/reports/totals", {"site_id": site_id}):
        yield Total(row["site_id"], row["item_id"], Decimal(row["quantity"]), row["sequence"])


def _fact(event: dict[str, Any]) -> StockFact:
    fact = BY_TYPE[event["type"]].model_validate(event["payload"])
    if not isinstance(fact, StockFact):
        raise TypeError(f"{event['type']} is no stock fact")
    return fact


async def _pages(
    client: ServiceClient, path: str, wanted: dict[str, object]
) -> AsyncIterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = await client.get(path, **wanted, limit=PAGE, cursor=cursor)
        for row in page["items"]:
            yield row
        cursor = page["next_cursor"]
        if cursor is None:
            return
