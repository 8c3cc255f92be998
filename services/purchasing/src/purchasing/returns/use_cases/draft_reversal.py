"""Draft the reversal of a posted return; until it is cancelled nobody else drafts another."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import store as orders
from purchasing.reference import store as reference
from purchasing.returns import store
from purchasing.returns.domain import ReturnReversal, ReversalUnderWay
from purchasing.returns.use_cases.restore_owed import must_be_unclaimed
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "RV"


async def draft_reversal(
    session: AsyncSession, return_id: UUID, reason: str, caller: Caller
) -> ReturnReversal:
    """Return the draft; raise unless the return is posted, not credited, and on no other one."""
    undone, other = await store.return_to_undo(session, return_id)
    caller.must_cover(undone.site_id)
    undone.must_be_reversible()
    if other is not None:
        raise ReversalUnderWay(
            number=undone.number,
            reversal_number=other.number,
            drafted_by=other.drafted_by,
            reversal_status=other.status.value,
        )
    await must_be_unclaimed(session, undone)
    site, at = await reference.site_of(session, undone.site_id), now()
    drafted = ReturnReversal(
        reversal_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        return_id=undone.return_id,
        return_number=undone.number,
        receipt_id=undone.receipt_id,
        order_id=undone.order_id,
        supplier_id=undone.supplier_id,
        site_id=undone.site_id,
        warehouse_id=undone.warehouse_id,
        reason=reason,
        drafted_at=at,
        drafted_by=caller.subject,
    )
    session.add(drafted)
    return drafted
