"""Where a return can stand, and why goods came back."""

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
    """Why goods came back."""

    CUSTOMER = "customer"
    """The customer brought them."""
    UNDELIVERED = "undelivered"
    """The customer never got them."""
    REVERSAL = "reversal"
    """The shipment was posted by mistake: they never left the shelf, and all of it is undone."""

    LOST = "lost"
    """They were lost on their way: nothing comes back, and the customer gets the money.

    What turns up later is found stock: it is taken in by a gain document."""

    @property
    def never_reached_customer(self) -> bool:
        """Tell whether the goods come back without anybody having signed for them."""
        return self is not ReturnCause.CUSTOMER


UNSEEN = frozenset({ReturnCause.REVERSAL, ReturnCause.LOST})
"""Nobody sees goods come back: a second person has to agree."""
DECIDED = frozenset({ReturnStatus.POSTING, ReturnStatus.POSTED})
"""The goods are back."""
VOID = frozenset({ReturnStatus.REVERSED, ReturnStatus.CANCELLED})
"""They are not, and what it names can come back on another return."""
