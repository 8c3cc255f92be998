"""Post the reversal of a return: inventory is asked to take its goods out, and may say no.

It is asked between two transactions and under the key of the command, so that a crash or a lost
answer leaves nothing worse than a question to repeat. While it is open nobody can cancel the
reversal. What inventory books it says by a fact, which is what everything else follows from. Lost
goods are on nobody's books: that they were not lost is decided here.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import structlog

from sales.inventory_client import Refused, inventory_of
from sales.reference.store import must_be_in_use
from sales.returns import store
from sales.returns.domain.customer_return import CustomerReturn
from sales.returns.domain.reversal import ReturnReversal, ReversalStatus
from sales.returns.domain.reversal_refusals import ReturnedGoodsGone, ReversalRefused
from sales.returns.domain.states import ReturnCause
from sales.returns.use_cases.undo_return import undo_return
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
        undone, found = await store.reversal_to_change(session, reversal_id)
        caller.must_cover(found.site_id)
        if not found.is_posted_by(command_id):
            found.must_be_at(versions)
            at = now()
            await must_be_in_use(session, found.site_id, device_id)
            found.post(caller.subject, at, command_id, device_id)
            undone.must_be_reversible()
            if undone.cause is ReturnCause.LOST:
                await undo_return(session, undone, found, at)
    try:
        refusal = await ask(context, undone, found)
    except PeerUnavailable:
        log.warning("return reversal waits for inventory", reversal_id=str(reversal_id))
        return found, False
    if refusal is not None:
        raise refusal
    return found, True


async def ask(context: Context, undone: CustomerReturn, posting: ReturnReversal) -> Refusal | None:
    """Ask inventory to take a return back; return why it said no, which is kept by then."""
    if posting.command_id is None or posting.status is not ReversalStatus.POSTING:
        return None
    body = _asked(undone, posting)
    answer = await inventory_of(context).take_return_back(posting.command_id, body)
    if answer is None:
        return None
    refusal = _refusal(posting, answer)
    async with context.database.transaction() as session:
        _, found = await store.reversal_to_change(session, posting.reversal_id)
        found.refuse(posting.command_id, refusal.text("en")[:SAID_MAX], now())
    return refusal


def _refusal(posting: ReturnReversal, answer: Refused) -> Refusal:
    if answer.code == ReturnedGoodsGone.code:
        return ReturnedGoodsGone(
            number=posting.number,
            return_number=posting.return_number,
            lines=answer.problem.get("lines", []),
        )
    why = str(answer.problem.get("detail", answer.code))
    return ReversalRefused(number=posting.number, why=why, refused_for=answer.code)


def _asked(undone: CustomerReturn, posting: ReturnReversal) -> dict[str, Any]:
    """Return the question: for one command the same to the letter each time."""
    asked = {
        "reversal_id": str(posting.reversal_id),
        "number": posting.number,
        "return_id": str(undone.return_id),
        "return_number": undone.number,
        "shipment_id": str(undone.shipment_id),
        "order_id": str(undone.order_id),
        "site_id": undone.site_id,
        "posted_at": posting.posted_at and posting.posted_at.isoformat(),
        "posted_by": posting.posted_by,
        "lines": [
            {"line_no": line.line_no, "about_line_no": line.shipment_line_no}
            for line in undone.lines
        ],
    }
    return asked if posting.device_id is None else asked | {"device_id": posting.device_id}
