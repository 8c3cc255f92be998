"""Post the reversal of a return: inventory is asked to put its goods on the books again.

It is asked between two transactions and under the key of the command, so that a crash or a lost
answer leaves nothing worse than a question to repeat. While it is open nobody can cancel the
reversal, and where the supplier was to deliver other goods, these arrive in their place. What
inventory books it says by a fact, which is what everything else follows from.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import structlog

from purchasing.inventory_client import Refused, inventory_of
from purchasing.reference.store import must_be_in_use
from purchasing.returns import store
from purchasing.returns.domain import ReturnReversal, ReversalRefused, ReversalStatus
from purchasing.returns.store import Undoing
from purchasing.returns.use_cases.expect_kept import expect_kept, expect_no_more
from purchasing.returns.use_cases.restore_owed import must_be_unclaimed
from servicekit.auth import Caller
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context
from servicekit.errors import Refusal

log = structlog.get_logger()

SAID_MAX = 1000


async def post_reversal(
    context: Context,
    reversal_id: UUID,
    command_id: UUID,
    caller: Caller,
    versions: Collection[int] | None,
    device_id: str | None = None,
) -> tuple[ReturnReversal, bool]:
    """Return the reversal and whether inventory has answered; raise what it refuses."""
    async with context.database.transaction() as session:
        undoing = await store.reversal_to_change(session, reversal_id)
        found = undoing.reversal
        caller.must_cover(found.site_id)
        if not found.is_posted_by(command_id):
            found.must_be_at(versions)
            await must_be_in_use(session, found.site_id, device_id)
            found.post(caller.subject, now(), command_id, device_id)
            undoing.undone.must_be_reversible()
            await expect_kept(session, undoing)
            await must_be_unclaimed(session, undoing.undone)
    try:
        refusal = await ask(context, undoing)
    except PeerUnavailable:
        log.warning("return reversal waits for inventory", reversal_id=str(reversal_id))
        return found, False
    if refusal is not None:
        raise refusal
    return found, True


async def ask(context: Context, undoing: Undoing) -> Refusal | None:
    """Ask inventory to take a return back; return why it said no, which is kept by then."""
    posting = undoing.reversal
    if posting.command_id is None or posting.status is not ReversalStatus.POSTING:
        return None
    answer = await inventory_of(context).take_return_back(posting.command_id, _asked(undoing))
    if answer is None:
        return None
    refusal = _refusal(posting, answer)
    async with context.database.transaction() as session:
        held = await store.reversal_to_change(session, posting.reversal_id)
        if held.reversal.refuse(posting.command_id, refusal.text("en")[:SAID_MAX], now()):
            await expect_no_more(session, held)
    return refusal


def _refusal(posting: ReturnReversal, answer: Refused) -> Refusal:
    why = str(answer.problem.get("detail", answer.code))
    return ReversalRefused(number=posting.number, why=why, refused_for=answer.code)


def _asked(undoing: Undoing) -> dict[str, Any]:
    """Return the question: for one command the same to the letter each time."""
    posting, undone = undoing.reversal, undoing.undone
    asked = {
        "reversal_id": str(posting.reversal_id),
        "number": posting.number,
        "return_id": str(undone.return_id),
        "return_number": undone.number,
        "receipt_id": str(undone.receipt_id),
        "site_id": undone.site_id,
        "posted_at": posting.posted_at and posting.posted_at.isoformat(),
        "posted_by": posting.posted_by,
        "lines": [
            {"line_no": line.line_no, "about_line_no": line.receipt_line_no}
            for line in undone.lines
        ],
    }
    return asked if posting.device_id is None else asked | {"device_id": posting.device_id}
