"""Settle returns that wait for inventory: it was away, or its answer was lost on the way."""

from datetime import timedelta

import structlog

from purchasing.returns import store
from purchasing.returns.use_cases.post_return import ask
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context

log = structlog.get_logger()

PATIENCE = timedelta(seconds=5)
"""How long whoever posts a return is left to ask for it."""


async def settle_postings(context: Context) -> None:
    """Ask inventory again for what is due; what it refuses is audited as before, with the cause."""
    async with context.database.transaction() as session:
        due = await store.waiting(session, now() - PATIENCE)
    for return_id in due:
        async with context.database.transaction() as session:
            found = await store.return_to_change(session, return_id)
        try:
            refusal = await ask(context, found)
        except PeerUnavailable:
            log.warning("returns wait for inventory", waiting=len(due))
            return
        if refusal is not None:
            log.warning("return refused", number=found.number, why=refusal.text("en")[:500])
