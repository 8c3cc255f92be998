"""Begin a work: say what the goods that are scanned from now on are for."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.documents.domain import DocumentKind
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.domain.works import Work
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True)
class Purpose:
    """What the document is to say besides the goods."""

    kind: DocumentKind
    to_site_id: str | None = None
    to_warehouse_id: str | None = None
    source_document: str | None = None
    reason: str | None = None


async def begin_work(session: AsyncSession, held: ScanSession, purpose: Purpose) -> Work:
    """Return a new work of a locked session, which goods are scanned for from now on."""
    at = now()
    held.must_be_open(at)
    if purpose.to_site_id and purpose.to_warehouse_id:
        target = (purpose.to_site_id, purpose.to_warehouse_id)
        await catalog.must_know_warehouses(session, {target})
    work = Work(
        work_id=new_id(),
        site_id=held.site_id,
        session_id=held.session_id,
        kind=purpose.kind,
        begun_at=at,
        to_site_id=purpose.to_site_id,
        to_warehouse_id=purpose.to_warehouse_id,
        source_document=purpose.source_document,
        reason=purpose.reason,
    )
    session.add(work)
    held.work_id = work.work_id
    return work
