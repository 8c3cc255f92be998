"""Book movements: entries, balances and facts, for any number of documents at once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import StockFact
from inventory.stock import store
from inventory.stock.domain import Entry, Movement
from servicekit import outbox

Line = TypeVar("Line")

ENTRIES_AT_ONCE = 5_000
"""Bounds the memory that a batch of huge documents takes, whatever its size."""


async def book_movements(
    session: AsyncSession,
    moves: Sequence[tuple[Movement, Line]],
    fact_of: Callable[[Entry, Line], StockFact],
) -> None:
    """Book movements in the order given; `fact_of` says each to the world from its line."""
    if not moves:
        return
    books = await store.open_books(session, {movement.place for movement, _ in moves})
    for start in range(0, len(moves), ENTRIES_AT_ONCE):
        part = moves[start : start + ENTRIES_AT_ONCE]
        booked = [(books.book(movement), line) for movement, line in part]
        await store.append(session, [entry for entry, _ in booked])
        await outbox.add(session, [fact_of(entry, line) for entry, line in booked])
    await store.save_books(session, books)
