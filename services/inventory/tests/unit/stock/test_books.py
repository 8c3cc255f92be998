"""The books: each entry has its number, and explains the balance."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.stock.domain import (
    Balance,
    BalanceExceeded,
    Books,
    Document,
    Kind,
    Movement,
    Place,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MAIN, BACK = Place("north", "tea", "main"), Place("north", "tea", "back")


def movement(kind: Kind, place: Place, quantity: str) -> Movement:
    return Movement(kind, place, Decimal(quantity), Document(uuid4(), "D-1", NOON, NOON), 1)


def test_available_is_what_is_on_hand_and_neither_promised_nor_withheld() -> None:
    """B1."""
    assert Balance(Decimal(10), Decimal(1), Decimal(2), Decimal(3)).available == 4


def test_no_more_is_promised_than_is_available() -> None:
    balance = Balance(on_hand=Decimal(5), in_inspection=Decimal(1), frozen=Decimal(1))
    balance.allocate(Decimal(3))
    with pytest.raises(BalanceExceeded) as refused:
        balance.allocate(Decimal("0.5"))
    assert refused.value.facts == {"figure": "available", "present": "0", "quantity": "0.5"}


def test_no_more_is_freed_than_was_promised() -> None:
    with pytest.raises(BalanceExceeded):
        Balance(Decimal(5), Decimal(1)).free(Decimal(2))


def test_what_is_shipped_was_promised_before() -> None:
    balance = Balance(Decimal(5), Decimal(2))
    with pytest.raises(BalanceExceeded):
        balance.ship(Decimal(3))
    balance.ship(Decimal(2))
    assert balance == Balance(Decimal(3))


def test_entries_of_a_site_and_item_are_numbered_across_warehouses() -> None:
    books = Books({MAIN.stream: 7}, {MAIN: Balance(), BACK: Balance()})
    entries = [books.book(movement(Kind.RECEIPT, place, "1")) for place in (MAIN, BACK, MAIN, BACK)]
    assert [entry.sequence for entry in entries] == [8, 9, 10, 11]
    assert books.balances[BACK].on_hand == 2


def test_an_entry_tells_in_from_out() -> None:
    assert movement(Kind.RECEIPT, MAIN, "3").change == 3
    assert movement(Kind.SHIPMENT, MAIN, "3").change == -3


def test_a_movement_the_balance_can_not_bear_takes_no_number() -> None:
    books = Books({MAIN.stream: 0}, {MAIN: Balance()})
    with pytest.raises(BalanceExceeded):
        books.book(movement(Kind.SHIPMENT, MAIN, "1"))
    assert books.streams[MAIN.stream] == 0
