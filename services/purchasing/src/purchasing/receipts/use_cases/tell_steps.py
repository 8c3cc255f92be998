"""Tell which step a receipt took before it is posted: until then its goods are on no books."""

from typing import Any

from contracts.purchasing import DraftedLine, ReceiptAudited, ReceiptCancelled, ReceiptDrafted
from purchasing.receipts.domain import Receipt


def drafted(receipt: Receipt) -> ReceiptDrafted:
    """Say what was counted."""
    return ReceiptDrafted(
        **_of(receipt),
        at=receipt.received_at,
        user_id=receipt.received_by,
        device_id=receipt.device_id,
        lines=tuple(
            DraftedLine(
                line_no=line.line_no,
                item_id=line.item_id,
                quantity=line.quantity,
                batch_id=line.batch_id,
            )
            for line in receipt.lines
        ),
    )


def audited(receipt: Receipt) -> ReceiptAudited:
    """Say that it may be posted now."""
    at = receipt.audited_at or receipt.received_at
    return ReceiptAudited(**_of(receipt), at=at, user_id=receipt.audited_by or "")


def cancelled(receipt: Receipt) -> ReceiptCancelled:
    """Say that it will not be posted."""
    at = receipt.cancelled_at or receipt.received_at
    return ReceiptCancelled(**_of(receipt), at=at, user_id=receipt.cancelled_by or "")


def _of(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt_id": receipt.receipt_id,
        "number": receipt.number,
        "order_id": receipt.order_id,
        "supplier_id": receipt.supplier_id,
        "site_id": receipt.site_id,
        "warehouse_id": receipt.warehouse_id,
    }
