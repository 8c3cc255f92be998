"""Post a return: inventory is asked to take its goods off the books, and may say no.

It is asked between two transactions and under the key of the command, so that a crash or a lost
answer leaves nothing worse than a question to repeat. While it is open nobody can cancel the
return. What inventory books it says by a fact, which is what everything else follows from.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import structlog

from purchasing.inventory_client import Refused, inventory_of
from purchasing.reference.store import must_be_in_use
from purchasing.returns import store
from purchasing.returns.domain import GoodsNotThere, PurchaseReturn, ReturnRefused, ReturnStatus
from servicekit.auth import Caller
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context
from servicekit.errors import Refusal

log = structlog.get_logger()

SAID_MAX = 1000


async def post_return(
    context: Context,
    return_id: UUID,
    command_id: UUID,
    caller: Caller,
    versions: Collection[int] | None,
    device_id: str | None = None,
) -> tuple[PurchaseReturn, bool]:
    """Return the return and whether inventory has answered; raise what it refuses."""
    async with context.database.transaction() as session:
        found = await store.return_to_change(session, return_id)
        caller.must_cover(found.site_id)
        if not found.is_posted_by(command_id):
            found.must_be_at(versions)
            await must_be_in_use(session, found.site_id, device_id)
            found.post(caller.subject, now(), command_id, device_id)
    try:
        refusal = await ask(context, found)
    except PeerUnavailable:
        log.warning("return waits for inventory", return_id=str(return_id))
        return found, False
    if refusal is not None:
        raise refusal
    return found, True


async def ask(context: Context, posting: PurchaseReturn) -> Refusal | None:
    """Ask inventory for the goods of a return; return why it said no, which is kept by then."""
    if posting.command_id is None or posting.status is not ReturnStatus.POSTING:
        return None
    answer = await inventory_of(context).return_to_supplier(posting.command_id, _asked(posting))
    if answer is None:
        return None
    refusal = _refusal(posting, answer)
    async with context.database.transaction() as session:
        found = await store.return_to_change(session, posting.return_id)
        found.refuse(posting.command_id, refusal.text("en")[:SAID_MAX], now())
    return refusal


def _refusal(posting: PurchaseReturn, answer: Refused) -> Refusal:
    if answer.code == GoodsNotThere.code:
        return GoodsNotThere(number=posting.number, lines=answer.problem.get("lines", []))
    why = str(answer.problem.get("detail", answer.code))
    return ReturnRefused(number=posting.number, why=why, refused_for=answer.code)


def _asked(posting: PurchaseReturn) -> dict[str, Any]:
    """Return the question: for one command the same to the letter each time."""
    asked = {
        "return_id": str(posting.return_id),
        "number": posting.number,
        "receipt_id": str(posting.receipt_id),
        "receipt_number": posting.receipt_number,
        "site_id": posting.site_id,
        "cause": posting.cause.value,
        "reversal": posting.is_reversal,
        "posted_at": posting.posted_at and posting.posted_at.isoformat(),
        "posted_by": posting.posted_by,
        "lines": [
            {
                "line_no": line.line_no,
                "receipt_line_no": line.receipt_line_no,
                "item_id": line.item_id,
                "quantity": format(line.quantity.normalize(), "f"),
                "batch_id": line.batch_id,
                "serials": list(line.serials),
                "warehouse_id": line.warehouse_id,
                "status": line.goods_status and line.goods_status.value,
            }
            for line in posting.lines
        ],
    }
    return asked if posting.device_id is None else asked | {"device_id": posting.device_id}
