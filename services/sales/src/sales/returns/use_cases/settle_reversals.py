"""Settle reversals that wait for inventory: it was away, or its answer was lost on the way."""

from datetime import timedelta

import structlog

from sales.returns import store
from sales.returns.use_cases.post_reversal import ask
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context

log = structlog.get_logger()

PATIENCE = timedelta(seconds=5)
"""How long whoever posts a reversal is left to ask for it."""


async def settle_reversals(context: Context) -> None:
    """Ask inventory again for what is due; what it refuses is audited as before, with the cause."""
    async with context.database.transaction() as session:
        due = await store.reversals_waiting(session, now() - PATIENCE)
    for reversal_id in due:
        async with context.database.transaction() as session:
            undone, found = await store.reversal_to_change(session, reversal_id)
        try:
            refusal = await ask(context, undone, found)
        except PeerUnavailable:
            log.warning("return reversals wait for inventory", waiting=len(due))
            return
        if refusal is not None:
            log.warning("reversal refused", number=found.number, why=refusal.text("en")[:500])
