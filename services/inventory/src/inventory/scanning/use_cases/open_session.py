"""Open a session: one user, one device, one warehouse that somebody chose."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ScanSessionOpened
from inventory.catalog import store as catalog
from inventory.devices import store as devices
from inventory.scanning.domain.refusals import CodeContradicted, UnknownDoor
from inventory.scanning.domain.sessions import End, ScanSession, must_work_in
from inventory.scanning.store import doors, sessions
from inventory.scanning.use_cases.finish_sessions import finish_sessions
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True)
class Door:
    """How a warehouse is chosen: by its id, by its entry code, or, which is refused, not at all."""

    site_id: str
    warehouse_id: str | None
    entry_code: str | None


async def chosen_warehouse(session: AsyncSession, door: Door) -> str | None:
    """Return which warehouse of the site is meant, if any is."""
    if door.entry_code is None:
        return door.warehouse_id
    found = await catalog.find_warehouse(session, door.site_id, door.entry_code)
    if found is None:
        raise UnknownDoor(site_id=door.site_id)
    if door.warehouse_id not in (None, found.warehouse_id):
        raise CodeContradicted(
            figure="warehouse_id", said=found.warehouse_id, given=door.warehouse_id
        )
    return found.warehouse_id


async def open_session(
    session: AsyncSession, door: Door, user_id: str, device_id: str, lifetime: timedelta
) -> ScanSession:
    """Return the new session; those that the user or the device had before end."""
    await catalog.load_site(session, door.site_id)
    (await devices.load_device(session, door.site_id, device_id)).must_be_in_use()
    assigned = await doors.warehouses_of(session, door.site_id, user_id)
    warehouse_id = must_work_in(door.site_id, await chosen_warehouse(session, door), assigned)
    running = await sessions.lock_running(session, door.site_id, user_id, device_id)
    await finish_sessions(session, running, End.REPLACED)
    await session.flush()
    at = now()
    opened = ScanSession(
        session_id=new_id(),
        site_id=door.site_id,
        warehouse_id=warehouse_id,
        user_id=user_id,
        device_id=device_id,
        opened_at=at,
        expires_at=at + lifetime,
    )
    session.add(opened)
    await session.flush()
    await outbox.add(session, [_fact(opened)])
    return opened


def _fact(opened: ScanSession) -> ScanSessionOpened:
    return ScanSessionOpened(
        session_id=opened.session_id,
        site_id=opened.site_id,
        warehouse_id=opened.warehouse_id,
        user_id=opened.user_id,
        device_id=opened.device_id,
        opened_at=opened.opened_at,
        expires_at=opened.expires_at,
    )
