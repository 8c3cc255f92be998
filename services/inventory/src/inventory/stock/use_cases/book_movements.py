"""Book movements: entries, balances and facts, for any number of documents at once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import StockFact
from inventory.catalog import store as catalog
from inventory.stock import store
from inventory.stock.domain import (
    Entry,
    Movement,
    SerialNotThere,
    SerialState,
    SerialUnit,
    must_be_free,
    trace_code_of,
)
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
        written = [(entry.movement.place.stream, entry.sequence) for entry, _ in booked]
        await store.close_pages(session, written)
    await store.save_books(session, books)
    await _move_serials(session, [movement for movement, _ in moves if movement.serials])


async def _move_serials(session: AsyncSession, moves: Sequence[Movement]) -> None:
    """Let named units follow; those named for the first time are kept from now on."""
    if not moves:
        return
    keys = {(move.place.item_id, serial_no) for move in moves for serial_no in move.serials}
    units = await store.lock_serials(session, keys)
    items = await catalog.load_items(session, {item_id for item_id, _ in keys})
    for move in moves:
        for serial_no in move.serials:
            key = move.place.item_id, serial_no
            if (unit := units.get(key)) is None:
                unit = units[key] = SerialUnit(*key)
                session.add(unit)
            await _follow(session, unit, move)
            unit.trace_code = unit.trace_code or trace_code_of(items[unit.item_id], unit)
    await session.flush()


async def _follow(session: AsyncSession, unit: SerialUnit, move: Movement) -> None:
    """Let a unit move; if it is frozen because it is called back, the refusal says by whom."""
    try:
        unit.move(move)
    except SerialNotThere:
        if unit.state is SerialState.FROZEN:
            called = await store.find_called_back(session, [unit.item_id])
            must_be_free(called, unit.item_id, [unit.serial_no])
        raise
