"""Record what devices read; a warehouse that was outside for too long has its goods frozen."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from contracts.inventory import ColdChainBreached, SensorHeardAgain
from inventory.catalog import store as catalog
from inventory.quality.domain.conditions import Breach, Reading, Turn, Watch
from inventory.quality.store import conditions as store
from inventory.quality.store.breaches import forget_let_go, let_go
from inventory.quality.store.goods import stocked_places
from inventory.quality.use_cases.freeze_in_breaches import freeze_available
from inventory.quality.use_cases.tell_restored import restored
from inventory.stock import store as books
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id


async def record_conditions(session: AsyncSession, readings: Sequence[Reading]) -> None:
    """Keep readings, and judge them in the order they came in by the limits there are now."""
    if not readings:
        return
    at = now()
    warehouses = {reading.device.warehouse for reading in readings}
    await catalog.must_know_warehouses(session, warehouses)
    await store.keep_readings(session, readings, at)
    limits = await store.load_limits(session, warehouses)
    judged = [reading for reading in readings if reading.device.warehouse in limits]
    watches = await store.lock_watches(session, {reading.device for reading in judged})
    facts, breaches = list[Event](_heard_again(watches.values(), at)), list[Breach]()
    for reading in judged:
        watch = watches[reading.device]
        turn = watch.take(reading, limits[reading.device.warehouse], at)
        if turn is Turn.BREACHED:
            breach = watch.begin_breach(new_id(), reading)
            await _begin(session, breach)
            breaches.append(breach)
            facts.append(_breached(breach))
        elif turn is Turn.RESTORED:
            await session.flush()
            breach = await store.load_breach(session, watch.end_breach())
            breach.restored_at = reading.at
            facts.append(restored(breach, reading.at))
    await _freeze(session, breaches)
    await outbox.add(session, facts)


def _heard_again(watches: Iterable[Watch], at: datetime) -> Iterator[SensorHeardAgain]:
    for watch in watches:
        silent_since = watch.hear(at)
        if silent_since is not None:
            yield SensorHeardAgain(
                site_id=watch.site_id,
                warehouse_id=watch.warehouse_id,
                device_id=watch.device_id,
                at=at,
                silent_since=silent_since,
            )


async def _begin(session: AsyncSession, breach: Breach) -> None:
    """Let a breach begin; what people let go in one that is over is no matter of this one."""
    await session.flush()
    await forget_let_go(session)
    session.add(breach)


async def _freeze(session: AsyncSession, breaches: Sequence[Breach]) -> None:
    """Freeze what is available in breached warehouses; what comes in later is frozen as it does.

    Promised goods stay promised: their orders are shown with the breach, for people to decide. What
    people let go while another device's breach lasts there stays available.
    """
    held = [
        (breach, await stocked_places(session, breach.site_id, breach.warehouse_id))
        for breach in breaches
    ]
    # All at once, so that they are locked in order however many warehouses there are.
    await books.open_books(session, {place for _, places in held for place in places})
    for breach, places in held:
        exempt = await let_go(session, (breach.site_id, breach.warehouse_id))
        await freeze_available(session, breach, places, exempt)


def _breached(breach: Breach) -> ColdChainBreached:
    return ColdChainBreached(
        breach_id=breach.breach_id,
        site_id=breach.site_id,
        warehouse_id=breach.warehouse_id,
        device_id=breach.device_id,
        at=breach.breached_at,
        outside_since=breach.outside_since,
        temperature_celsius=breach.temperature,
        humidity_percent=breach.humidity,
    )
