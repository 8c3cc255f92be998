"""A chain is followed entry by entry; whatever does not follow from the one before is found."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inventory.insight.domain.chain import Breach, Cause, ChainWalk
from inventory.stock.domain.books import Balance, Books, Head
from inventory.stock.domain.movements import Document, Entry, Movement, Place
from servicekit.clock import now

AT = now()
DOCUMENT = Document(UUID(int=1), "GR-1", AT, AT, "clerk", None)


def written(item_id: str, quantities: list[int]) -> tuple[list[Entry], Head]:
    """Return the entries of a stream, and its end."""
    place = Place("north", item_id, "main")
    books = Books({place.stream: Head()}, {place: Balance()})
    entries = [
        books.book(Movement.receipt(place, Decimal(quantity), DOCUMENT, line_no))
        for line_no, quantity in enumerate(quantities, start=1)
    ]
    return entries, books.streams[place.stream]


def walked(entries: list[Entry], end: Head | None) -> list[Breach]:
    """Return what a walk over these entries finds."""
    walk = ChainWalk()
    for entry in entries:
        walk.follow(entry, end)
    walk.leave()
    return walk.breaches


quantities = st.lists(st.integers(1, 99), min_size=1, max_size=8)


@given(quantities, st.data())
def test_what_was_written_is_followed_to_its_end_however_often_one_pauses(
    given_quantities: list[int], data: st.DataObject
) -> None:
    entries, end = written("tea", given_quantities)
    pause = data.draw(st.integers(0, len(entries)))
    first = ChainWalk()
    for entry in entries[:pause]:
        first.follow(entry, end)
    second = ChainWalk(at=first.at)
    for entry in entries[pause:]:
        second.follow(entry, end)
    second.leave()
    assert first.breaches + second.breaches == []


@given(quantities, st.data())
def test_one_changed_entry_is_the_one_that_is_found(
    given_quantities: list[int], data: st.DataObject
) -> None:
    entries, end = written("tea", given_quantities)
    at = data.draw(st.integers(0, len(entries) - 1))
    changed = replace(entries[at].movement, quantity=entries[at].movement.quantity + 1)
    entries[at] = replace(entries[at], movement=changed)
    assert walked(entries, end) == [Breach("north", "tea", at + 1, Cause.CHANGED)]


@given(quantities, st.data())
def test_one_entry_that_is_gone_is_missed_at_the_next_or_at_the_end(
    given_quantities: list[int], data: st.DataObject
) -> None:
    entries, end = written("tea", [*given_quantities, 1])
    at = data.draw(st.integers(0, len(entries) - 1))
    last = at == len(entries) - 1
    del entries[at]
    found = Breach("north", "tea", at + 1 if last else at + 2, Cause.MISSING)
    assert walked(entries, end) == [replace(found, cause=Cause.CUT_OFF) if last else found]


def test_a_chain_written_anew_does_not_end_as_its_stream_knows() -> None:
    entries, _ = written("tea", [1, 2])
    _, end = written("tea", [1, 3])
    assert walked(entries, end) == [Breach("north", "tea", 2, Cause.CHANGED)]


def test_a_broken_stream_hides_no_other() -> None:
    tea, tea_end = written("tea", [1, 2, 3])
    rice, rice_end = written("rice", [1, 2])
    walk = ChainWalk()
    for entry in rice[1:]:
        walk.follow(entry, rice_end)
    for entry in tea[:2]:
        walk.follow(entry, tea_end)
    walk.leave()
    walk.miss(("south", "oil"), Head(4, b""))
    assert [(one.item_id, one.sequence, one.cause) for one in walk.taken()] == [
        ("rice", 2, Cause.MISSING),
        ("tea", 3, Cause.CUT_OFF),
        ("oil", 4, Cause.CUT_OFF),
    ]
    assert (walk.taken(), walk.streams, walk.entries) == ([], 3, 3)


def test_entries_of_a_stream_nobody_knows_are_unannounced() -> None:
    entries, _ = written("tea", [1])
    assert walked(entries, None) == [Breach("north", "tea", 1, Cause.UNANNOUNCED)]
