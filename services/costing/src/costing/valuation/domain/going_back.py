"""What movements go back to: an entry of their stream, of which so much is still there."""

from collections.abc import Mapping
from decimal import Decimal

from costing.valuation.domain.movement import ZERO, EntryKey, Kind, Later, Movement, Past
from costing.valuation.domain.refusals import NotReceived, NotReversible
from costing.valuation.domain.valuation import CENT

Entries = Mapping[EntryKey, Past]


def share_of(past: Past, quantity: Decimal) -> Decimal:
    """Return what so much of an entry had cost."""
    return (past.value * quantity / past.quantity).quantize(CENT)


def coming_back(entries: Entries, later: Later, movement: Movement) -> tuple[Decimal, Decimal]:
    """Return what comes back of the cost of a shipment's line, and the unit cost it left at.

    Each part gets what the share of all that is back with it exceeds what those before it got, so
    that the parts are together just the cost, however they were cut, and whichever of them were
    taken back in between.
    """
    past = entries.get((*movement.stream, movement.reverses or 0))
    back = later.quantity + movement.quantity
    if past is None or past.kind is not Kind.SHIPMENT or back > -past.quantity:
        raise _not_reversible(movement)
    return share_of(past, back) - later.value, past.unit_cost


def returned(entries: Entries, movement: Movement, kind: Kind) -> tuple[Past, Decimal]:
    """Return the entry of a return that is taken back, and so much of its value as is.

    The parts in which it is taken back are together just its value.
    """
    past, before = entries.get((*movement.stream, movement.reverses or 0)), movement.reversed_before
    taken = before + movement.quantity
    if past is None or past.kind is not kind or taken > abs(past.quantity):
        raise _not_reversible(movement)
    return past, share_of(past, taken) - share_of(past, before)


def reversible(entries: Entries, movement: Movement) -> Past:
    """Return the entry to take back: one that moved at least as much the other way."""
    past = entries.get((*movement.stream, movement.reverses or 0))
    moved = ZERO if past is None else past.quantity * (-1 if movement.inward else 1)
    if past is None or past.kind is Kind.REVERSAL or moved < movement.quantity:
        raise _not_reversible(movement)
    return past


def _not_reversible(movement: Movement) -> NotReversible:
    return NotReversible(
        stream=":".join(movement.stream), sequence=movement.sequence, reverses=movement.reverses
    )


def received(entries: Entries, later: Later, movement: Movement) -> Later:
    """Return what is left of a receipt: its quantity, and what that costs by now."""
    past = None if movement.came_by is None else entries.get(movement.came_by)
    if past is None or past.kind is not Kind.RECEIPT:
        raise NotReceived(
            stream=":".join(movement.stream), sequence=movement.sequence, origin=movement.origin
        )
    return Later(past.quantity + later.quantity, past.value + later.value)
