"""Costs over HTTP: what stock is worth, and the entries and documents behind it."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from contracts.wire import Amount, Code, Currency, Moment, Total, UnitCost
from costing.settings import READING, settings_of
from costing.valuation import queries as reads
from costing.valuation.domain import Valuation
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.errors import Kind, Refusal
from servicekit.http.pages import BIGGEST, CurrentPaging, Page
from servicekit.http.routing import CurrentContext, Session, allow, query_router

queries = query_router("costs")

Reader = Annotated[Caller, Depends(allow(*READING))]
METHOD = "moving weighted average"


class UnknownCost(Refusal):
    """Nothing of this item ever moved at this site, as far as costing knows."""

    kind = Kind.NOT_FOUND
    code = "unknown_cost"
    en = "Nothing of item {item_id} has moved at site {site_id} yet."
    zh = "门店 {site_id} 的商品 {item_id} 尚无出入库记录。"


class CostView(BaseModel):
    """What an item at a site is worth, as of entry `sequence` of its ledger."""

    site_id: str
    item_id: str
    sequence: int
    quantity: Total
    value: Amount
    unit_cost: UnitCost
    currency: Currency
    method: str = METHOD
    as_of: Moment


class EntryView(BaseModel):
    """What one movement did to the value; issues are negative."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    sequence: int
    kind: str
    quantity: Total
    value: Amount
    unit_cost: UnitCost
    quantity_after: Total
    value_after: Amount
    document_id: UUID
    document_number: str
    line_no: int
    order_id: UUID | None
    posted_at: Moment
    costed_at: Moment


class ShipmentCosts(BaseModel):
    """The cost of goods sold of a shipment, by line."""

    shipment_id: UUID
    cost: Amount
    lines: list[EntryView]


def cost_view(row: Any, currency: str) -> CostView:
    """Return a value as a caller sees it."""
    held = Valuation(row.site_id, row.item_id, row.sequence, row.quantity, row.value, row.carried)
    return CostView(
        site_id=held.site_id,
        item_id=held.item_id,
        sequence=held.sequence,
        quantity=held.quantity,
        value=held.value,
        unit_cost=held.unit_cost,
        currency=currency,
        as_of=now(),
    )


@queries.get("/costs")
async def get_costs(
    session: Session,
    context: CurrentContext,
    paging: CurrentPaging,
    caller: Reader,
    site_id: Code | None = None,
) -> Page[CostView]:
    """List values by site and item."""
    sites = caller.covered()
    if site_id is not None:
        caller.must_cover(site_id)
        sites = frozenset({site_id})
    rows = await reads.costs(session, sites, paging.after(2), paging.limit + 1)
    currency = settings_of(context).currency
    views = [cost_view(row, currency) for row in rows]
    return paging.page(views, lambda one: [one.site_id, one.item_id])


@queries.get("/costs/{site_id}/{item_id}")
async def get_cost(
    site_id: Code, item_id: Code, session: Session, context: CurrentContext, caller: Reader
) -> CostView:
    """Show what an item at a site is worth."""
    caller.must_cover(site_id)
    row = await reads.cost(session, site_id, item_id)
    if row is None:
        raise UnknownCost(site_id=site_id, item_id=item_id)
    return cost_view(row, settings_of(context).currency)


@queries.get("/costs/{site_id}/{item_id}/entries")
async def get_entries(
    site_id: Code,
    item_id: Code,
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    after_sequence: Annotated[int, Query(ge=0, le=BIGGEST)] = 0,
) -> Page[EntryView]:
    """Explain a cost: list its entries, oldest first, each with the document behind it."""
    caller.must_cover(site_id)
    after = max(after_sequence, paging.after_number())
    rows = await reads.entries(session, site_id, item_id, after, paging.limit + 1)
    return paging.page([EntryView.model_validate(r) for r in rows], lambda one: [one.sequence])


@queries.get("/shipments/{shipment_id}/costs")
async def get_shipment_costs(shipment_id: UUID, session: Session, caller: Reader) -> ShipmentCosts:
    """Show what the goods of a shipment cost; empty until the shipment has been costed."""
    lines = [EntryView.model_validate(r) for r in await reads.shipment_costs(session, shipment_id)]
    for site_id in {line.site_id for line in lines}:
        caller.must_cover(site_id)
    cost = -sum((line.value for line in lines), Decimal(0))
    return ShipmentCosts(shipment_id=shipment_id, cost=cost, lines=lines)
