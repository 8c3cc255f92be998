"""What can be said of a receipt and its lines."""

from enum import StrEnum


class LineVerdict(StrEnum):
    """Where a line stands between us and the supplier."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    ACCEPTED = "accepted"


class DisputeReason(StrEnum):
    """What a supplier can dispute."""

    QUANTITY = "quantity"
    PRICE = "price"
    QUALITY = "quality"
    OTHER = "other"


class Correction(StrEnum):
    """What follows when the supplier was right: the receipt itself never changes."""

    RECEIVE_REST = "receive_rest"
    RETURN_SURPLUS = "return_surplus"
    INVOICE_DIFFERENCE = "invoice_difference"


class ConfirmationStatus(StrEnum):
    """Where a receipt stands between us and the supplier."""

    OPEN = "open"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
