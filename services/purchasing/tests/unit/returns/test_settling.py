"""Less is owed for what went back, to the cent, in whatever parts (C7)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.returns.domain import Invoiced, claimed_line, split
from purchasing.settlement.domain import AccrualLine, accrued_line

ZERO = Decimal(0)
PARTS = st.lists(st.integers(1, 9), min_size=1, max_size=6)


def owed(quantity: str | int, cost: str = "3.333333") -> AccrualLine:
    """Return what is owed for so much of an item, with 13 % of tax."""
    price = Decimal(cost)
    return accrued_line(1, "tea", Decimal(quantity), price, price, Decimal(13))


@given(PARTS, st.integers(0, 9))
def test_an_accrual_is_reduced_to_what_is_invoiced_of_it_and_no_cent_is_left(
    parts: list[int], invoiced: int
) -> None:
    line = owed(sum(parts) + invoiced)
    if invoiced:
        line.clear(line.share(Decimal(invoiced)))
    for part in parts:
        line.reduce(Decimal(part))
    assert line.open_quantity == 0
    for name in ("net", "tax", "books_net", "books_tax"):
        assert getattr(line, name) == getattr(line, f"cleared_{name}")


@given(PARTS, st.decimals("0.01", "999.99", places=2))
def test_claims_of_all_parts_are_what_was_invoiced(parts: list[int], net: Decimal) -> None:
    line, left = owed(sum(parts)), Invoiced(Decimal(sum(parts)), net, net)
    claimed = []
    for part in parts:
        one = claimed_line(line, left.share(Decimal(part)))
        claimed.append(one)
        left = Invoiced(left.quantity - part, left.net + one.net, left.books_net + one.books_net)
    assert sum((one.net for one in claimed), ZERO) == -net
    assert left == Invoiced(ZERO, ZERO, ZERO)
    assert all(one.net <= 0 and one.tax <= 0 for one in claimed)


@pytest.mark.parametrize(
    ("cleared", "quantity", "fresh", "back"), [("6", "5", "4", "1"), ("0", "5", "5", "0")]
)
def test_what_is_not_invoiced_goes_first(
    cleared: str, quantity: str, fresh: str, back: str
) -> None:
    line, invoiced = owed("10"), Decimal(cleared)
    if invoiced:
        line.clear(line.share(invoiced))
    said = Invoiced(invoiced, invoiced, invoiced)
    assert split(line, Decimal(quantity), said) == (Decimal(fresh), Decimal(back))


def test_a_claim_is_never_the_other_way_round() -> None:
    """Credit notes may have taken all that was invoiced."""
    line = claimed_line(owed("1"), Invoiced(Decimal(1), Decimal(-1), Decimal(-1)))
    assert (line.net, line.tax) == (0, 0)
