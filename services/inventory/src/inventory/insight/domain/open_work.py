"""Work that was begun and is not finished, and what it waits for."""

from enum import StrEnum


class Waits(StrEnum):
    """The step that is missing."""

    AUDIT = "audit"
    APPROVAL = "approval"
    POSTING = "posting"
    ARRIVAL = "arrival"
    COUNT = "count"
    INSPECTION = "inspection"
    SCANS = "scans"
    """A scan session's work was begun, and nobody has finished it."""
    SETTLEMENT = "settlement"
    """Goods were scanned at the wrong warehouse, and nobody has said what became of them."""
    SHIPMENT = "shipment"
    """An order was paid, and its goods have not left the books."""


class Sort(StrEnum):
    """What kind of work it is."""

    DOCUMENT = "document"
    TRANSFER = "transfer"
    COUNT_SHEET = "count_sheet"
    INSPECTION = "inspection"
    SCAN_WORK = "scan_work"
    WRONG_WAREHOUSE = "wrong_warehouse"
    SALES_ORDER = "sales_order"
    """Of sales: held for a paid order, whose shipment is not posted yet, or not booked here."""
    SUPPLIER_RECEIPT = "supplier_receipt"
    """Of purchasing: counted at the door, and not posted yet, or not booked here."""
