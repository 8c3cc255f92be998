"""What the QR codes of purchasing say, and what a code that was scanned stands for.

A code names a thing as no other thing in the world is named; it holds nothing secret, and whoever
scans it still needs the rights to see what it names.
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote
from uuid import UUID

from servicekit.errors import Refusal

SUPPLIER = "urn:trueshelf:supplier:"
ORDER = "urn:trueshelf:purchase-order:"
REQUISITION = "urn:trueshelf:requisition:"
NOTE = "urn:trueshelf:delivery-note:"
RETURN = "urn:trueshelf:purchase-return:"
CODE_MAX = 500
NOTE_MAX = 200


class CodeKind(StrEnum):
    """What a code can stand for."""

    SUPPLIER = "supplier"
    ORDER = "order"
    NOTE = "delivery_note"


class UnknownCode(Refusal):
    """The code is none of ours, or was read wrongly."""

    code = "unknown_scan_code"
    en = (
        "The code {scanned} is not one of a supplier, a purchase order or a delivery note. Scan the"
        " code on the order or on the delivery note again, or enter the order's number."
    )
    zh = "扫描内容 {scanned} 不是供应商、采购订单或送货单的二维码。请重新扫描，或输入订单号。"


@dataclass(frozen=True)
class ScannedCode:
    """What a code stands for: a supplier, an order, or a supplier's delivery note."""

    kind: CodeKind
    supplier_id: str | None = None
    order_id: UUID | None = None
    note: str | None = None


def supplier_code(supplier_id: str) -> str:
    """Return what a supplier's QR code says."""
    return f"{SUPPLIER}{supplier_id}"


def order_code(order_id: UUID) -> str:
    """Return what an order's QR code says."""
    return f"{ORDER}{order_id}"


def return_code(return_id: UUID) -> str:
    """Return what the QR code of a return to a supplier says; nothing is received by it."""
    return f"{RETURN}{return_id}"


def requisition_code(requisition_id: UUID) -> str:
    """Return what a requisition's QR code says; nothing is received by it."""
    return f"{REQUISITION}{requisition_id}"


def note_code(supplier_id: str, note: str) -> str:
    """Return what the QR code of a supplier's delivery note says."""
    return f"{NOTE}{supplier_id}:{quote(note, safe='')}"


def read_code(scanned: str) -> ScannedCode:
    """Return what a code stands for; raise if it is none of these."""
    text = scanned.strip()[:CODE_MAX]
    if text.startswith(SUPPLIER) and (supplier_id := text.removeprefix(SUPPLIER)):
        return ScannedCode(CodeKind.SUPPLIER, supplier_id=supplier_id)
    if text.startswith(ORDER):
        return ScannedCode(CodeKind.ORDER, order_id=_id_in(text))
    supplier_id, _, note = text.removeprefix(NOTE).partition(":")
    note = unquote(note)
    if text.startswith(NOTE) and supplier_id and note.isprintable() and 0 < len(note) <= NOTE_MAX:
        return ScannedCode(CodeKind.NOTE, supplier_id=supplier_id, note=note)
    raise UnknownCode(scanned=scanned[:100])


def _id_in(text: str) -> UUID:
    try:
        return UUID(text.removeprefix(ORDER))
    except ValueError as error:
        raise UnknownCode(scanned=text[:100]) from error
