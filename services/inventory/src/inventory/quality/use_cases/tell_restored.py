"""Say that a breach is over: its device reads inside the limits again, or somebody ended it."""

from datetime import datetime

from contracts.inventory import ColdChainRestored
from inventory.quality.domain.conditions import Breach


def restored(breach: Breach, at: datetime) -> ColdChainRestored:
    """Return the fact of a breach that is over since then."""
    return ColdChainRestored(
        breach_id=breach.breach_id,
        site_id=breach.site_id,
        warehouse_id=breach.warehouse_id,
        device_id=breach.device_id,
        at=at,
        ended_by=breach.ended_by,
        reason=breach.end_reason,
    )
