"""A stock document: draft, audited, posted, and at most once reversed by another one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from inventory.documents.domain.kinds import RULES, DocumentKind, Need, Rules
from inventory.documents.domain.line import DocumentLine
from inventory.documents.domain.refusals import (
    AlreadyPosted,
    AlreadyReversed,
    DocumentIncomplete,
    EffectiveInFuture,
    NotReversible,
    SecondPersonNeeded,
    VersionConflict,
    WrongStatus,
)
from inventory.documents.domain.steps import DONE, OPEN, Actor, DocumentStatus
from inventory.stock.domain import Document, Place


@dataclass(eq=False, kw_only=True)
class StockDocument:
    """A document with its lines; `version` counts its steps."""

    document_id: UUID
    number: str
    kind: DocumentKind
    site_id: str
    warehouse_id: str
    drafted_at: datetime
    drafted_by: str
    drafted_with: str | None = None
    lines_by: str
    """Who wrote the lines as they stand."""
    effective_at: datetime | None = None
    """When it happened; if nobody says otherwise, that is when it is posted."""
    source_document: str | None = None
    reason: str | None = None
    department: str | None = None
    currency: str | None = None
    to_site_id: str | None = None
    to_warehouse_id: str | None = None
    expected_at: datetime | None = None
    over_percent: int = 0
    """How much more than was dispatched may arrive."""
    dispatch_id: UUID | None = None
    reverses: UUID | None = None
    reversed_by: UUID | None = None
    status: DocumentStatus = DocumentStatus.DRAFT
    version: int = 1
    audited_at: datetime | None = None
    audited_by: str | None = None
    approved_at: datetime | None = None
    approved_by: str | None = None
    posted_at: datetime | None = None
    posted_by: str | None = None
    posted_with: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    lines: list[DocumentLine] = field(default_factory=list)

    @property
    def rules(self) -> Rules:
        """Return what tells this kind from the others."""
        return RULES[self.kind]

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the document is as the caller saw it; None means whichever it is."""
        if versions is not None and self.version not in versions:
            raise VersionConflict(
                number=self.number, document_status=self.status.value, version=self.version
            )

    def rewrite(self, lines: list[DocumentLine], actor: Actor) -> None:
        """Replace the lines of a draft; an approval was of the lines before."""
        self._must_be("rewritten", DocumentStatus.DRAFT)
        self.lines, self.lines_by = lines, actor.user_id
        self.approved_by = self.approved_at = None
        self.version += 1

    def audit(self, actor: Actor, at: datetime) -> None:
        """Let the document be posted."""
        self._must_be("audited", DocumentStatus.DRAFT)
        if self.rules.second_person:
            self.must_have_other_author(actor, "audited")
        self.audited_by, self.audited_at = actor.user_id, at
        self._go_to(DocumentStatus.AUDITED)

    def approve(self, actor: Actor, at: datetime) -> None:
        """Answer for the document, which its author can't do alone."""
        self._must_be("approved", *OPEN)
        self.must_have_other_author(actor, "approved")
        self.approved_by, self.approved_at = actor.user_id, at
        self.version += 1

    def post(self, actor: Actor, at: datetime) -> None:
        """Let it happen: from here on only a document of its own can take it back."""
        if missing := self.missing():
            raise DocumentIncomplete(self.kind.value, "posted", missing)
        self._must_be("posted", DocumentStatus.AUDITED)
        self.effective_at = self.effective_at or at
        if self.effective_at > at:
            raise EffectiveInFuture(effective_at=self.effective_at.isoformat())
        self.posted_by, self.posted_at, self.posted_with = actor.user_id, at, actor.device_id
        self._go_to(DocumentStatus.POSTED)

    def cancel(self, actor: Actor, at: datetime) -> None:
        """Give up a document that was not posted."""
        self._must_be("cancelled", *OPEN)
        self.cancelled_by, self.cancelled_at = actor.user_id, at
        self._go_to(DocumentStatus.CANCELLED)

    def be_reversed(self, by: UUID, actor: Actor) -> None:
        """Note that another document takes back all that this one did."""
        if self.kind is DocumentKind.REVERSAL:
            raise NotReversible(number=self.number)
        if self.reversed_by is not None:
            raise AlreadyReversed(number=self.number, reversed_by=self.reversed_by)
        self._must_be("reversed", DocumentStatus.POSTED)
        if self.rules.second_person:
            self.must_have_other_author(actor, "reversed")
        self.reversed_by = by
        self._go_to(DocumentStatus.REVERSED)

    def missing(self) -> list[Need]:
        """Return what the document can't be posted without and does not have."""
        present = {
            Need.SITE: self.site_id,
            Need.WAREHOUSE: self.warehouse_id,
            Need.SOURCE_DOCUMENT: self.source_document,
            Need.APPROVER: self.approved_by,
            Need.REASON: self.reason,
            Need.TARGET_SITE: self.to_site_id,
            Need.TARGET_WAREHOUSE: self.to_warehouse_id,
            Need.DISPATCH: self.dispatch_id,
        }
        return self.rules.missing(present)

    def must_have_other_author(self, actor: Actor, act: str) -> None:
        """Raise if the document, or its lines as they stand, are by this person."""
        if actor.user_id in (self.drafted_by, self.lines_by):
            raise SecondPersonNeeded(number=self.number, author=actor.user_id, act=act)

    def place_of(self, line: DocumentLine) -> Place:
        """Return where a line moves goods."""
        return Place(self.site_id, line.item_id, self.warehouse_id, line.batch_id)

    def in_the_books(self) -> Document:
        """Return what entries say of a posted document."""
        if self.effective_at is None or self.posted_at is None or self.posted_by is None:
            raise self._wrong("booked", DocumentStatus.POSTED)
        return Document(
            self.document_id,
            self.number,
            self.effective_at,
            self.posted_at,
            self.posted_by,
            self.posted_with,
        )

    def _must_be(self, act: str, *wanted: DocumentStatus) -> None:
        if self.status in wanted:
            return
        if self.status in DONE and DocumentStatus.POSTED not in wanted:
            raise AlreadyPosted(
                number=self.number, posted_by=self.posted_by, posted_at=self.posted_at
            )
        raise self._wrong(act, *wanted)

    def _wrong(self, act: str, *wanted: DocumentStatus) -> WrongStatus:
        return WrongStatus(
            number=self.number,
            document_status=self.status.value,
            act=act,
            needed=" / ".join(wanted),
        )

    def _go_to(self, status: DocumentStatus) -> None:
        self.status = status
        self.version += 1
