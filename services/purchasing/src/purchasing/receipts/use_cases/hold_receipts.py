"""Note which posted receipts inventory can't book as they are, and warn of them until it can."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptHeld
from purchasing.receipts import store
from purchasing.receipts.domain import Receipt
from purchasing.warnings.domain import Told, WarningCause
from purchasing.warnings.use_cases.tell_warnings import raise_warnings
from servicekit.clock import now

ROLES = ("operator", "shop_manager")


async def hold_receipts(session: AsyncSession, held: Sequence[ReceiptHeld]) -> None:
    """Keep the causes; what was not posted here is no matter of ours."""
    causes = {one.receipt_id: one for one in held}
    warnings = []
    for receipt in await store.heads_there(session, causes):
        fact = causes[receipt.receipt_id]
        if receipt.hold(fact.cause, fact.held_at):
            warnings.append(warning_of(receipt, fact.held_at))
    await raise_warnings(session, warnings)


def warning_of(receipt: Receipt, since: datetime) -> Told:
    """Return what is said of the warning of a held receipt; it has one at most."""
    cause = WarningCause.BOOKING_HELD
    return Told(
        warning_id=uuid5(receipt.receipt_id, cause.value),
        cause=cause,
        severity="critical",
        site_id=receipt.site_id,
        supplier_id=receipt.supplier_id,
        document_kind="receipt",
        document_id=receipt.receipt_id,
        document_number=receipt.number,
        level=0,
        roles=ROLES,
        since=since,
        at=now(),
    )
