"""Keep what inventory tells of recalls, so that sales can say which customers are concerned."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import RecallClosed, RecallFact, RecallOrdered
from sales.recalls import store


async def keep_recalls(session: AsyncSession, facts: Sequence[RecallFact]) -> None:
    """Take over recalls that were ordered or have ended, in the order in which that happened."""
    for fact in facts:
        if isinstance(fact, RecallOrdered):
            said = fact.model_dump(exclude={"at", "batches"})
            batches = sorted(fact.batches)
            await store.put(session, {**said, "batches": batches, "ordered_at": fact.at})
        elif isinstance(fact, RecallClosed):
            change = {"outcome": fact.outcome, "closed_at": fact.at}
            await store.close(session, fact.recall_id, change)
