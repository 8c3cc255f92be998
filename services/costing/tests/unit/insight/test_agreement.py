"""Two books agree when they say the same as of the same entry (E7)."""

from decimal import Decimal

from costing.insight.domain import DIFFERENCES_MAX, Side, compare

STREAM = ("s", "i")


def side(quantity: str, sequence: int) -> Side:
    return Side(Decimal(quantity), sequence)


def test_equal_quantities_at_the_same_entry_agree() -> None:
    found = compare([(STREAM, side("5", 2))], {STREAM: side("5.000", 2)})
    assert (found.streams, found.agree, found.behind, found.differences) == (1, 1, 0, [])


def test_a_stream_not_costed_yet_is_behind_and_no_difference() -> None:
    found = compare([(STREAM, side("5", 2)), (("s", "j"), side("1", 1))], {STREAM: side("6", 1)})
    assert (found.behind, found.different) == (2, 0)


def test_another_quantity_at_the_same_entry_is_a_difference() -> None:
    found = compare([(STREAM, side("5", 2))], {STREAM: side("6", 2)})
    assert (found.different, found.differences[0].expected, found.differences[0].found) == (1, 5, 6)


def test_what_only_costing_knows_is_a_difference_unless_it_is_nothing() -> None:
    found = compare([], {STREAM: side("1", 1), ("s", "j"): side("0", 4)})
    assert (found.streams, found.agree, found.different) == (2, 1, 1)


def test_differences_are_counted_beyond_those_that_are_listed() -> None:
    many = [(("s", str(number)), side("1", 1)) for number in range(DIFFERENCES_MAX + 5)]
    found = compare(many, {stream: side("2", 1) for stream, _ in many})
    assert (found.different, len(found.differences)) == (DIFFERENCES_MAX + 5, DIFFERENCES_MAX)
