"""What left although it was not held any more: it was shipped before anybody heard of that.

A posted shipment is a fact. Its goods are taken from where the books have them since: frozen by the
recall that let go of them, or available again. What a person let go of is taken from what is
available alone: what is withheld of it is so for another cause. The reservation stays released, for
that is how it ended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from inventory.reservations.domain.reservation import Reason, Reservation, Status
from inventory.stock.domain import STATE_OF, ZERO, Balance, Kind, Movement, SerialUnit
from inventory.stock.domain import Status as Use

RECALLED = "recalled in flight"
RULES = {Reason.RECALLED: RECALLED, Reason.CANCELLED: "released in flight"}
"""By which rule goods leave, by why they are held no longer."""
WITHHELD = (Use.FROZEN, Use.IN_INSPECTION)
Units = Mapping[str, SerialUnit]
"""By their numbers."""


def was_let_go(held: Reservation) -> bool:
    """Tell whether a recall or a person let go of what was held."""
    return held.status is Status.RELEASED and held.reason in RULES


def as_it_was(held: Reservation) -> Reservation:
    """Return a reservation as it held its goods before they were let go of."""
    lines = [replace(line, outstanding=line.quantity) for line in held.lines]
    return replace(held, status=Status.CONFIRMED, reason=None, lines=lines)


def held_by_nobody(shipped: Movement, held: Reservation) -> Movement:
    """Return how goods leave that are not allocated any more."""
    if held.reason is None:
        raise AssertionError("what is held still is taken from what is allocated")
    return replace(shipped, source=Use.AVAILABLE, rule=RULES[held.reason])


def is_held_by_nobody(movement: Movement) -> bool:
    """Tell whether goods leave for a customer that are not allocated."""
    return movement.kind is Kind.SHIPMENT and movement.source is Use.AVAILABLE


def made_available(
    leaving: Movement, there: Balance, units: Units, at: datetime
) -> Iterator[Movement]:
    """Return what has to be done before they can leave: what a recall withholds is let go."""
    if leaving.rule != RECALLED:
        return
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
