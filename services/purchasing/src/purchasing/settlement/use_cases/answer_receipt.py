"""Take what a supplier says about a receipt; once nothing is open, it is owed for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import DisputedLine, ReceiptDisputed
from purchasing.settlement import store
from purchasing.settlement.domain import Answer, Confirmation, ConfirmationStatus
from purchasing.settlement.use_cases.raise_accrual import settle
from purchasing.suppliers import store as suppliers
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


async def answer_receipt(
    session: AsyncSession,
    receipt_id: UUID,
    answers: Sequence[Answer],
    caller: Caller,
    books_currency: str,
) -> Confirmation:
    """Return what is between us and the supplier now."""
    supplier = await suppliers.supplier_of_user(session, caller.subject)
    receipt = await store.receipt_of_supplier(session, receipt_id, supplier.supplier_id)
    confirmation = await store.confirmation_of(session, receipt)
    confirmation.answer(answers, caller.subject, now())
    if confirmation.status is ConfirmationStatus.CONFIRMED:
        await settle(session, receipt, confirmation, books_currency)
    elif confirmation.status is ConfirmationStatus.DISPUTED:
        await outbox.add(session, [_disputed(confirmation, caller.subject)])
    return confirmation


def _disputed(confirmation: Confirmation, by: str) -> ReceiptDisputed:
    return ReceiptDisputed(
        receipt_id=confirmation.receipt_id,
        number=confirmation.number,
        supplier_id=confirmation.supplier_id,
        site_id=confirmation.site_id,
        disputed_at=now(),
        disputed_by=by,
        lines=tuple(
            DisputedLine(
                line_no=line.line_no,
                item_id=line.item_id,
                reason=line.reason.value if line.reason else "",
                recorded=line.recorded,
                claimed=line.claimed,
            )
            for line in confirmation.disputed()
        ),
    )
