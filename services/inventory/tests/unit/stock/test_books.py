"""The books: each entry has its number, and explains the balance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from inventory.stock.domain import (
    Balance,
    BalanceExceeded,
    Books,
    Document,
    Head,
    Kind,
    Movement,
    Place,
    Status,
    hash_of,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MAIN, BACK = Place("north", "tea", "main"), Place("north", "tea", "back")


DOCUMENT = Document(UUID(int=1), "D-1", NOON, NOON, "li")


def received(place: Place, quantity: str) -> Movement:
    return Movement.receipt(place, Decimal(quantity), DOCUMENT, 1)


def shipped(place: Place, quantity: str) -> Movement:
    return Movement.shipment(place, Decimal(quantity), DOCUMENT, 1)


def restated(source: Status, target: Status, quantity: str = "3") -> Movement:
    return Movement(Kind.STATUS, MAIN, Decimal(quantity), DOCUMENT, 1, source, target)


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
    books = Books({MAIN.stream: Head()}, {MAIN: Balance(Decimal(5), Decimal(2))})
    with pytest.raises(BalanceExceeded):
        books.book(shipped(MAIN, "3"))
    books.book(shipped(MAIN, "2"))
    assert books.balances[MAIN] == Balance(Decimal(3))


@pytest.mark.parametrize("status", [Status.IN_INSPECTION, Status.FROZEN])
def test_goods_withheld_are_on_hand_and_not_available(status: Status) -> None:
    """A5, B1."""
    balance = Balance(on_hand=Decimal(5))
    balance.move(Decimal(3), Status.AVAILABLE, status)
    assert (balance.on_hand, balance.available, getattr(balance, status)) == (5, 2, 3)
    with pytest.raises(BalanceExceeded):
        balance.move(Decimal(4), status, Status.AVAILABLE)
    balance.move(Decimal(3), status, None)
    assert balance == Balance(on_hand=Decimal(2))


def test_goods_may_come_in_withheld() -> None:
    balance = Balance()
    balance.move(Decimal(3), None, Status.IN_INSPECTION)
    assert balance == Balance(on_hand=Decimal(3), in_inspection=Decimal(3))


def test_entries_of_a_site_and_item_are_numbered_across_warehouses() -> None:
    books = Books({MAIN.stream: Head(7)}, {MAIN: Balance(), BACK: Balance()})
    entries = [books.book(received(place, "1")) for place in (MAIN, BACK, MAIN, BACK)]
    assert [entry.sequence for entry in entries] == [8, 9, 10, 11]
    assert books.balances[BACK].on_hand == 2


def test_an_entry_tells_in_from_out_from_neither() -> None:
    held = restated(Status.AVAILABLE, Status.FROZEN)
    assert [one.change for one in (received(MAIN, "3"), shipped(MAIN, "3"), held)] == [3, -3, 0]


def test_a_movement_the_balance_can_not_bear_takes_no_number() -> None:
    books = Books({MAIN.stream: Head()}, {MAIN: Balance()})
    with pytest.raises(BalanceExceeded):
        books.book(shipped(MAIN, "1"))
    assert books.streams[MAIN.stream] == Head()


def test_each_entry_is_chained_to_the_one_before() -> None:
    books = Books({MAIN.stream: Head()}, {MAIN: Balance()})
    first, second = books.book(received(MAIN, "1")), books.book(received(MAIN, "2"))
    assert first.hash == hash_of(b"", 1, received(MAIN, "1"))
    assert second.hash == hash_of(first.hash, 2, received(MAIN, "2"))
    assert books.streams[MAIN.stream] == Head(2, second.hash)


@pytest.mark.parametrize(
    "forged",
    [
        received(BACK, "1"),
        received(MAIN._replace(batch_id="B1"), "1"),
        received(MAIN, "1.1"),
        shipped(MAIN, "1"),
        replace(received(MAIN, "1"), line_no=2),
        replace(received(MAIN, "1"), rule="arrival 7"),
        replace(received(MAIN, "1"), reverses=1),
        replace(received(MAIN, "1"), document=replace(DOCUMENT, number="D-2")),
        replace(received(MAIN, "1"), document=replace(DOCUMENT, user_id="wang")),
        replace(received(MAIN, "1"), document=replace(DOCUMENT, device_id="gun 4")),
        replace(received(MAIN, "1"), document=replace(DOCUMENT, posted_at=NOON + timedelta(1))),
        replace(received(MAIN, "1"), document=replace(DOCUMENT, effective_at=NOON - timedelta(1))),
    ],
)
def test_whatever_is_changed_in_an_entry_changes_its_hash(forged: Movement) -> None:
    assert hash_of(b"x", 1, forged) != hash_of(b"x", 1, received(MAIN, "1"))


def test_how_a_figure_or_a_time_is_written_does_not_change_the_hash() -> None:
    east = NOON.astimezone(timezone(timedelta(hours=8)))
    same = replace(DOCUMENT, effective_at=east, posted_at=east)
    assert hash_of(b"", 1, received(MAIN, "1.500")) == hash_of(
        b"", 1, replace(received(MAIN, "1.5"), document=same)
    )
