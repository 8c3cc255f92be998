"""Follow what becomes of an order: what it does not bring any more is open again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand import store
from purchasing.demand.domain import Requisition
from purchasing.demand.use_cases.tell_requisition import tell_ordered, tell_reopened


@dataclass(frozen=True, kw_only=True)
class OrderNow:
    """What each line of an order brings or has brought, in base units, and who changed that."""

    order_id: UUID
    number: str
    brings: Mapping[int, Decimal]
    by: str


async def follow_order(session: AsyncSession, order: OrderNow) -> None:
    """Count anew what is ordered of requisitions; the caller holds the order's lock."""
    changed = {
        cover: order.brings[cover.order_line_no] - cover.base_quantity
        for cover in await store.covers_of_order(session, order.order_id)
        if order.brings[cover.order_line_no] != cover.base_quantity
    }
    if not changed:
        return
    touched = await store.requisitions_to_change(
        session, sorted({cover.requisition_id for cover in changed})
    )
    open_before = {one.requisition_id: _open(one) for one in touched.values()}
    for cover, difference in changed.items():
        touched[cover.requisition_id].line(cover.line_no).ordered += difference
        await store.set_cover(session, cover, order.brings[cover.order_line_no])
    for requisition in touched.values():
        if requisition.settle() is not None:
            await store.add_step(session, requisition, order.by, order.number)
        await _tell(session, requisition, open_before[requisition.requisition_id], order)


async def _tell(
    session: AsyncSession, requisition: Requisition, open_before: Sequence[Decimal], order: OrderNow
) -> None:
    """Say that something is to be ordered again, or that less is than before."""
    pairs = list(zip(open_before, _open(requisition), strict=True))
    if any(now > before for before, now in pairs):
        await tell_reopened(session, requisition, order.by, order.number)
    elif any(now < before for before, now in pairs):
        await tell_ordered(session, requisition, order.by, order.number)


def _open(requisition: Requisition) -> Sequence[Decimal]:
    return [line.open for line in requisition.lines]
