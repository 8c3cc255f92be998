"""What an order may be made of."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.orders.domain.line_refusals import ForeignCurrency, TotalTooLarge
from sales.orders.domain.lines import (
    MOST_MONEY,
    OrderLine,
    document_number,
    must_be_in_books_currency,
    total_of,
)

CENTS = st.decimals(0, 10_000, places=2)


def line(amount: Decimal) -> OrderLine:
    return OrderLine(line_no=1, item_id="tea", unit="box", quantity=Decimal(1), amount=amount)


@given(st.lists(CENTS, min_size=1, max_size=50))
def test_the_total_is_what_the_lines_come_to_to_the_cent(amounts: list[Decimal]) -> None:
    total = total_of([line(amount) for amount in amounts])
    assert int(total * 100) == sum(int(amount * 100) for amount in amounts)


def test_a_total_that_can_not_be_written_is_refused() -> None:
    assert total_of([line(MOST_MONEY)]) == MOST_MONEY
    with pytest.raises(TotalTooLarge):
        total_of([line(MOST_MONEY), line(Decimal("0.01"))])


def test_another_currency_than_that_of_the_books_is_refused() -> None:
    must_be_in_books_currency("CNY", "CNY")
    with pytest.raises(ForeignCurrency):
        must_be_in_books_currency("USD", "CNY")


def test_a_number_names_site_and_day() -> None:
    assert document_number("SO", "sh-01", date(2026, 11, 3), 12) == "SO-sh-01-20261103-12"
