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


def returnable(entries: Entries, movement: Movement) -> Past:
    """Return the shipment's entry, of which so much can still come back."""
    past = entries.get((*movement.stream, movement.reverses or 0))
    back = movement.returned_before + movement.quantity
    if past is None or past.kind is not Kind.SHIPMENT or back > -past.quantity:
        raise NotReversible(
            stream=":".join(movement.stream),
            sequence=movement.sequence,
            reverses=movement.reverses,
        )
    return past


def reversible(entries: Entries, movement: Movement) -> Past:
    """Return the entry to take back: one that moved at least as much the other way."""
    past = entries.get((*movement.stream, movement.reverses or 0))
    moved = ZERO if past is None else past.quantity * (-1 if movement.inward else 1)
    if past is None or past.kind is Kind.REVERSAL or moved < movement.quantity:
        raise NotReversible(
            stream=":".join(movement.stream),
            sequence=movement.sequence,
            reverses=movement.reverses,
        )
    return past


def received(entries: Entries, later: Later, movement: Movement) -> Later:
    """Return what is left of a receipt: its quantity, and what that costs by now."""
    past = None if movement.came_by is None else entries.get(movement.came_by)
    if past is None or past.kind is not Kind.RECEIPT:
        raise NotReceived(
            stream=":".join(movement.stream), sequence=movement.sequence, origin=movement.origin
        )
    return Later(past.quantity + later.quantity, past.value + later.value)
