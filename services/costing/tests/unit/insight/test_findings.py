"""A rebuild counts what it compares, and tells what is not alike (E2)."""

from decimal import Decimal

from costing.insight.domain import DIFFERENCES_MAX, Figures, Findings

PLACE = ("s", "i", 1)


def figures(value: str) -> Figures:
    return Figures(Decimal(1), Decimal(value))


def test_equal_figures_are_no_mismatch() -> None:
    found = Findings()
    found.add(PLACE, figures("1.50"), figures("1.5"), "other_value")
    assert (found.entries, found.different, found.mismatches) == (1, 0, [])


def test_an_entry_that_only_one_side_has_is_a_mismatch() -> None:
    found = Findings()
    found.add(PLACE, None, figures("1"), "not_in_the_archive")
    found.add(PLACE, figures("1"), None, "not_in_the_books")
    assert [one.cause for one in found.mismatches] == ["not_in_the_archive", "not_in_the_books"]


def test_mismatches_are_counted_beyond_those_that_are_listed() -> None:
    found = Findings()
    for _ in range(DIFFERENCES_MAX + 5):
        found.add(PLACE, figures("1"), figures("2"), "other_value")
    assert (found.different, len(found.mismatches)) == (DIFFERENCES_MAX + 5, DIFFERENCES_MAX)
