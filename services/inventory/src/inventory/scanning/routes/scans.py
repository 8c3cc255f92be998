"""Scans over HTTP."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from contracts.wire import BatchCode, Code, Moment, Name, Quantity, SignedQuantity
from inventory.catalog import store as catalog
from inventory.catalog.domain.weights import Weight
from inventory.documents.routes.views import LineView
from inventory.scanning import queries as lists
from inventory.scanning.domain.desk import Paper
from inventory.scanning.domain.refusals import ScanIdReused
from inventory.scanning.domain.scans import GivenScan, Meaning, Scan
from inventory.scanning.routes.doors import ScannedCode
from inventory.scanning.routes.entering import Arranger, Body, Entered, Reader, View
from inventory.scanning.store import known, sessions
from inventory.scanning.store.scans import scan_of
from inventory.scanning.use_cases.record_scans import record_scans
from inventory.scanning.use_cases.settle_scan import settle_scan
from inventory.scanning.use_cases.withdraw_scan import withdraw_scan
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, command_router, query_router

scan_commands = command_router("scanning")
scan_queries = query_router("scanning")

SCANS_MAX = 500


class WeightBody(Body):
    """What a registered scale of the site said."""

    scale_id: Code
    gross: Quantity
    tare: SignedQuantity
    net: Quantity
    unit: Code
    weighed_at: Moment

    def said(self) -> Weight:
        """Return the weight as the domain takes it."""
        return Weight(**dict(self))


class ScanBody(Body):
    """A scan. `scan_id` is the device's own: the same one again is the same scan.

    What is not given, the code says, or it is one unit of what the code stands for.
    """

    scan_id: UUID
    code: ScannedCode
    scanned_at: Moment
    """When it was scanned, by the device's clock, however late it is sent."""
    quantity: Quantity | None = None
    unit: Code | None = None
    batch_id: BatchCode | None = None
    serial: Code | None = None
    weight: WeightBody | None = None

    def given(self) -> GivenScan:
        """Return the scan as the domain takes it."""
        return GivenScan(
            scan_id=self.scan_id,
            code=self.code,
            scanned_at=self.scanned_at,
            quantity=self.quantity,
            unit=self.unit,
            batch_id=self.batch_id or None,
            serial=self.serial,
            weight=self.weight.said() if self.weight else None,
        )


class ScansBody(Body):
    """Scans in the order in which they were made."""

    scans: Annotated[list[ScanBody], Field(min_length=1, max_length=SCANS_MAX)]


class SettleBody(Body):
    """What became of goods that were taken to the wrong warehouse."""

    how: Name


class WeightView(View):
    """What a scale said."""

    scale_id: str
    gross: Quantity
    tare: SignedQuantity
    net: Quantity
    unit: str
    weighed_at: Moment


class GoodsView(View):
    """What a scan was understood as."""

    item_id: str
    quantity: Quantity
    unit: str
    batch_id: str
    serial: str | None
    manufactured_on: date | None
    expires_on: date | None


class RefusalView(View):
    """Why a scan does not count; `facts` are what the reason is made of."""

    code: str
    detail: str
    facts: dict[str, Any]


class OpenedView(View):
    """A document that was opened by its code, as it is now, and where to go on with it."""

    document_id: UUID
    number: str
    kind: str
    status: str
    path: str
    lines: list[LineView]


class ScanView(View):
    """What became of a scan."""

    scan_id: UUID
    status: Literal["accepted", "refused", "withdrawn"]
    session_id: UUID
    sequence: int | None
    code: str
    scanned_at: Moment
    received_at: Moment | None
    meaning: Meaning | None = None
    work_id: UUID | None = None
    goods: GoodsView | None = None
    weight: WeightView | None = None
    refusal: RefusalView | None = None
    document_id: UUID | None = None
    line_no: int | None = None
    """The line of that document in which it counts."""
    opened: OpenedView | None = None
    """What the code of a document opened; without a work, its goods are not scanned."""


class ScansView(View):
    """What became of each scan, in the order given."""

    accepted: int
    refused: int
    scans: list[ScanView]


class WrongWarehouseView(View):
    """A scan of what belongs to another warehouse than the session it was made in."""

    scan_id: UUID
    site_id: str
    session_id: UUID
    warehouse_id: str
    user_id: str
    device_id: str
    code: str
    scanned_at: Moment
    document_id: UUID | None
    document_site_id: str
    document_warehouse_id: str
    detail: str
    settled_at: Moment | None
    settled_by: str | None
    settlement: str | None


@scan_commands.post("/scan-sessions/{session_id}/scans")
async def post_scans(
    body: ScansBody, session: Session, held: Entered, request: Request
) -> ScansView:
    """Take in scans, each by itself: what is wrong with one keeps no other out."""
    given = [one.given() for one in body.scans]
    language = language_of(request)
    taken, papers = await record_scans(session, held, given)
    views = [
        _reused(one, result, held.session_id, language)
        if isinstance(result, ScanIdReused)
        else _shown(result, language)
        for one, result in zip(given, taken, strict=True)
    ]
    await _open(session, views, papers)
    refused = sum(view.status == "refused" for view in views)
    return ScansView(accepted=len(views) - refused, refused=refused, scans=views)


