"""What becomes of booking an uploaded file, by anybody or by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from purchasing.recognition.domain.why_not import BookingFailed, kept
from servicekit.errors import Refusal

PAUSE = timedelta(seconds=5)
"""Before a document that could not be read or booked is tried again; longer each time."""
BOOKING_ATTEMPTS_MAX = 9
"""Each pause twice as long as the one before: that is after some twenty minutes."""


@dataclass(eq=False, kw_only=True)
class Bookable:
    """A document as far as booking it goes."""

    document_id: UUID
    due_at: datetime | None = None
    booking_due: bool = False
    """Whether it is still to be seen if its invoice is booked without anybody."""
    booking_attempts: int = 0
    """How often that ended in an error that says nothing of the document."""
    invoice_id: UUID | None = None
    """What was booked of it and not refused since."""
    not_booked: dict[str, Any] | None = None
    """Why it could not be booked by itself, or no longer is: the refusal as it is `kept`."""
    not_matched: dict[str, Any] | None = None
    """Why what was booked by itself could not be matched by itself."""

    def leave_to_people(self) -> None:
        """Let a person book it, as its supplier's terms say."""
        self.booking_due = False

    def book(self, invoice_id: UUID) -> None:
        """Note what was booked of it, whoever did that."""
        self.booking_due, self.invoice_id = False, invoice_id
        self.not_booked, self.not_matched = None, None

    def refuse_booking(self, why: Refusal) -> None:
        """Note why it is not booked by itself: a person books it."""
        self.booking_due, self.not_booked = False, kept(why)

    def match(self, why_not: Refusal | None = None) -> None:
        """Note that what was booked of it is matched, by anybody, or why it is not by itself."""
        self.not_matched = None if why_not is None else kept(why_not)

    def drop(self, invoice_id: UUID, why: Refusal) -> None:
        """Note that what was booked of it counts no more."""
        if self.invoice_id == invoice_id:
            self.invoice_id, self.not_matched = None, None
            self.refuse_booking(why)

    def put_booking_off(self, why: str, at: datetime) -> None:
        """Let it be tried again after a pause, or leave it to a person after so many tries."""
        self.due_at = at + PAUSE * 2**self.booking_attempts
        self.booking_attempts += 1
        if (tries := self.booking_attempts) >= BOOKING_ATTEMPTS_MAX:
            self.refuse_booking(BookingFailed(document_id=self.document_id, tries=tries, why=why))
