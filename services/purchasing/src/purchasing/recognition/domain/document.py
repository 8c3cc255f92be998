"""An uploaded file on its way: waiting, reading, read, confirmed; or failed, with the reason."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from purchasing.recognition.domain.bookable import PAUSE, Bookable
from purchasing.recognition.domain.correcting import correct, is_field
from purchasing.recognition.domain.invoice import Invoice, bad_fields, invoice_of
from purchasing.recognition.domain.judging import doubts_of
from purchasing.recognition.domain.refusals import (
    BadField,
    DocumentBooked,
    DocumentChanged,
    DocumentNotSetAside,
    DocumentSetAside,
    DoubtsLeft,
    NotReadYet,
)


class DocumentStatus(StrEnum):
    """Where a document stands."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(eq=False, kw_only=True)
class InvoiceDocument(Bookable):
    """A file, and what was read in it; `version` counts the steps until that is confirmed.

    Whoever reads it holds a lease: when that runs out, another may, and the first one's answer is
    worth nothing any more.
    """

    file_name: str
    kind: str
    size_bytes: int
    sha256: str
    supplier_id: str | None
    uploaded_at: datetime
    uploaded_by: str
    status: DocumentStatus = DocumentStatus.WAITING
    version: int = 1
    attempts: int = 0
    lease: UUID | None = None
    failure: dict[str, Any] | None = None
    reading: dict[str, Any] | None = None
    doubts: tuple[str, ...] = ()
    read_at: datetime | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    set_aside_at: datetime | None = None
    set_aside_by: str | None = None
    set_aside_reason: str | None = None
    taken_up_at: datetime | None = None
    """When it was last taken up again, by whom is next: who set it aside before stays told."""
    taken_up_by: str | None = None

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the document is as the caller saw it; None means it doesn't matter."""
        if versions is not None and self.version not in versions:
            raise DocumentChanged(
                document_id=self.document_id,
                document_status=self.status.value,
                version=self.version,
            )

    def take(self, lease: UUID, until: datetime) -> None:
        """Give the document to a reader; each try counts, whatever becomes of it."""
        self.lease, self.due_at = lease, until
        self.attempts += 1
        self._go_to(DocumentStatus.READING)

    def is_held(self, lease: UUID) -> bool:
        """Say whether the reader still has the document."""
        return self.status is DocumentStatus.READING and self.lease == lease

    def keep(self, reading: Mapping[str, Any], at: datetime, confidence_min: Decimal) -> None:
        """Keep what was read; where nothing is in doubt, nobody has to confirm it."""
        self.reading = dict(reading)
        self.doubts = tuple(doubts_of(reading, confidence_min))
        self.read_at, self.lease, self.due_at, self.failure = at, None, None, None
        if self.doubts:
            self._go_to(DocumentStatus.READ)
        else:
            self._confirm(None, at)

    def fail(self, cause: str, facts: Mapping[str, Any]) -> None:
        """Give up: reading it again would not help."""
        self.failure = {"cause": cause, "facts": dict(facts)}
        self.lease, self.due_at = None, None
        self._go_to(DocumentStatus.FAILED)

    def put_off(self, why: str, at: datetime, attempts_max: int) -> None:
        """Let the document be tried again after a pause, or give up after so many tries."""
        if self.attempts >= attempts_max:
            return self.fail("no_answer", {"why": why, "attempts": self.attempts})
        self.failure = {"cause": "no_answer", "facts": {"why": why, "attempts": self.attempts}}
        self.lease, self.due_at = None, at + PAUSE * self.attempts
        return self._go_to(DocumentStatus.WAITING)

    def try_again(self) -> None:
        """Read a document again that could not be read."""
        self._must_be(DocumentStatus.FAILED)
        self.attempts, self.due_at = 0, None
        self._go_to(DocumentStatus.WAITING)

    def confirm(
        self,
        corrections: Mapping[str, str],
        accepted: Collection[str],
        by: str,
        at: datetime,
    ) -> None:
        """Take a person's word for what was in doubt; all of it, or nothing."""
        self._must_be(DocumentStatus.READ)
        reading = deepcopy(self.reading or {})
        unknown = [path for path in (*corrections, *accepted) if not is_field(reading, path)]
        if unknown:
            raise BadField(fields=", ".join(sorted(unknown)))
        for path, text in corrections.items():
            correct(reading, path, text, by)
        # What can't be what it says is no matter of opinion.
        if bad := bad_fields(reading):
            raise BadField(fields=", ".join(bad))
        left = set(self.doubts).difference(corrections, accepted)
        if left:
            raise DoubtsLeft(fields=", ".join(path for path in self.doubts if path in left))
        self.reading, self.doubts = reading, ()
        self._confirm(by, at)

    def invoice(self) -> Invoice:
        """Return the invoice, once it is confirmed."""
        self._must_be(DocumentStatus.CONFIRMED)
        return invoice_of(self.reading or {})

    @property
    def is_set_aside(self) -> bool:
        """Whether a person wants nothing done with it, and none has taken it up again."""
        return self.set_aside_at is not None and self.taken_up_at is None

    def set_aside(self, reason: str, by: str, at: datetime) -> None:
        """Have nothing done with it; raise while it is read, and if it is booked."""
        self._must_be(DocumentStatus.READ, DocumentStatus.CONFIRMED, DocumentStatus.FAILED)
        if self.invoice_id is not None:
            raise DocumentBooked(document_id=self.document_id, invoice_id=self.invoice_id)
        self.set_aside_reason, self.set_aside_by, self.set_aside_at = reason, by, at
        self.taken_up_by, self.taken_up_at = None, None

    def take_up(self, by: str, at: datetime) -> None:
        """Let it be again what it was before it was set aside."""
        if not self.is_set_aside:
            raise DocumentNotSetAside(document_id=self.document_id)
        self.taken_up_by, self.taken_up_at = by, at

    def _confirm(self, by: str | None, at: datetime) -> None:
        self.confirmed_by, self.confirmed_at, self.booking_due = by, at, True
        self._go_to(DocumentStatus.CONFIRMED)

    def _must_be(self, *statuses: DocumentStatus) -> None:
        if self.is_set_aside:
            said = {"by": self.set_aside_by, "reason": self.set_aside_reason}
            raise DocumentSetAside(document_id=self.document_id, **said)
        if self.status not in statuses:
            raise NotReadYet(
                document_id=self.document_id,
                document_status=self.status.value,
                needed=" or ".join(statuses),
            )

    def _go_to(self, status: DocumentStatus) -> None:
        self.status = status
        self.version += 1
