"""Explain a shortage: what is there, who holds it, who else has it, what would clear the way."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import plain
from inventory.reservations import store
from inventory.reservations.domain.refusals import InsufficientStock
from inventory.reservations.domain.reservation import Reservation
from inventory.reservations.domain.shortage import Shortage, shortages
from inventory.reservations.store import Holder, OtherPlace
from inventory.stock.domain import Balance, Place
from servicekit.errors import Refusal


async def explain_shortages(
    session: AsyncSession, short: Sequence[Reservation], balances: Mapping[Place, Balance]
) -> dict[int, Refusal]:
    """Return the refusal of each order that can't be promised, by its identity.

    The balances are still locked, so all figures are of one moment: that at which the orders that
    came together have got what there was.
    """
    lines = {id(wanted): shortages(wanted, balances) for wanted in short}
    places = {wanted.place_of(one.line) for wanted in short for one in lines[id(wanted)]}
    holders = await store.holders(session, places)
    elsewhere = await store.elsewhere(session, places)
    return {
        id(wanted): InsufficientStock(
            site_id=wanted.site_id,
            warehouse_id=wanted.warehouse_id,
            order_id=wanted.order_id,
            lines_short=len(lines[id(wanted)]),
            shortages=[
                _told(one, holders[place], elsewhere[place], wanted.site_id)
                for one in lines[id(wanted)]
                for place in (wanted.place_of(one.line),)
            ],
        )
        for wanted in short
    }


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
