"""HTTP: the copies of items, sites and warehouses, for those who wonder whether they are here."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.wire import Code
from purchasing.reference import queries
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, query_router

Reader = Annotated[
    Caller,
    Depends(
        allow("master_data", "clerk", "shop_manager", "buyer", "finance", "operator", "service")
    ),
]
"""Anybody with a role here may read what their sites allow."""

router = query_router("reference")


class ItemCopy(BaseModel):
    """An item as it is known here."""

    item_id: str
    name: str
    base_unit: str
    scale: int
    category: str | None
    tracking: str
    disabled: bool
    shelf_life_days: int | None
    kit: bool
    for_sale: bool


class Counts(BaseModel):
    """How many copies there are."""

    items: int
    sites: int
    warehouses: int


@router.get("/reference/items/{item_id}")
async def read_item(item_id: Code, session: Session, _: Reader) -> ItemCopy:
    """Return the copy of an item."""
    return ItemCopy(**await queries.item(session, item_id))


@router.get("/reference/counts")
async def read_counts(session: Session, _: Reader) -> Counts:
    """Return how many items, sites and warehouses are known here."""
    return Counts(**await queries.counts(session))
