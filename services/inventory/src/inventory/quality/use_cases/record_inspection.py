"""Record what an inspection decided: its documents are posted at once, or nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import InspectionRecorded
from inventory.catalog import store as catalog
from inventory.documents.domain import Actor, DocumentKind, RecalledStaysFrozen
from inventory.quality.domain.conditions import Breach
from inventory.quality.domain.holding import Goods
from inventory.quality.domain.inspection import Decision, Held, Inspection
from inventory.quality.domain.refusals import ExpiredStaysFrozen
from inventory.quality.store import breaches
from inventory.quality.store import inspections as store
from inventory.quality.store.goods import balance_at
from inventory.quality.use_cases.change_status import Cause, change_status
from inventory.quality.use_cases.freeze_in_breaches import freeze_available, let_go
from inventory.stock import store as books
from inventory.stock.domain import NO_BATCH, Place, Status
from servicekit import outbox
from servicekit.clock import now

KINDS = {
    Held.IN_INSPECTION: DocumentKind.INSPECTION,
    Held.FROZEN: DocumentKind.UNFREEZE,
}


@dataclass(frozen=True)
class Recorded:
    """When an inspection was recorded, and by which document its goods moved, if they did."""

    recorded_at: datetime
    document_id: UUID | None


async def record_inspection(session: AsyncSession, given: Inspection, actor: Actor) -> Recorded:
    """Let the inspected goods go where the inspection says."""
    place, at = given.place, now()
    await catalog.must_know_warehouses(session, {(place.site_id, place.warehouse_id)})
    item = (await catalog.load_items(session, [place.item_id]))[place.item_id]
    for part in given.parts:
        item.must_hold(part.quantity)
    if given.total(Decision.RELEASE):
        await _must_be_good(session, place, at)
    given.must_fit(getattr(await balance_at(session, place), given.source.value))
    cause = Cause(
        KINDS[given.source],
        actor,
        reason=given.reason,
        source_document=str(given.inspection_id),
    )
    goods = [
        Goods(place, part.quantity, Status(given.source), part.decision.target, part.serials)
        for part in given.moving
    ]
    # Locked before the books are opened, as everywhere.
    breach = await breaches.lock_lasting(session, goods[0].warehouse) if goods else None
    documents = await change_status(session, goods, cause)
    if breach is not None:
        await _mind(session, breach, goods)
    recorded = Recorded(at, documents[0] if documents else None)
    await store.add(session, given, actor.user_id, recorded.document_id, at)
    await outbox.add(session, [_fact(given, at)])
    return recorded


async def _mind(session: AsyncSession, breach: Breach, goods: Sequence[Goods]) -> None:
    """Freeze what was released where a breach lasts, unless people let go what was frozen."""
    for one in goods:
        if one.target is not Status.AVAILABLE:
            continue
        if one.source is Status.FROZEN:
            await let_go(session, one)
        else:
            exempt = await breaches.let_go(session, one.warehouse)
            await freeze_available(session, breach, [one.place], exempt)


async def _must_be_good(session: AsyncSession, place: Place, at: datetime) -> None:
    """Raise if the batch is one that a rule would freeze again at once."""
    if place.batch_id == NO_BATCH:
        return
    key = place.item_id, place.batch_id
    batch = (await books.load_batches(session, {key}))[key]
    if batch.blocked:
        raise RecalledStaysFrozen(**batch.why_blocked)
    today = (await catalog.load_site(session, place.site_id)).day_of(at)
    if batch.expires_on is not None and batch.expires_on < today:
        raise ExpiredStaysFrozen(
            item_id=place.item_id, batch_id=place.batch_id, expires_on=str(batch.expires_on)
        )


def _fact(given: Inspection, at: datetime) -> InspectionRecorded:
    return InspectionRecorded(
        inspection_id=given.inspection_id,
        site_id=given.place.site_id,
        warehouse_id=given.place.warehouse_id,
        item_id=given.place.item_id,
        batch_id=given.place.batch_id,
        released=given.total(Decision.RELEASE),
        frozen=given.total(Decision.FREEZE),
        rejected=given.total(Decision.REJECT),
        at=at,
    )
