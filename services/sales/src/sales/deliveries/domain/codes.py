"""What the QR code of a shipment says: it names the shipment, and opens nothing by itself."""

from uuid import UUID

from servicekit.errors import Refusal

SHIPMENT = "urn:trueshelf:shipment:"


class UnknownShipmentCode(Refusal):
    """The code is none of a shipment, or was read wrongly."""

    code = "unknown_scan_code"
    en = "The code {scanned} is not one of a shipment. Scan the code on the delivery note again."
    zh = "扫描内容 {scanned} 不是发货单的二维码。请重新扫描送货单上的二维码。"


def code_of(shipment_id: UUID) -> str:
    """Return what a shipment's QR code says."""
    return f"{SHIPMENT}{shipment_id}"


def read_code(scanned: str) -> UUID:
    """Return the shipment that a code names, or raise."""
    text = scanned.strip()
    try:
        if text.startswith(SHIPMENT):
            return UUID(text.removeprefix(SHIPMENT))
    except ValueError:
        pass
    raise UnknownShipmentCode(scanned=scanned[:100])
