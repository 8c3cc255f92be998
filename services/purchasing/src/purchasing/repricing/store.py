"""Loads corrections of prices; they change under the lock of their receipt alone."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts.domain import Receipt
from purchasing.receipts.tables import receipt_lines
from purchasing.repricing.domain import Repricing, RepricingStatus, UnknownRepricing
from purchasing.repricing.tables import repricing_lines, repricings
from purchasing.settlement import store as settlement
from purchasing.settlement.domain import Accrual, NotAccrued


async def accrual_to_change(session: AsyncSession, receipt: Receipt) -> Accrual:
    """Load what is owed for a receipt and lock it; raise if nothing is yet."""
    receipt_id, supplier_id = receipt.receipt_id, receipt.supplier_id
    found = await settlement.accruals_to_change(session, [receipt_id], supplier_id)
    if receipt_id not in found:
        raise NotAccrued(receipts=receipt.number)
    return found[receipt_id]


async def prices(session: AsyncSession, receipt: Receipt) -> Mapping[int, Decimal]:
    """Return the unit price of each line of a receipt as it was corrected last."""
    found = await prices_of(session, [receipt.receipt_id])
    return {line_no: unit_cost for (_, line_no), unit_cost in found.items()}


async def prices_of(
    session: AsyncSession, receipt_ids: Collection[UUID]
) -> dict[tuple[UUID, int], Decimal]:
    """Return the same of the lines of many receipts, by receipt and number."""
    wanted = any_(literal(list(receipt_ids), ARRAY(Uuid)))
    received, corrected = receipt_lines.c, repricing_lines.c
    rows = await session.execute(
        select(received.receipt_id, received.line_no, received.unit_cost).where(
            received.receipt_id == wanted
        )
    )
    found = {(row.receipt_id, row.line_no): row.unit_cost for row in rows}
    statement = (
        select(repricings.c.receipt_id, corrected.line_no, corrected.unit_cost)
        .join(repricings, repricings.c.repricing_id == corrected.repricing_id)
        .where(repricings.c.receipt_id == wanted, repricings.c.status == RepricingStatus.APPLIED)
        .order_by(repricings.c.decided_at, repricings.c.repricing_id)
    )
    rows = await session.execute(statement)
    return found | {(row.receipt_id, row.line_no): row.unit_cost for row in rows}


async def proposed_number(session: AsyncSession, receipt_id: UUID) -> str | None:
    """Return the number of the receipt's correction that nobody has decided about yet."""
    statement = select(repricings.c.number).where(
        repricings.c.receipt_id == receipt_id,
        repricings.c.status == RepricingStatus.PROPOSED,
    )
    return await session.scalar(statement)


async def repricing_of(session: AsyncSession, receipt_id: UUID, repricing_id: UUID) -> Repricing:
    """Load a correction of a receipt, whose lock the caller holds."""
    found = await session.get(Repricing, repricing_id)
    if found is None or found.receipt_id != receipt_id:
        raise UnknownRepricing(repricing_id=repricing_id)
    return found
