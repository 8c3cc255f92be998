"""HTTP: the copies of reference data; which version of a document is meant, and which device."""

import re
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel

from contracts.wire import Code
from sales.reference import queries
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, query_router

Reader = Annotated[
    Caller,
    Depends(
        allow("master_data", "clerk", "shop_manager", "buyer", "finance", "operator", "service")
    ),
]
"""Anybody with a role here may read what their sites allow."""

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
Device = Annotated[
    str | None,
    Header(alias="X-Device-Id", pattern=CODE, description="The registered device it is done with."),
]

VERSION_TAG = re.compile(r'"(\d{1,9})"')


def versions_expected(
    if_match: Annotated[
        str | None,
        Header(description='The ETag seen last, such as "2": refused if there is a newer one.'),
    ] = None,
) -> frozenset[int] | None:
    """Return the versions the caller would act upon; None means whichever there is."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(tag) for tag in VERSION_TAG.findall(if_match))


Expected = Annotated[frozenset[int] | None, Depends(versions_expected)]

router = query_router("reference")


class ItemCopy(BaseModel):
    """An item as it is known here."""

    item_id: str
    name: str
    base_unit: str
    scale: int
    category: str | None
    for_sale: bool
    disabled: bool


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
