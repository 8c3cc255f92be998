"""Note which posted receipts inventory can't book as they are, and warn of them until it can."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptHeld
from contracts.purchasing import PurchasingWarningRaised
from purchasing.receipts import store
from purchasing.receipts.domain import Receipt
from servicekit import outbox
from servicekit.clock import now

CAUSE = "booking_held"
ROLES = ("operator", "shop_manager")


async def hold_receipts(session: AsyncSession, held: Sequence[ReceiptHeld]) -> None:
    """Keep the causes; what was not posted here is no matter of ours."""
    causes = {one.receipt_id: one for one in held}
    warnings = []
    for receipt in await store.heads_there(session, causes):
        fact = causes[receipt.receipt_id]
        if receipt.hold(fact.cause, fact.held_at):
            warnings.append(PurchasingWarningRaised(**warning_of(receipt, fact.held_at)))
    await outbox.add(session, warnings)


def warning_of(receipt: Receipt, since: datetime) -> dict[str, Any]:
    """Return what the facts about the warning of a held receipt say; it has one at most."""
    return {
        "warning_id": uuid5(receipt.receipt_id, CAUSE),
        "cause": CAUSE,
        "severity": "critical",
        "site_id": receipt.site_id,
        "supplier_id": receipt.supplier_id,
        "document_kind": "receipt",
        "document_id": receipt.receipt_id,
        "document_number": receipt.number,
        "level": 0,
        "roles": ROLES,
        "since": since,
        "at": now(),
    }
