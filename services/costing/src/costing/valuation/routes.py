"""Costs over HTTP: what stock is worth, and the entries and documents behind it."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from contracts.wire import Amount, Code, Currency, Moment, Total, UnitCost
from costing.settings import READING, settings_of
from costing.valuation import queries as reads
from costing.valuation.domain.valuation import Valuation
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.errors import Kind, Refusal
from servicekit.http.pages import BIGGEST, CurrentPaging, Page, Paging, whole_number
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
    reason: str | None
    batch_id: str
    reverses: int | None
    """The entry of the same item and site that this one takes back, or a part of."""
    variance: Amount
    """What a reversal should have taken out and could not, or took beyond it with the last unit."""
    dispatch_site_id: str | None
    dispatch_sequence: int | None
    """The entry that sent the goods, of all that leave, reach or go back from transit."""
    origin: int | None
    """The receipt's entry that brought the goods, of those that say it cost another sum."""
    cost_of_sales: Amount
    """What it adds to the cost of goods sold: the part of a correction for goods that are gone."""
    posted_at: Moment
    costed_at: Moment


class TransitView(BaseModel):
    """What of a dispatch is still on its way, with its value."""

    from_site_id: str
    item_id: str
    dispatch_sequence: int
    to_site_id: str
    to_warehouse_id: str
    dispatched: Total
    quantity: Total
    value: Amount
    currency: Currency
    document_id: UUID
    document_number: str
    posted_at: Moment


class ShipmentCosts(BaseModel):
    """The cost of goods sold of a shipment, by line."""

    shipment_id: UUID
    cost: Amount
    lines: list[EntryView]


class ReturnCosts(BaseModel):
    """The cost that a return has taken back, by line; each names the entry it is of."""

    return_id: UUID
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


def transit_view(row: Any, currency: str) -> TransitView:
    """Return goods in transit as a caller sees them."""
    return TransitView(
        from_site_id=row.site_id,
        item_id=row.item_id,
        dispatch_sequence=row.sequence,
        to_site_id=row.to_site_id,
        to_warehouse_id=row.to_warehouse_id,
        dispatched=row.quantity,
        quantity=row.quantity - row.arrived_quantity - row.returned_quantity,
        value=row.value - row.arrived_value - row.returned_value,
        currency=currency,
        document_id=row.document_id,
        document_number=row.document_number,
        posted_at=row.posted_at,
    )


def asked_sites(caller: Reader, site_id: Code | None = None) -> frozenset[str] | None:
    """Return the site asked for, or all the caller may see; None means every site."""
    if site_id is None:
        return caller.covered()
    caller.must_cover(site_id)
    return frozenset({site_id})


def dispatch_after(paging: Paging) -> tuple[str, str, int] | None:
    """Return the dispatch after which the page begins."""
    position = paging.after(3)
    return None if position is None else (position[0], position[1], whole_number(position[2]))


AskedSites = Annotated[frozenset[str] | None, Depends(asked_sites)]


@queries.get("/costs")
async def get_costs(
    session: Session, context: CurrentContext, paging: CurrentPaging, sites: AskedSites
) -> Page[CostView]:
    """List values by site and item."""
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


@queries.get("/transit")
async def get_transit(
    session: Session, context: CurrentContext, paging: CurrentPaging, sites: AskedSites
) -> Page[TransitView]:
    """List goods in transit from or to the sites asked for, at the value they left with."""
    rows = await reads.in_transit(session, sites, dispatch_after(paging), paging.limit + 1)
    currency = settings_of(context).currency
    views = [transit_view(row, currency) for row in rows]
    return paging.page(views, lambda one: [one.from_site_id, one.item_id, one.dispatch_sequence])


@queries.get("/shipments/{shipment_id}/costs")
async def get_shipment_costs(shipment_id: UUID, session: Session, caller: Reader) -> ShipmentCosts:
    """Show what the goods of a shipment cost; empty until the shipment has been costed."""
    lines = [EntryView.model_validate(r) for r in await reads.shipment_costs(session, shipment_id)]
    for site_id in {line.site_id for line in lines}:
        caller.must_cover(site_id)
    cost = -sum((line.value for line in lines), Decimal(0))
    return ShipmentCosts(shipment_id=shipment_id, cost=cost, lines=lines)


@queries.get("/returns/{return_id}/costs")
async def get_return_costs(return_id: UUID, session: Session, caller: Reader) -> ReturnCosts:
    """Show what came back had cost; empty until the return has been costed."""
    lines = [EntryView.model_validate(r) for r in await reads.return_costs(session, return_id)]
    for site_id in {line.site_id for line in lines}:
        caller.must_cover(site_id)
    cost = sum((line.value for line in lines), Decimal(0))
    return ReturnCosts(return_id=return_id, cost=cost, lines=lines)
