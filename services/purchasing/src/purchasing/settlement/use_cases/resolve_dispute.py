"""Resolve what a supplier disputes: uphold what was counted, or accept what the supplier says.

A posted receipt never changes. What follows from accepting stands with the decision: the rest is
received with another receipt, the surplus is returned, or the invoice carries the difference.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.settlement import store
from purchasing.settlement.domain import Answer, Confirmation, ConfirmationStatus
from purchasing.settlement.use_cases.raise_accrual import settle
from servicekit.auth import Caller
from servicekit.clock import now


async def resolve_dispute(
    session: AsyncSession,
    receipt_id: UUID,
    answers: Sequence[Answer],
    caller: Caller,
    books_currency: str,
) -> Confirmation:
    """Return what is between us and the supplier now."""
    receipt = await store.decided_receipt(session, receipt_id)
    caller.must_cover(receipt.site_id)
    confirmation = await store.confirmation_of(session, receipt)
    confirmation.resolve(answers, caller.subject, now())
    if confirmation.status is ConfirmationStatus.CONFIRMED:
        await settle(session, receipt, confirmation, books_currency)
    return confirmation
