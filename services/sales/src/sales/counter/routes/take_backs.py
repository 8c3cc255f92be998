"""HTTP: what came back of baskets that no shipment names, and what is paid back for it."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, Moment, Name, Quantity
from sales.counter import queries
from sales.counter.routes.sales import Manager
from sales.counter.use_cases.take_back import TakeBackWanted, take_back
from sales.orders.routes import LINES_MAX
from sales.reference.routes import Reader
from servicekit.http.pages import CurrentPaging, LineNo, Page
from servicekit.http.routing import Session, command_router, query_router

commands = command_router("counter sales")
queries_router = query_router("counter sales")


class TakenLineIn(BaseModel):
    """How much of a line of the basket came back, in the unit it was sold in."""

    model_config = ConfigDict(extra="forbid")

    line_no: LineNo
    quantity: Quantity


class TakeBackIn(BaseModel):
    """What came back of a basket, and why."""

    model_config = ConfigDict(extra="forbid")

    reason: Name
    lines: Annotated[list[TakenLineIn], Field(min_length=1, max_length=LINES_MAX)]


class TakenLineOut(BaseModel):
    """A line that came back, and what is paid back for it."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    amount: Amount


class TakeBackOut(BaseModel):
    """What came back at once."""

    model_config = ConfigDict(from_attributes=True)

    take_back_id: UUID
    sale_id: UUID
    site_id: str
    number: str
    amount: Amount
    reason: str
    taken_back_at: Moment
    taken_back_by: str
    lines: list[TakenLineOut]


@commands.post("/counter-sales/{sale_id}/take-backs", status_code=201)
async def post_take_back(
    sale_id: UUID, body: TakeBackIn, session: Session, caller: Manager
) -> TakeBackOut:
    """Pay back what came back of a basket whose money was kept; the goods a count finds.

    Of a covered basket, or one that nobody has decided about, it is refused with what to do.
    """
    wanted = TakeBackWanted(
        sale_id=sale_id,
        lines=[(line.line_no, line.quantity) for line in body.lines],
        reason=body.reason,
        caller=caller,
    )
    return TakeBackOut.model_validate(await take_back(session, wanted))


@queries_router.get("/counter-sales/{sale_id}/take-backs")
async def list_take_backs(
    sale_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[TakeBackOut]:
    """List what came back of a basket that no shipment names, the newest first."""
    sale = await queries.sale(session, sale_id)
    caller.must_cover(sale["site_id"])
    rows = await queries.take_backs_before(session, sale_id, paging.after_id(), paging.limit + 1)
    lines = await queries.lines_of(session, sale, [row["take_back_id"] for row in rows])
    shown = [
        TakeBackOut(**row, lines=[TakenLineOut(**line) for line in lines[row["take_back_id"]]])
        for row in rows
    ]
    return paging.page(shown, lambda one: [one.take_back_id])
