"""What unfinished documents wait for."""

from enum import StrEnum


class Waits(StrEnum):
    """The step that is missing."""

    SUBMISSION = "submission"
    APPROVAL = "approval"
    PLACING = "placing"
    ORDERING = "ordering"
    """What a site asks for is approved, and not all of it is ordered."""
    AUDIT = "audit"
    POSTING = "posting"
    BOOKING = "booking"
    """It is posted, and inventory has not booked it yet."""
    MENDING = "mending"
    """Inventory can't book it as it is."""
