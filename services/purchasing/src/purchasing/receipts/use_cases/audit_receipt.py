"""Audit a receipt: somebody looked at it and lets it be posted."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts import store
from purchasing.receipts.domain import Receipt
from purchasing.receipts.use_cases.check_naming import check_naming
from purchasing.receipts.use_cases.tell_steps import audited
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


async def audit_receipt(
    session: AsyncSession,
    receipt_id: UUID,
    caller: Caller,
    versions: Collection[int] | None,
    *,
    by_another: bool,
) -> Receipt:
    """Return the audited receipt; where the house asks for it, never by who counted."""
    receipt = await store.receipt_to_step(session, receipt_id)
    caller.must_cover(receipt.site_id)
    receipt.must_be_at(versions)
    await check_naming(session, receipt)
    receipt.audit(caller.subject, now(), by_another=by_another)
    await outbox.add(session, [audited(receipt)])
    return receipt
