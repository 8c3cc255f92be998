"""Explain why missing goods can't be written off: who holds them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import plain
from inventory.counting.domain.line import CountLine
from inventory.counting.domain.refusals import LossNotAvailable
from inventory.counting.domain.sheet import CountSheet
from inventory.reservations import store as reservations
from inventory.stock.domain import Balance, Place

FIGURES = ("available", "on_hand", "allocated", "in_inspection", "frozen")


async def explain_losses(
    session: AsyncSession,
    sheet: CountSheet,
    short: Sequence[tuple[CountLine, Decimal]],
    balances: Mapping[Place, Balance],
) -> LossNotAvailable:
    """Return the refusal. The balances are locked, so that all its figures are of one moment."""
    holders = await reservations.holders(session, {line.place for line, _ in short})
    told = [
        {
            "line_no": line.line_no,
            "item_id": line.place.item_id,
            "warehouse_id": line.place.warehouse_id,
            "batch_id": line.place.batch_id,
            "missing": plain(loss),
            **{name: plain(getattr(balances[line.place], name)) for name in FIGURES},
            **holders[line.place].told,
        }
        for line, loss in short
    ]
    return LossNotAvailable(number=sheet.number, lines_short=len(told), shortages=told)
