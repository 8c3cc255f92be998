"""What left although a recall had let go of it: it was shipped before anybody heard of the recall.

A posted shipment is a fact. Its goods are taken from where the books have them since: frozen by the
recall, or available again. The reservation stays released, for that is how it ended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from inventory.reservations.domain.reservation import Reason, Reservation, Status
from inventory.stock.domain import STATE_OF, ZERO, Balance, Kind, Movement, SerialUnit
from inventory.stock.domain import Status as Use

RULE = "recalled in flight"
WITHHELD = (Use.FROZEN, Use.IN_INSPECTION)
Units = Mapping[str, SerialUnit]
"""By their numbers."""


def was_recalled(held: Reservation) -> bool:
    """Tell whether a recall let go of what was held."""
    return held.status is Status.RELEASED and held.reason is Reason.RECALLED


def as_it_was(held: Reservation) -> Reservation:
    """Return a reservation as it held its goods before a recall let go of them."""
    lines = [replace(line, outstanding=line.quantity) for line in held.lines]
    return replace(held, status=Status.CONFIRMED, reason=None, lines=lines)


def held_by_nobody(shipped: Movement) -> Movement:
    """Return how goods leave that are not allocated any more."""
    return replace(shipped, source=Use.AVAILABLE, rule=RULE)


def is_held_by_nobody(movement: Movement) -> bool:
    """Tell whether goods leave for a customer that are not allocated."""
    return movement.kind is Kind.SHIPMENT and movement.source is Use.AVAILABLE


def made_available(
    leaving: Movement, there: Balance, units: Units, at: datetime
) -> Iterator[Movement]:
    """Return what has to be done before they can leave: what is withheld of them is let go."""
    document = replace(leaving.document, posted_at=at)
    for use, quantity, serials in _withheld(leaving, there, units):
        yield replace(
            leaving,
            kind=Kind.STATUS,
            quantity=quantity,
            document=document,
            source=use,
            target=Use.AVAILABLE,
            serials=serials,
        )


def _withheld(
    leaving: Movement, there: Balance, units: Units
) -> Iterator[tuple[Use, Decimal, tuple[str, ...]]]:
    short = leaving.quantity - there.available
    for use in WITHHELD:
        serials = tuple(
            one for one in leaving.serials if one in units and units[one].state is STATE_OF[use]
        )
        present: Decimal = getattr(there, use.value)
        quantity = Decimal(len(serials)) if leaving.serials else min(short, present)
        if quantity > ZERO:
            short -= quantity
            yield use, quantity, serials
