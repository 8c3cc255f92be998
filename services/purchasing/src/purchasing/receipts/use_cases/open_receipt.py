"""Open a receipt: a code was scanned at the door, and what it brings up is to be counted.

The moment is kept: from here it is to take minutes until the goods are on the books. Whoever scans
the same again before anything has come of it, goes on with what was opened first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.start_clock import start_once
from purchasing.orders import store as orders
from purchasing.orders.domain import PurchaseOrder
from purchasing.receipts import store
from purchasing.receipts.domain import NothingExpected, Opening, OrderElsewhere, SiteNotChosen
from purchasing.reference import store as reference
from purchasing.reference.domain import Item, ScannedCode, Units, read_code
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import Supplier
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

ORDERS_MAX = 50


@dataclass(frozen=True, kw_only=True)
class OpenReceipt:
    """What was scanned, where, by whom and with what."""

    scanned: str
    site_id: str | None
    device_id: str | None
    caller: Caller


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What may be counted now, with all it takes to count it."""

    opening: Opening
    supplier: Supplier
    orders: Sequence[PurchaseOrder]
    items: Mapping[str, Item]
    units: Mapping[str, Units]


async def open_receipt(session: AsyncSession, wanted: OpenReceipt) -> Opened:
    """Return what the code brings up; raise if nothing may arrive for it here."""
    code = read_code(wanted.scanned)
    found = await _ordered(session, code, wanted)
    supplier = await suppliers.supplier(session, found[0].supplier_id)
    await reference.must_be_in_use(session, found[0].site_id, wanted.device_id)
    items = await reference.items_of(
        session, [line.item_id for order in found for line in order.lines]
    )
    opening = Opening(
        opening_id=new_id(),
        kind=code.kind.value,
        supplier_id=supplier.supplier_id,
        site_id=found[0].site_id,
        order_id=code.order_id,
        delivery_note=code.note,
        opened_at=now(),
        opened_by=wanted.caller.subject,
        device_id=wanted.device_id,
    )
    name = found[0].number if code.order_id else code.note or supplier.supplier_id
    return Opened(
        opening=await _kept(session, opening, name),
        supplier=supplier,
        orders=found,
        items=items,
        units=await reference.units_of(session, items),
    )


async def _kept(session: AsyncSession, opening: Opening, name: str) -> Opening:
    """Keep what was scanned and let its clock run, or return what is open of it already."""
    watched = opening.watched(name)
    open_id = await start_once(session, ClockKind.POSTING, watched, opening.opened_at)
    if open_id != opening.opening_id:
        return await store.opening(session, open_id)
    session.add(opening)
    return opening


async def _ordered(
    session: AsyncSession, code: ScannedCode, wanted: OpenReceipt
) -> Sequence[PurchaseOrder]:
    if code.order_id is not None:
        order = await orders.order(session, code.order_id)
        wanted.caller.must_cover(order.site_id)
        if wanted.site_id not in {None, order.site_id}:
            raise OrderElsewhere(number=order.number, site_id=order.site_id, given=wanted.site_id)
        order.must_be_with_supplier()
        return [order]
    supplier_id = code.supplier_id or ""
    supplier = await suppliers.supplier(session, supplier_id)
    if wanted.site_id is None:
        raise SiteNotChosen(supplier_id=supplier_id)
    wanted.caller.must_cover(wanted.site_id)
    found = await orders.orders_expected(session, supplier.supplier_id, wanted.site_id, ORDERS_MAX)
    if not found:
        raise NothingExpected(supplier_id=supplier_id, site_id=wanted.site_id)
    return found
