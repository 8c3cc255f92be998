"""Explain why goods can't leave: what is there of them, and who it is promised to."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import plain
from inventory.reservations import store as reservations
from inventory.stock.domain import Balance, Place

FIGURES = ("on_hand", "available", "allocated", "in_inspection", "frozen")


async def explain_shortage(
    session: AsyncSession, places: Collection[Place], balances: Mapping[Place, Balance]
) -> dict[Place, dict[str, Any]]:
    """Return what a refusal says of each place whose balance is locked."""
    holders = await reservations.holders(session, set(places))
    return {
        place: {
            "item_id": place.item_id,
            "batch_id": place.batch_id,
            "warehouse_id": place.warehouse_id,
            **{name: plain(getattr(balances[place], name)) for name in FIGURES},
            **holders[place].told,
        }
        for place in set(places)
    }
