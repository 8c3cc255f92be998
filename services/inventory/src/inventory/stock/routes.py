"""The books over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict

from contracts.wire import Code, Moment, Total
from inventory.settings import READING
from inventory.stock import queries as books
from inventory.stock.domain import Kind, Status
from servicekit.auth import Caller
from servicekit.http.pages import BIGGEST, CurrentPaging, Page
from servicekit.http.routing import Session, allow, query_router

queries = query_router("stock")

Reader = Annotated[Caller, Depends(allow(*READING))]


class StockView(BaseModel):
    """What is of an item at a place, as of entry `sequence` of its site and item."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    warehouse_id: str
    item_id: str
    batch_id: str
    on_hand: Total
    allocated: Total
    in_inspection: Total
    frozen: Total
    available: Total
    sequence: int


class EntryView(BaseModel):
    """An entry of the ledger: goods went from a status to another.

    Without a source they came in, without a target they went out; `change` is what that added to
    the stock on hand. `hash` is SHA-256, in hexadecimal digits, over the hash of the entry before
    and what this one says.
    """

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    sequence: int
    warehouse_id: str
    batch_id: str
    kind: Kind
    quantity: Total
    source: Status | None
    target: Status | None
    change: Total
    document_id: UUID
    document_number: str
    line_no: int
    effective_at: Moment
    posted_at: Moment
    user_id: str
    device_id: str | None
    rule: str | None
    reverses: int | None
    hash: Annotated[str, BeforeValidator(lambda value: bytes(value).hex())]


class StockQuery(BaseModel):
    """Narrows a list of balances."""

    site_id: Code | None = None
    item_id: Code | None = None
    warehouse_id: Code | None = None
    batch_id: Code | None = None


@queries.get("/stock")
async def get_stock(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[StockQuery, Depends()],
) -> Page[StockView]:
    """List balances by site, item, warehouse and batch."""
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    narrowed = books.StockFilter(caller.covered(), **wanted.model_dump())
    rows = await books.balances(session, narrowed, paging.after(4), paging.limit + 1)
    views = [StockView.model_validate(row) for row in rows]
    return paging.page(views, _place)


def _place(one: StockView) -> list[str]:
    return [one.site_id, one.item_id, one.warehouse_id, one.batch_id]


@queries.get("/ledger")
async def get_ledger(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    site_id: Code,
    item_id: Code,
    after_sequence: Annotated[int, Query(ge=0, le=BIGGEST)] = 0,
) -> Page[EntryView]:
    """List the ledger of a site's item, oldest entry first."""
    caller.must_cover(site_id)
    after = max(after_sequence, paging.after_number())
    rows = await books.entries(session, site_id, item_id, after, paging.limit + 1)
    return paging.page([EntryView.model_validate(row) for row in rows], lambda o: [o.sequence])
