"""Units are called back from one number to another, and numbers count as numbers (H3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.domain import CalledBack, serial_order

PREFIXES = st.text("ABS-._", min_size=1, max_size=6)
NUMBERS = st.integers(0, 10**12)


def covers(first: str, last: str, serial_no: str) -> bool:
    return CalledBack("RC-1", "fridge", first, last, "fire").covers("fridge", serial_no)


@given(PREFIXES, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["", "-A"]))
def test_of_one_prefix_a_range_covers_the_numbers_between(
    prefix: str, first: int, last: int, number: int, suffix: str
) -> None:
    given_range = (f"{prefix}{first}{suffix}", f"{prefix}{last}{suffix}")
    assert covers(*given_range, f"{prefix}{number}{suffix}") is (first <= number <= last)


@given(PREFIXES, NUMBERS, st.integers(0, 8), st.integers(0, 8))
def test_zeros_in_front_say_nothing(prefix: str, number: int, zeros: int, more: int) -> None:
    one, other = (f"{prefix}{'0' * some}{number}" for some in (zeros, more))
    assert serial_order(one) == serial_order(other)
    assert covers(one, one, other)


@given(st.lists(st.from_regex(r"[A-Z0-9][A-Z0-9._-]{0,63}", fullmatch=True), max_size=9))
def test_text_without_numbers_keeps_its_order(serials: list[str]) -> None:
    letters = sorted(one for one in serials if not any(sign.isdigit() for sign in one))
    assert sorted(letters, key=serial_order) == letters


@pytest.mark.parametrize(
    ("first", "last", "inside", "outside"),
    [
        ("S1", "S9", ["S1", "S09", "S9"], ["S10", "S0", "T5"]),
        ("S2", "S10", ["S2", "S9", "S10"], ["S1", "S11", "S100"]),
        ("A9-1", "A10-5", ["A9-1", "A9-77", "A10-5"], ["A10-6", "A9-0"]),
    ],
)
def test_a_range_covers_what_people_mean_by_it(
    first: str, last: str, inside: list[str], outside: list[str]
) -> None:
    assert [covers(first, last, one) for one in inside] == [True] * len(inside)
    assert [covers(first, last, one) for one in outside] == [False] * len(outside)
    assert not CalledBack("RC-1", "fridge", first, last, "fire").covers("kettle", inside[0])
