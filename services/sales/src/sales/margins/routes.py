"""HTTP: what was earned, by what people ask for, and what was given away."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping

from contracts.wire import Amount, Code, Moment, SignedQuantity, Total
from sales.margins import queries
from sales.margins.queries import By, MarginFilter
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, query_router
from sheets.lists import WantedFile

Reader = Annotated[Caller, Depends(allow("finance", "shop_manager", "operator", "service"))]
"""Who may know what goods cost."""
HUNDREDTH = Decimal("0.01")

router = query_router("margins")


class MarginOut(BaseModel):
    """What was earned with what was shipped and did not come back.

    The margin is that of the lines whose cost is known: `amount_costed` less `cost`. What was given
    away is kept out of it, and so is what a till sold and nothing in the books covers.
    """

    model_config = ConfigDict(from_attributes=True)

    key: str
    label: str | None
    lines: int
    lines_not_costed: int
    amount: Total
    amount_costed: Total
    cost: Total
    corrections: Total
    """How much of the cost later invoices, and corrections of prices, make up."""
    margin: Total
    margin_percent: Total | None
    """Of what the costed lines came to; nothing if that is nothing."""
    cost_lost: Total
    """How much of the cost is that of goods that were lost on their way."""
    lines_without_goods: int
    amount_without_goods: Total
    """Of the amount, what was kept for baskets that nothing covers: no cost will be known."""
    free_lines: int
    free_cost: Total
    costed_at: Moment | None
    """When costing last said something about these lines."""
    oldest_not_costed_at: Moment | None


class Margins(Page[MarginOut]):
    """A page of margins, and the moment of which it tells."""

    as_of: Moment


class FreeLineOut(BaseModel):
    """A line that was given away: a sample, a gift, or sold for nothing."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    shipment_id: UUID
    shipment_number: str
    line_no: int
    order_id: UUID
    order_number: str
    customer_id: str
    item_id: str
    unit: str
    quantity: SignedQuantity
    cost: Amount | None
    """Nothing until costing has said it."""
    posted_at: Moment


class MarginQuery(BaseModel):
    """Narrows what is looked at, by the moment of sale: when it left, or when a till sold it."""

    site_id: Code | None = None
    customer_id: Code | None = None
    item_id: Code | None = None
    order_id: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None
    """Up to, and without, this moment."""


def _asked(caller: Reader, wanted: Annotated[MarginQuery, Depends()]) -> MarginFilter:
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    return MarginFilter(sites=caller.covered(), **dict(wanted))


Asked = Annotated[MarginFilter, Depends(_asked)]


def _with_margin(row: RowMapping) -> MarginOut:
    amount = row["amount_costed"]
    margin = amount - row["cost"]
    percent = (margin * 100 / amount).quantize(HUNDREDTH, ROUND_HALF_UP) if amount else None
    return MarginOut(**row, margin=margin, margin_percent=percent)


@router.get("/reports/margins")
async def read_margins(
    session: Session, paging: CurrentPaging, wanted: Asked, by: By = By.ORDER
) -> Margins:
    """Sum up what was earned by order, line, item, site, customer, day or month of sale."""
    position = paging.after(1)
    after = None if position is None else position[0]
    rows = await queries.margins(session, by, wanted, after, paging.limit + 1)
    page = paging.page([_with_margin(row) for row in rows], lambda one: [one.key])
    return Margins(items=page.items, next_cursor=page.next_cursor, as_of=now())


@router.get("/reports/margins/export", response_class=Response)
async def export_margins(
    session: Session, file: WantedFile, wanted: Asked, by: By = By.ORDER
) -> Response:
    """Return what was earned as a file."""
    position = file.paging.after(1)
    after = None if position is None else position[0]
    rows = await queries.margins(session, by, wanted, after, file.paging.limit + 1)
    shown = [_with_margin(row) for row in rows]
    return await file.of("margins", MarginOut, shown, lambda one: [one.key])


@router.get("/reports/margins/free-lines")
async def list_free_lines(
    session: Session, paging: CurrentPaging, wanted: Asked
) -> Page[FreeLineOut]:
    """List what was given away, with its cost: it is no part of any margin."""
    position = paging.after(1)
    after = None if position is None else position[0]
    rows = await queries.free_lines(session, wanted, after, paging.limit + 1)
    return paging.page(
        [FreeLineOut.model_validate(dict(row)) for row in rows],
        lambda one: [f"{one.shipment_id}:{one.line_no:010}"],
    )
