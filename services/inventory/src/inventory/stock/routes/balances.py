"""The books over HTTP."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict

from contracts.wire import Code, Moment, Name, Total
from inventory.settings import READING
from inventory.stock import queries as books
from inventory.stock.domain import Kind, Status
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.errors import Kind as RefusalKind
from servicekit.errors import Refusal
from servicekit.http.pages import BIGGEST, CurrentPaging, Page, Paging
from servicekit.http.routing import Session, allow, query_router

queries = query_router("stock")

Reader = Annotated[Caller, Depends(allow(*READING))]


T = TypeVar("T")


class MomentToCome(Refusal):
    """The books know nothing of the future."""

    kind = RefusalKind.INVALID
    code = "moment_to_come"
    en = "{as_of} is still to come. Ask for a moment that has passed, or leave `as_of` out."
    zh = "{as_of} 尚未到来。请查询已过去的时刻，或省略 as_of。"


class DatedPage(Page[T], Generic[T]):
    """A part of a list, and the moment of which it tells."""

    as_of: Moment


class StockView(BaseModel):
    """What is of an item at a place, as of entry `sequence` of its site and item.

    What was allocated, and hence available, is known of the present only. `moved_at` is when the
    last of these entries was posted; nothing of the item has moved there since.
    """

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    warehouse_id: str
    item_id: str
    batch_id: str
    on_hand: Total
    allocated: Total | None
    in_inspection: Total
    frozen: Total
    available: Total | None
    sequence: int
    moved_at: Moment | None


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
    serials: list[str] | None
    hash: Annotated[str, BeforeValidator(lambda value: bytes(value).hex())]


class StockQuery(BaseModel):
    """Narrows a list of balances."""

    site_id: Code | None = None
    item_id: Code | None = None
    warehouse_id: Code | None = None
    batch_id: Code | None = None
    category: Name | None = None


@queries.get("/stock")
async def get_stock(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[StockQuery, Depends()],
    as_of: Moment | None = None,
) -> DatedPage[StockView]:
    """List balances by site, item, warehouse and batch: as they are, or as of a past moment.

    A document belongs to the past from the time it was posted, even if it was booked later.
    """
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    narrowed = books.StockFilter(caller.covered(), **wanted.model_dump())
    told, rows_wanted = moment_told(as_of), (narrowed, paging.after(4), paging.limit + 1)
    if as_of is None:
        rows = await books.balances(session, *rows_wanted)
    else:
        rows = await books.balances_at(session, as_of, *rows_wanted)
    return dated(paging, [StockView.model_validate(row) for row in rows], _place, told)


def moment_told(as_of: datetime | None) -> datetime:
    """Return the moment that is asked for, which is now if none is, or raise `MomentToCome`."""
    asked = now()
    if as_of is not None and as_of > asked:
        raise MomentToCome(as_of=as_of.isoformat())
    return as_of or asked


def dated(
    paging: Paging, rows: Sequence[T], position_of: Callable[[T], Sequence[object]], as_of: datetime
) -> DatedPage[T]:
    """Return a page of rows read with one too many, and say of which moment it tells."""
    page = paging.page(rows, position_of)
    return DatedPage(items=page.items, next_cursor=page.next_cursor, as_of=as_of)


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
) -> DatedPage[EntryView]:
    """List the ledger of a site's item, oldest entry first."""
    caller.must_cover(site_id)
    as_of = now()
    after = max(after_sequence, paging.after_number())
    rows = await books.entries(session, site_id, item_id, after, paging.limit + 1)
    views = [EntryView.model_validate(row) for row in rows]
    return dated(paging, views, lambda one: [one.sequence], as_of)
