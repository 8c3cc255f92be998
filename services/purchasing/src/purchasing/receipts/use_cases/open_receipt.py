"""Open a receipt: a code was scanned at the door, and what it brings up is to be counted.

It is scanned in a session that chose the warehouse: what is for another one is not counted there.
The moment is kept: from here it is to take minutes until the goods are on the books. Whoever scans
the same again before anything has come of it, goes on with what was opened first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.start_clock import start_once
from purchasing.orders import store as orders
from purchasing.orders.domain import PurchaseOrder
from purchasing.receipts import store
from purchasing.receipts.domain import (
    ExpectedElsewhere,
    NothingExpected,
    Opening,
    OrderElsewhere,
    must_be_in,
)
from purchasing.reference import store as reference
from purchasing.reference.domain import Item, ScannedCode, ScanSession, Units, read_code
from purchasing.reference.use_cases.enter_session import enter_session
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
    session_id: UUID | None
    device_id: str | None
    caller: Caller


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What may be counted now, with all it takes to count it."""

    opening: Opening
    supplier: Supplier
    orders: Sequence[PurchaseOrder]
    orders_elsewhere: int
    """Of the supplier, in other warehouses of the site."""
    items: Mapping[str, Item]
    units: Mapping[str, Units]


async def open_receipt(session: AsyncSession, wanted: OpenReceipt) -> Opened:
    """Return what the code brings up; raise if nothing may arrive for it here."""
    held = await enter_session(session, wanted.session_id, wanted.device_id, wanted.caller)
    held.must_be_at(wanted.site_id)
    code = read_code(wanted.scanned)
    found, elsewhere = await _ordered(session, code, held)
    supplier = await suppliers.supplier(session, found[0].supplier_id)
    items = await reference.items_of(
        session, [line.item_id for order in found for line in order.lines]
    )
    opening = Opening(
        opening_id=new_id(),
        kind=code.kind.value,
        supplier_id=supplier.supplier_id,
        site_id=held.site_id,
        order_id=code.order_id,
        delivery_note=code.note,
        opened_at=now(),
        opened_by=wanted.caller.subject,
        device_id=held.device_id,
        session_id=held.session_id,
        warehouse_id=held.warehouse_id,
    )
    name = found[0].number if code.order_id else code.note or supplier.supplier_id
    return Opened(
        opening=await _kept(session, opening, name),
        supplier=supplier,
        orders=found,
        orders_elsewhere=elsewhere,
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
    session: AsyncSession, code: ScannedCode, held: ScanSession
) -> tuple[Sequence[PurchaseOrder], int]:
    """Return the orders that may arrive in the session's warehouse, and how many elsewhere."""
    if code.order_id is not None:
        return [await _order(session, code.order_id, held)], 0
    supplier = await suppliers.supplier(session, code.supplier_id or "")
    where = supplier.supplier_id, held.site_id
    found = await orders.orders_expected(session, *where, held.warehouse_id, ORDERS_MAX)
    elsewhere = await orders.expected_elsewhere(session, *where, held.warehouse_id)
    facts = {"supplier_id": supplier.supplier_id, "site_id": held.site_id}
    if not found and elsewhere:
        raise ExpectedElsewhere(
            warehouse_id=held.warehouse_id,
            orders=sum(elsewhere.values()),
            elsewhere=", ".join(elsewhere),
            **facts,
        )
    if not found:
        raise NothingExpected(**facts)
    return found, sum(elsewhere.values())


async def _order(session: AsyncSession, order_id: UUID, held: ScanSession) -> PurchaseOrder:
    order = await orders.order(session, order_id)
    if order.site_id != held.site_id:
        raise OrderElsewhere(number=order.number, site_id=order.site_id, given=held.site_id)
    must_be_in(held.warehouse_id, order.number, order.site_id, order.warehouse_id)
    order.must_be_with_supplier()
    return order
