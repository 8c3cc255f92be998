"""Explain a shortage: what is there, who holds it, who else has it, what would clear the way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import plain
from inventory.reservations import store
from inventory.reservations.domain.holders import Holders
from inventory.reservations.domain.refusals import InsufficientStock
from inventory.reservations.domain.reservation import Reservation
from inventory.reservations.domain.shortage import Shortage, shortages
from inventory.reservations.store import Coming, OtherPlace
from inventory.stock.domain import Balance, Place
from servicekit.errors import Refusal


@dataclass(frozen=True)
class Surroundings:
    """What explains the stock of places, beside their balances."""

    holders: Mapping[Place, Holders]
    elsewhere: Mapping[Place, Sequence[OtherPlace]]
    coming: Mapping[Place, Sequence[Coming]]

    def told(self, short: Shortage, place: Place) -> dict[str, object]:
        """Return what there is to say of a line and the place it draws on."""
        balance, coming = short.balance, self.coming[place]
        here = [_place(one) for one in self.elsewhere[place] if one.site_id == place.site_id]
        there = [_place(one) for one in self.elsewhere[place] if one.site_id != place.site_id]
        ways_out = short.ways_out(
            other_warehouse=bool(here), other_site=bool(there), in_transit=bool(coming)
        )
        return {
            "line_no": short.line.line_no,
            "item_id": short.line.item_id,
            "warehouse_id": place.warehouse_id,
            "batch_id": short.line.batch_id,
            "kit_item_id": short.line.kit_item_id,
            "requested": plain(short.line.quantity),
            "earlier_lines": plain(short.earlier),
            "short": plain(short.short),
            "available": plain(balance.available),
            "on_hand": plain(balance.on_hand),
            "allocated": plain(balance.allocated),
            **self.holders[place].told,
            "in_inspection": plain(balance.in_inspection),
            "frozen": plain(balance.frozen),
            "in_transit": [_coming(one) for one in coming],
            "other_warehouses": here,
            "other_sites": there,
            "ways_out": ways_out if short.short else [],
        }


async def look_around(session: AsyncSession, places: Collection[Place]) -> Surroundings:
    """Look up who holds what is at the places, who else has some, and what is on its way."""
    return Surroundings(
        await store.holders(session, places),
        await store.elsewhere(session, places),
        await store.coming(session, places),
    )


async def explain_shortages(
    session: AsyncSession, short: Sequence[Reservation], balances: Mapping[Place, Balance]
) -> dict[int, Refusal]:
    """Return the refusal of each order that can't be promised, by its identity.

    The balances are still locked, so all figures are of one moment: that at which the orders that
    came together have got what there was.
    """
    lines = {id(wanted): shortages(wanted, balances) for wanted in short}
    places = {wanted.place_of(one.line) for wanted in short for one in lines[id(wanted)]}
    around = await look_around(session, places)
    return {
        id(wanted): refusal_of(wanted, _told(wanted, lines[id(wanted)], around)) for wanted in short
    }


async def tell_shortages(
    session: AsyncSession, wanted: Reservation, short: Sequence[Shortage]
) -> list[dict[str, object]]:
    """Return what there is to say of the short lines of one order, all that a refusal would."""
    around = await look_around(session, {wanted.place_of(one.line) for one in short})
    return _told(wanted, short, around)


def refusal_of(wanted: Reservation, told: Sequence[dict[str, object]]) -> InsufficientStock:
    """Return the refusal of an order for what is told of its short lines."""
    return InsufficientStock(
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        order_id=wanted.order_id,
        lines_short=len(told),
        shortages=told,
    )


def _told(
    wanted: Reservation, short: Sequence[Shortage], around: Surroundings
) -> list[dict[str, object]]:
    return [around.told(one, wanted.place_of(one.line)) for one in short]


def _place(place: OtherPlace) -> dict[str, object]:
    return {
        "site_id": place.site_id,
        "warehouse_id": place.warehouse_id,
        "available": plain(place.available),
    }


def _coming(goods: Coming) -> dict[str, object]:
    return {
        "from_site_id": goods.from_site_id,
        "from_warehouse_id": goods.from_warehouse_id,
        "to_warehouse_id": goods.to_warehouse_id,
        "quantity": plain(goods.quantity),
        "expected_at": goods.expected_at,
    }
