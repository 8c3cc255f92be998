"""The state of a unit is what the ledger says, whatever is taken back (A4, H4)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.domain import (
    Document,
    Kind,
    Movement,
    Place,
    SerialNotThere,
    SerialState,
    SerialUnit,
    Status,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)
DOCUMENT = Document(UUID(int=1), "TD-1", AT, AT)
HERE, THERE = Place("north", "phone", "main", "L1"), Place("south", "phone", "back", "L1")


def moved(kind: Kind, source: Status | None, target: Status | None) -> Movement:
    place = THERE if kind is Kind.ARRIVAL else HERE
    return Movement(kind, place, Decimal(1), DOCUMENT, 1, source, target, serials=("S1",))


AVAILABLE, FROZEN = Status.AVAILABLE, Status.FROZEN
RECEIVED = moved(Kind.GAIN, None, AVAILABLE)
SENT = moved(Kind.DISPATCH, AVAILABLE, None)
ARRIVED = moved(Kind.ARRIVAL, None, AVAILABLE)
LOST = replace(ARRIVED, kind=Kind.ISSUE, source=AVAILABLE, target=None)
ISSUED = moved(Kind.ISSUE, AVAILABLE, None)
SHIPPED = moved(Kind.SHIPMENT, AVAILABLE, None)
RETURNED = replace(moved(Kind.RETURN, None, AVAILABLE), undoes=Kind.SHIPMENT)
STATES = {
    RECEIVED: SerialState.IN_STOCK,
    RETURNED: SerialState.IN_STOCK,
    SENT: SerialState.IN_TRANSIT,
    ARRIVED: SerialState.IN_STOCK,
    LOST: SerialState.ISSUED,
    ISSUED: SerialState.ISSUED,
    SHIPPED: SerialState.SHIPPED,
    moved(Kind.STATUS, AVAILABLE, FROZEN): SerialState.FROZEN,
    moved(Kind.STATUS, FROZEN, AVAILABLE): SerialState.IN_STOCK,
}
"""What each movement makes of the unit."""


def possible(after: list[Movement]) -> list[Movement]:
    """Return what may happen to a unit next."""
    if not after:
        return [RECEIVED]
    last, state = after[-1], STATES[after[-1]]
    if state is SerialState.IN_TRANSIT:
        return [ARRIVED]
    if state is SerialState.SHIPPED:
        return [RECEIVED, RETURNED]
    if state is SerialState.ISSUED and last.place == HERE:
        return [RECEIVED]
    if state is SerialState.IN_STOCK and last.place == THERE:
        return [LOST]
    return [
        one
        for one in STATES
        if one.place == HERE
        and one not in (RECEIVED, RETURNED)
        and state in (SerialState.IN_STOCK, SerialState.FROZEN)
        and (one.source is FROZEN) == (state is SerialState.FROZEN)
    ]


def back(taken: Movement) -> Movement:
    return replace(
        taken, kind=Kind.REVERSAL, source=taken.target, target=taken.source, undoes=taken.kind
    )


@given(st.data())
def test_taking_back_the_last_step_leaves_the_state_of_the_one_before(data: st.DataObject) -> None:
    unit, ledger = SerialUnit("phone", "S1"), list[Movement]()
    for _ in range(data.draw(st.integers(1, 30))):
        ahead = possible(ledger)
        if ledger and (not ahead or data.draw(st.booleans())):
            unit.move(back(ledger.pop()))
        else:
            ledger.append(data.draw(st.sampled_from(ahead)))
            unit.move(ledger[-1])
        # A unit whose only receipt was taken back is known, and not there.
        assert unit.state is (STATES[ledger[-1]] if ledger else SerialState.ISSUED)


def test_a_unit_comes_back_only_by_taking_back_what_took_it_away() -> None:
    unit = SerialUnit("phone", "S1")
    for movement in (RECEIVED, ISSUED, RECEIVED, SHIPPED):
        unit.move(movement)
    with pytest.raises(SerialNotThere):
        unit.move(back(ISSUED))
    assert unit.state is SerialState.SHIPPED


def test_a_unit_that_a_customer_has_is_with_them_again_once_its_receipt_is_taken_back() -> None:
    """H4: so the customer can still return it."""
    unit = SerialUnit("phone", "S1")
    for movement in (RECEIVED, SHIPPED, RECEIVED, back(RECEIVED)):
        unit.move(movement)
    assert unit.state is SerialState.SHIPPED
    unit.move(RETURNED)
    assert unit.state is SerialState.IN_STOCK


def test_of_units_from_before_it_was_noted_the_kind_of_entry_tells() -> None:
    for undone, state in ((ARRIVED, SerialState.IN_TRANSIT), (RECEIVED, SerialState.ISSUED)):
        place = undone.place
        unit = SerialUnit("phone", "S1", "L1", place.site_id, place.warehouse_id)
        unit.state = SerialState.IN_STOCK
        unit.move(back(undone))
        assert unit.state is state
