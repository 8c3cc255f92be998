"""Works: what scans are gathered for, until they become a document."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from inventory.documents.domain import DocumentKind
from servicekit.errors import Kind, Refusal

BEGUN_BY_HAND = frozenset(
    {
        DocumentKind.RECEIPT,
        DocumentKind.ISSUE,
        DocumentKind.SCRAP,
        DocumentKind.TRANSFER_DISPATCH,
    }
)
"""What needs no document to start from."""
TAKEN_OUT = frozenset({DocumentKind.ISSUE, DocumentKind.SCRAP, DocumentKind.TRANSFER_DISPATCH})


class UnknownWork(Refusal):
    """The session holds no such work."""

    kind = Kind.NOT_FOUND
    code = "unknown_scan_work"
    en = "Session {session_id} holds no work {work_id}. Take it over first, or begin one."
    zh = "会话 {session_id} 没有作业 {work_id}。请先接管，或新开作业。"


class NoWork(Refusal):
    """Nobody said what the goods are scanned for."""

    kind = Kind.CONFLICT
    code = "no_scan_work"
    en = "Scan a document's code first, or begin a work: receipt, issue, scrap, transfer_dispatch."
    zh = "请先扫描单据二维码，或新开作业：receipt、issue、scrap、transfer_dispatch。"


class WorkFinished(Refusal):
    """What was scanned is a document by now."""

    kind = Kind.CONFLICT
    code = "scan_work_finished"
    en = "Work {work_id} became document {document_id} at {finished_at}. Begin a new one."
    zh = "作业 {work_id} 已于 {finished_at} 生成单据 {document_id}。请新开作业。"


class NothingScanned(Refusal):
    """There is nothing to make a document of."""

    code = "nothing_scanned"
    en = "Nothing was scanned for work {work_id} yet. Scan its goods first."
    zh = "作业 {work_id} 尚未扫描任何商品。请先扫描商品。"


class ScanDiffers(Refusal):
    """What was scanned is not what the document says."""

    kind = Kind.CONFLICT
    code = "scan_differs_from_document"
    en = (
        "{lines_differing} lines of document {number} differ from what was scanned."
        " Scan the rest, withdraw what is too much, or correct the document."
    )
    zh = "单据 {number} 有 {lines_differing} 行与扫描结果不符。请补扫、撤回多扫，或更正单据。"


@dataclass(eq=False)
class Work:
    """Goods scanned for one document, which may be there already (`loaded_id`)."""

    work_id: UUID
    site_id: str
    session_id: UUID
    kind: DocumentKind
    begun_at: datetime
    loaded_id: UUID | None = None
    to_site_id: str | None = None
    to_warehouse_id: str | None = None
    source_document: str | None = None
    reason: str | None = None
    finished_at: datetime | None = None
    document_id: UUID | None = None

    @property
    def takes_out(self) -> bool:
        """Tell whether the goods leave the warehouse."""
        return self.kind in TAKEN_OUT

    def must_go_on(self) -> None:
        """Raise `WorkFinished` for a work that is a document by now."""
        if self.finished_at is not None:
            raise WorkFinished(
                work_id=self.work_id,
                document_id=self.document_id,
                finished_at=self.finished_at.isoformat(),
            )

    def finish(self, document_id: UUID, at: datetime) -> None:
        """All that was scanned is in this document."""
        self.document_id, self.finished_at = document_id, at


@dataclass(frozen=True)
class Goods:
    """What a scan says was there."""

    item_id: str
    quantity: Decimal
    unit: str
    batch_id: str = ""
    serial: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None


@dataclass
class ScannedLine:
    """Scans that make up one line of a document, by their numbers in the work."""

    goods: Goods
    """Of the first scan."""
    quantity: Decimal = Decimal(0)
    serials: list[str] = field(default_factory=list)
    scan_ids: list[UUID] = field(default_factory=list)

    def add(self, scan_id: UUID, goods: Goods) -> None:
        """Let a scan of the same goods count."""
        self.quantity += goods.quantity
        self.scan_ids.append(scan_id)
        if goods.serial is not None:
            self.serials.append(goods.serial)


def lines_of(scanned: Iterable[tuple[UUID, Goods]]) -> list[ScannedLine]:
    """Return a line for each item, unit and batch, in the order of their first scans."""
    lines: dict[tuple[object, ...], ScannedLine] = {}
    for scan_id, goods in scanned:
        dates = goods.manufactured_on, goods.expires_on
        key = (goods.item_id, goods.unit, goods.batch_id, *dates)
        lines.setdefault(key, ScannedLine(goods)).add(scan_id, goods)
    return list(lines.values())
