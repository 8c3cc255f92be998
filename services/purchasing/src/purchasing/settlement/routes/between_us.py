"""What is between us and a supplier about a receipt, as both sides see it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts import queries as receipts
from purchasing.receipts.routes.bodies import RefusedOut
from purchasing.settlement import queries
from purchasing.settlement.routes.shapes import (
    PortalReceipt,
    SettledReceipt,
    StepOut,
    portal_lines,
)


async def portal_receipt(
    session: AsyncSession, receipt_id: UUID, supplier_id: str
) -> PortalReceipt:
    """Return a supplier's receipt with all that was said of it; raise if it is another's."""
    head = SettledReceipt.of(await queries.own_receipt(session, receipt_id, supplier_id))
    lines = await receipts.receipt_lines(session, receipt_id)
    said = await queries.answers(session, receipt_id)
    return PortalReceipt(
        **head.model_dump(),
        lines=portal_lines(lines, said),
        refused=[RefusedOut(**one) for one in await receipts.refused_of(session, receipt_id)],
        history=[StepOut(**step) for step in await queries.history(session, receipt_id)],
    )
