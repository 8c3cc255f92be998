"""What to take, and what can be made: proposals of batches, and the stock of kits."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Kit
from inventory.catalog.tables import item
from inventory.stock.domain import Balance, Batch, Offer, Proposal, first_expiry_first_out
from inventory.stock.tables import batch, stock_balance
from servicekit.clock import now

_HERE = stock_balance.c
_FIGURES = (_HERE.on_hand, _HERE.allocated, _HERE.in_inspection, _HERE.frozen)
_AVAILABLE = _HERE.on_hand - _HERE.allocated - _HERE.in_inspection - _HERE.frozen
_SAME_BATCH = and_(_HERE.item_id == batch.c.item_id, _HERE.batch_id == batch.c.batch_id)


async def propose_fefo(
    session: AsyncSession, site_id: str, warehouse_id: str, item_id: str, quantity: Decimal
) -> Proposal:
    """Propose batches of an item, in its base unit, by first expiry first out."""
    known = (await catalog.load_items(session, [item_id]))[item_id]
    site = await catalog.load_site(session, site_id)
    rows = await session.execute(
        select(Batch, *_FIGURES)
        .join(stock_balance, _SAME_BATCH)
        .where(
            _HERE.site_id == site_id,
            _HERE.item_id == item_id,
            _HERE.warehouse_id == warehouse_id,
            _HERE.on_hand > 0,
        )
    )
    offers = [Offer(named, Balance(*figures)) for named, *figures in rows]
    return first_expiry_first_out(known, offers, quantity, site.day_of(now()))


async def components_available(
    session: AsyncSession, kit: Kit, site_id: str, warehouse_ids: Collection[str], today: date
) -> dict[str, dict[str, Decimal]]:
    """Return by warehouse what is available of a kit's components and may be sold today."""
    may_be_sold = or_(
        batch.c.expires_on.is_(None), batch.c.expires_on - item.c.no_sale_days >= today
    )
    rows = await session.execute(
        select(_HERE.warehouse_id, _HERE.item_id, func.sum(_AVAILABLE))
        .join(item, item.c.item_id == _HERE.item_id)
        .outerjoin(batch, _SAME_BATCH)
        .where(
            _HERE.site_id == site_id,
            _HERE.item_id.in_(kit.component_ids),
            _HERE.warehouse_id.in_(warehouse_ids),
            may_be_sold,
        )
        .group_by(_HERE.warehouse_id, _HERE.item_id)
    )
    found = dict[str, dict[str, Decimal]]()
    for warehouse_id, component_id, available in rows:
        found.setdefault(warehouse_id, {})[component_id] = available
    return found
