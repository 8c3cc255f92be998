"""Where a return to a supplier can stand, why goods go back, and what they are."""

from enum import StrEnum


class ReturnStatus(StrEnum):
    """Where a return stands."""

    DRAFT = "draft"
    AUDITED = "audited"
    POSTING = "posting"
    POSTED = "posted"
    REVERSED = "reversed"
    CANCELLED = "cancelled"


class ReturnCause(StrEnum):
    """Why goods go back."""

    DEFECT = "defect"
    OVER_DELIVERY = "over_delivery"
    WRONG_GOODS = "wrong_goods"
    EXPIRED = "expired"
    OTHER = "other"
    REVERSAL = "reversal"
    """The receipt was posted by mistake, and all of it is undone."""

    @property
    def needs_note(self) -> bool:
        """Tell whether it says too little by itself."""
        return self in {ReturnCause.OTHER, ReturnCause.REVERSAL}


class GoodsStatus(StrEnum):
    """What goods are on the shelf that go back; rejected ones are frozen."""

    AVAILABLE = "available"
    IN_INSPECTION = "in_inspection"
    FROZEN = "frozen"


DECIDED = frozenset({ReturnStatus.POSTING, ReturnStatus.POSTED})
"""The goods went back, or are about to."""
SHOWN = DECIDED | {ReturnStatus.REVERSED}
"""What concerns the supplier."""
VOID = frozenset({ReturnStatus.REVERSED, ReturnStatus.CANCELLED})
"""The goods are there, and can go back on another return."""
