"""What came back is taken out of wherever it lies by now, whole or not at all (A1)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inventory.returns.domain import Part, parts_of
from inventory.stock.domain import ZERO, Balance, Document, Entry, Kind, Movement, Place, Status

AT = datetime(2026, 11, 29, tzinfo=UTC)
PLACE = Place("s", "tea", "main")
QUANTITIES = st.integers(0, 9).map(Decimal)


def came(sequence: int, quantity: Decimal) -> Entry:
    document = Document(UUID(int=sequence), f"RT-{sequence}", AT, AT)
    target = Status.IN_INSPECTION
    movement = Movement(Kind.RETURN, PLACE, quantity, document, 1, None, target)
    return Entry(sequence, movement, b"")


def taken(parts: list[Part], status: Status) -> Decimal:
    return sum((one.quantity for one in parts if one.status is status), ZERO)


@given(st.lists(st.integers(1, 9).map(Decimal), min_size=1, max_size=4), *[QUANTITIES] * 4)
def test_no_status_gives_more_than_it_has_and_each_entry_is_taken_back_whole_or_not(
    quantities: list[Decimal],
    waiting: Decimal,
    available: Decimal,
    frozen: Decimal,
    promised: Decimal,
) -> None:
    entries = [came(number, one) for number, one in enumerate(quantities, start=1)]
    on_hand = waiting + available + frozen + promised
    balance = Balance(on_hand, promised, waiting, frozen)
    parts, short = parts_of(entries, {PLACE: balance}, {})
    assert taken(parts, Status.IN_INSPECTION) <= waiting
    assert taken(parts, Status.AVAILABLE) <= available
    assert taken(parts, Status.FROZEN) <= frozen
    for entry in entries:
        own = [one for one in parts if one.entry is entry]
        whole = ZERO if entry in short else entry.movement.quantity
        assert sum((one.quantity for one in own), ZERO) == whole
        befores = [sum((one.quantity for one in own[:at]), ZERO) for at in range(len(own))]
        assert [one.before for one in own] == befores
    if sum(quantities) <= waiting + available + frozen:
        assert short == []


def test_what_waits_to_be_inspected_goes_first_and_what_was_rejected_last() -> None:
    balance = Balance(Decimal(6), ZERO, Decimal(2), Decimal(1))
    parts, short = parts_of([came(1, Decimal(6))], {PLACE: balance}, {})
    assert [(one.status, one.quantity) for one in parts] == [
        (Status.IN_INSPECTION, 2),
        (Status.AVAILABLE, 3),
        (Status.FROZEN, 1),
    ]
    assert short == []
