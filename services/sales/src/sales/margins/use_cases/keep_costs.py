"""Keep what costing tells of what was sold; told late or again, it comes to the same."""

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.costing import (
    CostOfSalesCorrected,
    GoodsReturnedCosted,
    GoodsSoldCosted,
    ReturnReversalCosted,
)
from sales.margins import store
from sales.margins.domain import Stream, shares_of
from sales.margins.tables import corrections, costs, returned_costs, reversed_costs

CostFact = GoodsSoldCosted | GoodsReturnedCosted | ReturnReversalCosted | CostOfSalesCorrected
TABLES: tuple[tuple[type[CostFact], Table], ...] = (
    (GoodsSoldCosted, costs),
    (GoodsReturnedCosted, returned_costs),
    (ReturnReversalCosted, reversed_costs),
    (CostOfSalesCorrected, corrections),
)


async def keep_costs(session: AsyncSession, facts: Sequence[CostFact]) -> None:
    """Keep the facts, and share out anew what corrections they bear on."""
    if not facts:
        return
    first: dict[Stream, int] = {}
    for fact in facts:
        stream = fact.site_id, fact.item_id
        first[stream] = min(fact.sequence, first.get(stream, fact.sequence))
    await store.lock(session, list(first))
    for kind, table in TABLES:
        columns = set(table.c.keys())
        rows = [
            {name: getattr(one, name) for name in columns} for one in facts if isinstance(one, kind)
        ]
        await store.keep(session, table, rows)
    for stream, sequence in first.items():
        for correction in await store.corrections_from(session, stream, sequence):
            lines = await store.lines_gone(session, correction)
            parts = list(shares_of(correction["amount"], lines))
            await store.share_out(session, correction, parts)
