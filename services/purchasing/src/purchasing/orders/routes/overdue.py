"""HTTP: order lines that are overdue, with what is still owed of them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, TypeAdapter

from contracts.wire import Code, Moment, SignedQuantity
from purchasing.orders import queries
from purchasing.orders.queries import OverdueFilter
from purchasing.reference.routes import Reader
from servicekit.http.pages import CurrentPaging, LineNo, Page
from servicekit.http.routing import Session, query_router

queries_router = query_router("orders")

LINE = TypeAdapter(tuple[UUID, LineNo])


class OverdueLineOut(BaseModel):
    """A line of an order that suspends its supplier for new orders.

    `open` is what is still owed of the line, in the item's base unit.
    """

    order_id: UUID
    line_no: int
    number: str
    supplier_id: str
    site_id: str
    warehouse_id: str
    buyer: str
    item_id: str
    due_date: date
    open: SignedQuantity
    base_unit: str
    warning_id: UUID
    since: Moment


def overdue_filter(
    caller: Reader, site_id: Code | None = None, supplier_id: Code | None = None
) -> OverdueFilter:
    """Return which lines the caller asks for and may see."""
    return OverdueFilter(sites=caller.covered(), site_id=site_id, supplier_id=supplier_id)


@queries_router.get("/overdue-lines")
async def list_overdue(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[OverdueFilter, Depends(overdue_filter)],
) -> Page[OverdueLineOut]:
    """List the lines that are overdue, those of the oldest order first."""
    rows = await queries.overdue_after(session, wanted, paging.after_as(LINE), paging.limit + 1)
    items = [OverdueLineOut(**row) for row in rows]
    return paging.page(items, lambda one: [one.order_id, one.line_no])
