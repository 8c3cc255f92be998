"""Explain a shortage: what is there, who holds it, who else has it, what would clear the way."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import plain
from inventory.reservations import store
from inventory.reservations.domain.refusals import InsufficientStock
from inventory.reservations.domain.reservation import Reservation
from inventory.reservations.domain.shortage import Shortage
from inventory.reservations.store import Holder, OtherPlace


async def explain_shortage(
    session: AsyncSession, wanted: Reservation, short: Sequence[Shortage]
) -> InsufficientStock:
    """Return the refusal. The balances are still locked, so all its figures are of one moment."""
    item_ids = {one.line.item_id for one in short}
    holders = await store.holders(session, wanted, item_ids)
    places = await store.elsewhere(session, wanted, item_ids)
    told = [
        _told(one, holders[one.line.item_id], places[one.line.item_id], wanted.site_id)
        for one in short
    ]
    return InsufficientStock(
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        order_id=wanted.order_id,
        lines_short=len(told),
        shortages=told,
    )


def _told(
    short: Shortage, holders: Sequence[Holder], places: Sequence[OtherPlace], site_id: str
) -> dict[str, object]:
    here = [_place(place) for place in places if place.site_id == site_id]
    there = [_place(place) for place in places if place.site_id != site_id]
    balance = short.balance
    return {
        "line_no": short.line.line_no,
        "item_id": short.line.item_id,
        "requested": plain(short.line.quantity),
        "earlier_lines": plain(short.earlier),
        "short": plain(short.short),
        "available": plain(balance.available),
        "on_hand": plain(balance.on_hand),
        "allocated": plain(balance.allocated),
        "allocated_by": [
            {"order_id": holder.order_id, "quantity": plain(holder.quantity)} for holder in holders
        ],
        "in_inspection": plain(balance.in_inspection),
        "frozen": plain(balance.frozen),
        "other_warehouses": here,
        "other_sites": there,
        "ways_out": short.ways_out(other_warehouse=bool(here), other_site=bool(there)),
    }


def _place(place: OtherPlace) -> dict[str, object]:
    return {
        "site_id": place.site_id,
        "warehouse_id": place.warehouse_id,
        "available": plain(place.available),
    }
