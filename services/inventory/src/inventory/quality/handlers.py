"""What devices tell quality."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import CONDITION, ConditionRead
from inventory.quality.domain.conditions import Device, Reading
from inventory.quality.use_cases.record_conditions import record_conditions
from servicekit.bus import Received, Subscription


async def conditions_read(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Record the readings of a batch together."""
    facts = [received.event for received in batch]
    await record_conditions(
        session, [_reading(one) for one in facts if isinstance(one, ConditionRead)]
    )


def _reading(fact: ConditionRead) -> Reading:
    return Reading(
        Device(fact.site_id, fact.warehouse_id, fact.device_id),
        fact.at,
        fact.temperature_celsius,
        fact.humidity_percent,
    )


CONDITIONS = Subscription("inventory.conditions", (CONDITION,), conditions_read)