@scan_queries.get("/scan-sessions/{session_id}/scans")
async def get_scans(
    session_id: UUID, session: Session, paging: CurrentPaging, caller: Reader, request: Request
) -> Page[ScanView]:
    """List what was scanned in a session, in the order in which it arrived."""
    held = await sessions.load_session(session, session_id)
    caller.must_cover(held.site_id)
    after = min(paging.after_number(), SEQUENCE_MAX)
    rows = await lists.scans(session, held, after, paging.limit + 1)
    language = language_of(request)
    views = [_shown(scan_of(row), language, row["document_id"]) for row in rows]
    await _open(session, views, {})
    return paging.page(views, lambda one: [one.sequence])


@scan_queries.get("/documents/{document_id}/scans")
async def get_scans_of_document(
    document_id: UUID, session: Session, paging: CurrentPaging, caller: Reader, request: Request
) -> Page[ScanView]:
    """List the scans, with their weights and devices' times, that a document was made of."""
    rows = await lists.scans_of_document(
        session, document_id, caller.covered(), paging.after_id(), paging.limit + 1
    )
    language = language_of(request)
    views = [_shown(scan_of(row), language, row["document_id"]) for row in rows]
    return paging.page(views, lambda one: [one.scan_id])


@scan_commands.post("/scan-sessions/{session_id}/scans/{scan_id}/withdraw")
async def post_withdrawal(
    scan_id: UUID, session: Session, held: Entered, request: Request
) -> ScanView:
    """Take a scan back that was made by mistake, before its work is finished."""
    return _shown(await withdraw_scan(session, held, scan_id), language_of(request))


@scan_queries.get("/sites/{site_id}/wrong-warehouse-scans")
async def get_wrong_warehouse_scans(
    site_id: Code,
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    request: Request,
    settled: Annotated[bool | None, Query()] = None,
) -> Page[WrongWarehouseView]:
    """List scans of what belongs to another warehouse, settled or not."""
    caller.must_cover(site_id)
    await catalog.load_site(session, site_id)
    rows = await lists.wrong_warehouse_scans(
        session, site_id, paging.after_id(), paging.limit + 1, settled=settled
    )
    reason = "reason_zh" if language_of(request).startswith("zh") else "reason_en"
    views = [WrongWarehouseView.model_validate({**row, "detail": row[reason]}) for row in rows]
    return paging.page(views, lambda one: [one.scan_id])


@scan_commands.post("/sites/{site_id}/wrong-warehouse-scans/{scan_id}/settle", status_code=204)
async def post_settlement(
    site_id: Code, scan_id: UUID, body: SettleBody, session: Session, caller: Arranger
) -> None:
    """Say what became of goods that were taken to the wrong warehouse."""
    caller.must_cover(site_id)
    await settle_scan(session, site_id, scan_id, body.how, caller.subject)


SEQUENCE_MAX = 2**31 - 1


async def _open(session: Session, views: list[ScanView], found: Mapping[str, Paper]) -> None:
    """Show what the codes of documents opened; those that nobody has looked up yet are."""
    opening = [view for view in views if view.meaning is Meaning.DOCUMENT]
    missing = {view.code for view in opening} - found.keys()
    papers = {**found, **await known.find_papers(session, missing)}
    for view in opening:
        if view.code in papers:
            view.opened = OpenedView.model_validate(papers[view.code])


def _shown(scan: Scan, language: str, document_id: UUID | None = None) -> ScanView:
    refused, status = scan.refused, "accepted"
    if refused is not None:
        status = "refused"
    elif scan.withdrawn_at is not None:
        status = "withdrawn"
    view = ScanView.model_validate(
        {name: getattr(scan, name) for name in SHOWN} | {"status": status}, from_attributes=True
    )
    reason = refused and RefusalView(
        code=refused.code, detail=refused.text(language), facts=dict(refused.facts)
    )
    return view.model_copy(update={"refusal": reason, "document_id": document_id})


SHOWN = (
    "scan_id",
    "session_id",
    "sequence",
    "code",
    "scanned_at",
    "received_at",
    "meaning",
    "work_id",
    "goods",
    "weight",
    "line_no",
)


def _reused(given: GivenScan, refusal: ScanIdReused, session_id: UUID, language: str) -> ScanView:
    reason = RefusalView(
        code=refusal.code,
        detail=refusal.text(language),
        facts={name: str(fact) for name, fact in refusal.facts.items()},
    )
    return ScanView(
        scan_id=given.scan_id,
        status="refused",
        session_id=session_id,
        sequence=None,
        code=given.code,
        scanned_at=given.scanned_at,
        received_at=None,
        refusal=reason,
    )
