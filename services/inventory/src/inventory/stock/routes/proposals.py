"""What to take and what can be made, over HTTP: proposals of batches, and the stock of kits."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from contracts.wire import Code, Quantity, Total
from inventory.catalog import queries as lists
from inventory.catalog import store as catalog
from inventory.settings import READING
from inventory.stock import queries as books
from inventory.stock.domain import LeftOut, Pick
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, allow, query_router

queries = query_router("stock")

Reader = Annotated[Caller, Depends(allow(*READING))]


class WantedQuantity(BaseModel):
    """How much of what is needed where."""

    site_id: Code
    warehouse_id: Code
    item_id: Code
    quantity: Quantity


class PickView(BaseModel):
    """How much of a batch is proposed, out of what is available of it."""

    batch_id: str
    expires_on: date | None
    available: Total
    quantity: Quantity


class LeftOutView(BaseModel):
    """A batch that is on hand but not proposed, and why."""

    batch_id: str
    expires_on: date | None
    available: Total
    code: str
    detail: str


class ProposalView(BaseModel):
    """Batches to take, the one that expires first going first; `missing` is not covered."""

    picks: list[PickView]
    left_out: list[LeftOutView]
    missing: Total


class KitStockView(BaseModel):
    """How many kits can be made in a warehouse, and which components limit that."""

    warehouse_id: str
    quantity: Total
    limited_by: list[str]


@queries.get("/stock/proposals")
async def get_proposal(
    session: Session,
    caller: Reader,
    request: Request,
    wanted: Annotated[WantedQuantity, Query()],
) -> ProposalView:
    """Propose batches for a quantity in the item's base unit. Nothing is reserved by this."""
    caller.must_cover(wanted.site_id)
    await catalog.must_know_warehouses(session, {(wanted.site_id, wanted.warehouse_id)})
    proposal = await books.propose_fefo(
        session, wanted.site_id, wanted.warehouse_id, wanted.item_id, wanted.quantity
    )
    language = language_of(request)
    return ProposalView(
        picks=[_pick(one) for one in proposal.picks],
        left_out=[_left_out(one, language) for one in proposal.left_out],
        missing=proposal.missing,
    )


def _pick(one: Pick) -> PickView:
    batch = one.offer.batch
    return PickView(
        batch_id=batch.batch_id,
        expires_on=batch.expires_on,
        available=one.offer.balance.available,
        quantity=one.quantity,
    )


def _left_out(one: LeftOut, language: str) -> LeftOutView:
    batch = one.offer.batch
    return LeftOutView(
        batch_id=batch.batch_id,
        expires_on=batch.expires_on,
        available=one.offer.balance.available,
        code=one.reason.code,
        detail=one.reason.text(language),
    )


@queries.get("/kits/{item_id}/stock")
async def get_kit_stock(
    item_id: Code, site_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[KitStockView]:
    """Say for each warehouse of a site how many kits can be made of what is available there."""
    caller.must_cover(site_id)
    site = await catalog.load_site(session, site_id)
    kit = await catalog.load_kit(session, item_id)
    after = (paging.after(1) or [""])[0]
    rows = await lists.warehouses(session, site_id, after, paging.limit + 1)
    doors = [row.warehouse_id for row in rows]
    parts = await books.components_available(session, kit, site_id, doors, site.day_of(now()))
    views = list[KitStockView]()
    for door in doors:
        quantity, limited_by = kit.makeable(parts.get(door, {}))
        views.append(KitStockView(warehouse_id=door, quantity=quantity, limited_by=limited_by))
    return paging.page(views, lambda one: [one.warehouse_id])
