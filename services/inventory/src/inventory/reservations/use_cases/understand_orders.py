"""Understand orders: look up what they name, and work out what is to be promised."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.reservations.domain.assortment import Assortment, Wanted, item_ids
from inventory.reservations.domain.reservation import Reservation, Status
from inventory.stock import store as stock
from servicekit.clock import now
from servicekit.errors import Refusal
from servicekit.ids import new_id


class Understood(NamedTuple):
    """What orders come to, and the part of the catalog that was looked up for that."""

    ends: list[Reservation | Refusal]
    """What is to be promised to each order, or why that can't be."""
    assortment: Assortment


async def understand_orders(session: AsyncSession, orders: Sequence[Wanted]) -> Understood:
    """Look up what orders name, once, and work out what is to be promised to each."""
    understood = await understand_lines(session, orders)
    strangers = await find_strangers(session, orders)
    for number, wanted in enumerate(orders):
        if refusal := strangers.get(wanted.place):
            understood.ends[number] = refusal
    return understood


async def understand_lines(session: AsyncSession, orders: Sequence[Wanted]) -> Understood:
    """Work out what is to be promised to each, whether there is the warehouse or not.

    Where goods lie there is a warehouse: who promises only what lies there need not ask first.
    """
    at = now()
    assortment = await _assortment_of(session, orders, at)
    return Understood([_understood(assortment, wanted, at) for wanted in orders], assortment)


async def find_strangers(
    session: AsyncSession, orders: Sequence[Wanted]
) -> dict[tuple[str, str], Refusal]:
    """Return what is wrong with those warehouses that there are not, by site and warehouse."""
    places, strangers = {wanted.place for wanted in orders}, dict[tuple[str, str], Refusal]()
    for place in sorted(places - await catalog.find_warehouses(session, places)):
        try:
            await catalog.must_know_warehouses(session, [place])
        except Refusal as refusal:
            strangers[place] = refusal
    return strangers


def _understood(assortment: Assortment, wanted: Wanted, at: datetime) -> Reservation | Refusal:
    try:
        lines = assortment.understand(wanted)
    except Refusal as refusal:
        return refusal
    return Reservation(
        reservation_id=new_id(),
        order_id=wanted.order_id,
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        reserved_at=at,
        expires_at=at + wanted.time_to_live,
        status=Status.CONFIRMED if wanted.is_paid else Status.HELD,
        lines=lines,
    )


async def _assortment_of(
    session: AsyncSession, orders: Sequence[Wanted], at: datetime
) -> Assortment:
    """Look up what orders name; what only some goods need is asked for only then."""
    items = await catalog.find_items(session, item_ids(orders))
    asked = [
        (wanted, line, item)
        for wanted in orders
        for line in wanted.lines
        if (item := items.get(line.item_id)) is not None
    ]
    assortment = Assortment(items)
    if converted := {
        item.item_id for _, line, item in asked if line.unit not in (None, item.base_unit)
    }:
        assortment.units = await catalog.load_units(session, converted)
    if kits := {item.item_id for item in items.values() if item.is_kit}:
        assortment.kits = await catalog.load_kits(session, kits)
        parts = {part for kit in assortment.kits.values() for part in kit.component_ids}
        assortment.items = items | await catalog.find_items(session, parts - items.keys())
    if numbered := {line.item_id for _, line, _ in asked if line.serials}:
        assortment.called_back = await stock.find_called_back(session, numbered)
    if named := {(line.item_id, line.batch_id) for _, line, _ in asked if line.batch_id}:
        assortment.batches = await stock.find_batches(session, named)
        for site_id in sorted({wanted.site_id for wanted, line, _ in asked if line.batch_id}):
            site = await catalog.find_site(session, site_id)
            if site is not None:
                assortment.today[site_id] = site.day_of(at)
    return assortment
