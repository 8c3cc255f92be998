"""Draft the reversal of a posted return; until it is cancelled nobody else drafts another."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.reference import store as reference
from sales.returns import store
from sales.returns.domain.reversal import ReturnReversal
from sales.returns.domain.reversal_refusals import ReversalUnderWay
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "RV"


async def draft_reversal(
    session: AsyncSession, return_id: UUID, reason: str, caller: Caller
) -> ReturnReversal:
    """Return the draft; raise unless the return is posted, and on no other reversal."""
    await orders.order_to_change(session, await store.order_of(session, return_id))
    undone = await store.return_to_change(session, return_id)
    caller.must_cover(undone.site_id)
    undone.must_be_reversible()
    other = await store.reversed_by(session, return_id)
    if other is not None:
        raise ReversalUnderWay(
            number=undone.number,
            reversal_number=other.number,
            drafted_by=other.drafted_by,
            reversal_status=other.status.value,
        )
    site, at = await reference.site_of(session, undone.site_id), now()
    drafted = ReturnReversal(
        reversal_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        return_id=undone.return_id,
        return_number=undone.number,
        order_id=undone.order_id,
        customer_id=undone.customer_id,
        site_id=undone.site_id,
        warehouse_id=undone.warehouse_id,
        reason=reason,
        drafted_at=at,
        drafted_by=caller.subject,
    )
    session.add(drafted)
    return drafted
