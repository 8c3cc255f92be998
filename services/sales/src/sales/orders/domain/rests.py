"""What of an order that left in part is not to leave any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class CancelledRest:
    """The rest that was called off: what had left by then, and what is paid back."""

    cancelled_at: datetime
    cancelled_by: str
    amount: Decimal
    """What the goods that will not leave came to, and were paid."""
    shipment_id: UUID
    """The last shipment."""
    shipped: Mapping[int, Decimal]
    """What had left by the lines that are held, with all shipments."""
