"""The desk at which scans are taken in: one session, its works, and what the codes stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from inventory.documents.domain import OPEN, DocumentKind, DocumentLine, DocumentStatus
from inventory.scanning.domain.reading import Reading
from inventory.scanning.domain.refusals import (
    DocumentDone,
    NotOnDocument,
    OtherDoor,
    SerialRepeated,
    WrongWarehouse,
)
from inventory.scanning.domain.scans import GivenScan, Meaning, Refused, Scan
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.domain.understanding import Directory
from inventory.scanning.domain.works import BEGUN_BY_HAND, NoWork, Work
from servicekit.errors import Refusal

Place = tuple[str, str]
"""Site and warehouse."""
ANYWHERE = "*"
"""Instead of a warehouse: what is written of a whole site is at home in each of them."""


@dataclass(frozen=True)
class Paper:
    """A document whose code was scanned; it may be of an area that scanning does not know."""

    document_id: UUID
    number: str
    kind: str
    status: str
    origin: Place
    destination: Place | None = None
    lines: Sequence[DocumentLine] = ()
    path: str = ""
    """Where to go on with it."""

    @property
    def item_ids(self) -> set[str]:
        """Return what it is of."""
        return {line.item_id for line in self.lines}

    @property
    def is_scanned_for(self) -> bool:
        """Tell whether goods are scanned for it at all; others are opened to go on elsewhere."""
        return self.kind in BEGUN_BY_HAND

    @property
    def work_kind(self) -> DocumentKind | None:
        """Return what is scanned for it now: its own goods, or what arrives of them."""
        if self.status in OPEN and self.is_scanned_for:
            return DocumentKind(self.kind)
        is_sent = self.status == DocumentStatus.POSTED
        if is_sent and self.kind == DocumentKind.TRANSFER_DISPATCH:
            return DocumentKind.TRANSFER_ARRIVAL
        return None

    @property
    def place(self) -> Place:
        """Return where that is done."""
        arrives = self.work_kind is DocumentKind.TRANSFER_ARRIVAL
        return self.destination if arrives and self.destination else self.origin


@dataclass
class Desk:
    """Takes scans in, one by one; what is wrong with one keeps no other out."""

    held: ScanSession
    works: dict[UUID, Work]
    """Those that the session holds and has not finished."""
    directory: Directory
    doors: Mapping[str, Place] = field(default_factory=dict)
    """Warehouses by what their entry codes say."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    """Documents by what their codes say."""
    loaded: dict[UUID, Paper] = field(default_factory=dict)
    """Documents that the works are about, by id."""
    units: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    """Where units with a number of their own are on hand, by item and number."""
    taken: set[tuple[UUID, str, str]] = field(default_factory=set)
    """Work, item and number of those that were scanned before."""
    begun: list[Work] = field(default_factory=list)

    def take(
        self, given: GivenScan, reading: Reading | Refusal, work_id: UUID, at: datetime
    ) -> Scan:
        """Return the scan as it is kept; `work_id` is for the work that it may begin."""
        self.held.scans += 1
        scan = Scan(
            scan_id=given.scan_id,
            site_id=self.held.site_id,
            session_id=self.held.session_id,
            sequence=self.held.scans,
            code=given.code,
            scanned_at=given.scanned_at,
            received_at=at,
            said=given.said(),
            weight=given.weight,
        )
        try:
            self.held.must_contain(given.scanned_at, at)
            return self._understood(scan, given, reading, work_id)
        except Refusal as refusal:
            return replace(scan, refused=Refused.because(refusal))

    def _understood(
        self, scan: Scan, given: GivenScan, reading: Reading | Refusal, work_id: UUID
    ) -> Scan:
        if door := self.doors.get(given.code):
            self._must_be_here(door)
            return replace(scan, meaning=Meaning.WAREHOUSE)
        if paper := self.papers.get(given.code):
            work = self._open(paper, work_id, scan)
            opened = replace(scan, meaning=Meaning.DOCUMENT)
            return opened if work is None else replace(opened, work_id=work.work_id)
        if isinstance(reading, Refusal):
            raise reading
        return self._goods(scan, given, reading)

    def _must_be_here(self, door: Place) -> None:
        if door != (self.held.site_id, self.held.warehouse_id):
            raise OtherDoor(
                site_id=door[0],
                warehouse_id=door[1],
                session_warehouse_id=self.held.warehouse_id,
            )

    def _open(self, paper: Paper, work_id: UUID, scan: Scan) -> Work | None:
        """Go on with a document, or begin with it; no goods count for one that takes no scans."""
        self._must_belong_here(
            paper.place, f"document {paper.number}", document_id=str(paper.document_id)
        )
        if not paper.is_scanned_for:
            self.held.work_id = None
            return None
        work = self._work_on(paper, work_id, scan)
        self.loaded[paper.document_id] = paper
        self.held.work_id = work.work_id
        return work

    def _work_on(self, paper: Paper, work_id: UUID, scan: Scan) -> Work:
        kind = paper.work_kind
        if kind is None:
            raise DocumentDone(
                number=paper.number, document_kind=paper.kind, document_status=paper.status
            )
        known = (one for one in self.works.values() if one.loaded_id == paper.document_id)
        work = next(known, None)
        if work is None:
            work = Work(
                work_id,
                self.held.site_id,
                self.held.session_id,
                kind,
                scan.received_at,
                loaded_id=paper.document_id,
            )
            self.works[work_id] = work
            self.begun.append(work)
        return work

    def _goods(self, scan: Scan, given: GivenScan, reading: Reading) -> Scan:
        goods = self.directory.goods(reading, given)
        work = self.works.get(self.held.work_id) if self.held.work_id else None
        if work is None:
            raise NoWork
        paper = self.loaded.get(work.loaded_id) if work.loaded_id else None
        if paper is not None and goods.item_id not in paper.item_ids:
            raise NotOnDocument(item_id=goods.item_id, number=paper.number)
        if goods.serial is not None:
            self._take_unit(work, goods.item_id, goods.serial)
        return replace(scan, meaning=Meaning.GOODS, goods=goods, work_id=work.work_id)

    def _take_unit(self, work: Work, item_id: str, serial: str) -> None:
        if (work.work_id, item_id, serial) in self.taken:
            raise SerialRepeated(item_id=item_id, serial=serial)
        place = self.units.get((item_id, serial))
        if place is not None and work.takes_out:
            self._must_belong_here(place, f"unit {serial} of item {item_id}", item_id=item_id)
        self.taken.add((work.work_id, item_id, serial))

    def _must_belong_here(self, place: Place, thing: str, **concerned: str) -> None:
        """Raise `WrongWarehouse`, which says what it concerns: a document, or an item."""
        site_id, warehouse_id = place
        if site_id != self.held.site_id or warehouse_id not in (self.held.warehouse_id, ANYWHERE):
            raise WrongWarehouse(
                thing=thing,
                session_warehouse_id=self.held.warehouse_id,
                document_site_id=site_id,
                document_warehouse_id=warehouse_id,
                **concerned,
            )
