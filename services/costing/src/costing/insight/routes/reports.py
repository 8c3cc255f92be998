"""Proofs and sums over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Amount, Moment, Total
from costing.insight.domain import Agreement, Side, compare
from costing.insight.queries import sums as reads
from costing.insight.use_cases.request_rebuild import request_rebuild
from costing.inventory_client import client_of, totals
from costing.valuation.routes import AskedSites
from servicekit.auth import Caller
from servicekit.errors import Kind, Refusal
from servicekit.http.routing import (
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
)

queries = query_router("insight")
commands = command_router("insight")

Rebuilder = Annotated[Caller, Depends(allow("finance", "operator"))]


class UnknownRebuild(Refusal):
    """No rebuild of this id was asked for."""

    kind = Kind.NOT_FOUND
    code = "unknown_rebuild"
    en = "There is no rebuild {rebuild_id}."
    zh = "不存在重算任务 {rebuild_id}。"


class DifferenceView(BaseModel):
    """A stream on which inventory and costing differ."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    sequence: int
    expected: Total
    found: Total


class AgreementView(BaseModel):
    """Whether costing's quantities are inventory's; `behind` streams are not costed yet."""

    model_config = ConfigDict(from_attributes=True)

    streams: int
    agree: int
    behind: int
    different: int
    differences: list[DifferenceView]


class GoodsSold(BaseModel):
    """What was shipped, at cost, less what came back; `corrections` of it was known only later."""

    model_config = ConfigDict(from_attributes=True)

    cogs: Amount
    corrections: Amount
    units: Total
    lines: int


class InTransit(BaseModel):
    """What has left one site and has not reached the other, at the value it left with."""

    model_config = ConfigDict(from_attributes=True)

    value: Amount
    dispatches: int


class Latency(BaseModel):
    """From posting in inventory to the value entry, in milliseconds; absent without entries."""

    model_config = ConfigDict(from_attributes=True)

    count: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class RebuildDifference(BaseModel):
    """An entry whose value is not the same in both; null where one side has no such entry."""

    site_id: str
    item_id: str
    sequence: int
    cause: str
    rebuilt: Amount | None
    live: Amount | None
    rebuilt_cost_of_sales: Amount | None = None
    live_cost_of_sales: Amount | None = None


class RebuildView(BaseModel):
    """A rebuild: requested, running, done with what it found, or failed for a reason given."""

    model_config = ConfigDict(from_attributes=True)

    rebuild_id: UUID
    status: str
    requested_by: str
    requested_at: Moment
    ended_at: Moment | None
    streams: int
    entries: int
    different: int
    differences: list[RebuildDifference]
    failure: str | None


class RebuildRequested(BaseModel):
    """A rebuild that will be run."""

    rebuild_id: UUID
    status: str = "requested"


@queries.get("/agreement")
async def get_agreement(
    session: Session, context: CurrentContext, sites: AskedSites
) -> AgreementView:
    """Prove that costing's quantities are inventory's, for every site and item."""
    client = client_of(context)
    theirs = [
        ((one.site_id, one.item_id), Side(one.quantity, one.sequence))
        for site_id in ([None] if sites is None else sites)
        async for one in totals(client, site_id)
    ]
    result: Agreement = compare(theirs, await reads.sides(session, sites))
    return AgreementView.model_validate(result)


@queries.get("/reports/cogs")
async def get_goods_sold(session: Session, sites: AskedSites) -> GoodsSold:
    """Sum up the cost of goods sold."""
    return GoodsSold.model_validate(await reads.goods_sold(session, sites))


@queries.get("/reports/transit")
async def get_in_transit(session: Session, sites: AskedSites) -> InTransit:
    """Sum up the value of goods in transit that were sent from these sites."""
    return InTransit.model_validate(await reads.in_transit(session, sites))


@queries.get("/reports/latency")
async def get_latency(session: Session, sites: AskedSites) -> Latency:
    """Show how long it takes from posting to costing."""
    return Latency.model_validate(await reads.latency(session, sites))


@commands.post("/rebuilds", status_code=202)
async def post_rebuild(session: Session, caller: Rebuilder) -> RebuildRequested:
    """Ask for all costs to be rebuilt from inventory's events, and compared with the books."""
    return RebuildRequested(rebuild_id=await request_rebuild(session, caller.subject))


@queries.get("/rebuilds/{rebuild_id}")
async def get_rebuild(rebuild_id: UUID, session: Session, _: Rebuilder) -> RebuildView:
    """Show what a rebuild has found."""
    row = await reads.rebuild_of(session, rebuild_id)
    if row is None:
        raise UnknownRebuild(rebuild_id=rebuild_id)
    return RebuildView.model_validate(row)
