"""Finish a receipt in one action: audited and posted by whoever may do both."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts.domain import Receipt, ReceiptStatus
from purchasing.receipts.use_cases.post_receipt import post_audited, take_in_hand
from purchasing.receipts.use_cases.tell_steps import audited
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


@dataclass(frozen=True, kw_only=True)
class House:
    """What the company decided about receipts."""

    currency: str
    audited_by_another: bool
    """Whether a receipt is audited by somebody other than who counted."""


async def finish_receipt(
    session: AsyncSession,
    receipt_id: UUID,
    caller: Caller,
    versions: Collection[int] | None,
    house: House,
) -> Receipt:
    """Return the receipt on its way into the books."""
    receipt = await take_in_hand(session, receipt_id, caller, versions)
    return await finish_counted(session, receipt, caller, house)


async def finish_counted(
    session: AsyncSession, receipt: Receipt, caller: Caller, house: House
) -> Receipt:
    """Finish a receipt that the caller holds; one that was audited before is only posted."""
    if receipt.status is ReceiptStatus.DRAFT:
        receipt.audit(caller.subject, now(), by_another=house.audited_by_another)
        await outbox.add(session, [audited(receipt)])
    return await post_audited(session, receipt, caller, house.currency)
