"""Say until when what is held by the batch may be sold: whoever ships it later asks nobody."""

from datetime import date
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.reservations.domain.reservation import Reservation
from inventory.stock import store as stock


class Dates(NamedTuple):
    """The last days on which the batch of a line may be used, and sold."""

    line_no: int
    expires_on: date
    sellable_until: date


async def date_lines(session: AsyncSession, held: Reservation) -> list[Dates]:
    """Return the dates of lines whose batches have some; of other lines nothing is asked."""
    by_batch = [line for line in held.lines if line.batch_id]
    if not by_batch:
        return []
    batches = await stock.find_batches(session, {line.goods for line in by_batch})
    items = await catalog.load_items(session, {line.item_id for line in by_batch})
    dates = list[Dates]()
    for line in by_batch:
        batch = batches[line.goods]
        until = batch.sellable_until(items[line.item_id])
        if batch.expires_on is not None and until is not None:
            dates.append(Dates(line.line_no, batch.expires_on, until))
    return dates
