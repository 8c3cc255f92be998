"""End a breach by hand: its device is broken or gone, and will never say that it is over.

What was frozen stays so until an inspection; what becomes available from now on is not frozen.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.conditions import SILENT_AFTER, Breach, Device
from inventory.quality.store import conditions as store
from inventory.quality.use_cases.tell_restored import restored
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


@dataclass(frozen=True)
class EndBreach:
    """Who ends which breach, and why."""

    breach_id: UUID
    reason: str
    caller: Caller


async def end_breach(session: AsyncSession, given: EndBreach) -> Breach:
    """Return the breach, which is over; raise while its device is heard, or if it was over."""
    seen = await store.load_breach(session, given.breach_id)
    given.caller.must_cover(seen.site_id)
    device, at = Device(seen.site_id, seen.warehouse_id, seen.device_id), now()
    # Under the watch's lock no reading comes between, which might end the breach as well.
    watch = (await store.lock_watches(session, {device}))[device]
    breach = await store.lock_breach(session, given.breach_id)
    breach.must_last()
    limits = (await store.load_limits(session, {device.warehouse})).get(device.warehouse)
    watch.give_up(limits.silent_after if limits else SILENT_AFTER, at)
    breach.end_by_hand(given.caller.subject, given.reason, at)
    await outbox.add(session, [restored(breach, at)])
    return breach
