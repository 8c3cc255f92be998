"""Order goods from a supplier: at once, or, beyond the caller's limit, once it is approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import store
from purchasing.orders.domain import PurchaseOrder, may_decide
from purchasing.orders.use_cases.announce_order import announce_placed
from purchasing.orders.use_cases.make_lines import LineWanted, Terms, make_lines
from purchasing.reference import store as reference
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import must_take_orders
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "PO"


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """What is to be ordered, by whom; a draft is only written down."""

    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: str
    due_date: date | None
    """Without one it is proposed by the supplier's lead time."""
    lines: Sequence[LineWanted]
    caller: Caller
    draft: bool = False


async def place_order(session: AsyncSession, wanted: PlaceOrder) -> PurchaseOrder:
    """Return the order placed or waiting; raise if what it names is unknown or does not fit."""
    supplier = await suppliers.supplier(session, wanted.supplier_id)
    must_take_orders(wanted.supplier_id, await suppliers.overdue_of(session, wanted.supplier_id))
    site = await reference.site_with_warehouse(session, wanted.site_id, wanted.warehouse_id)
    at = now()
    terms = Terms(wanted.supplier_id, wanted.currency, site.day_of(at))
    lines = await make_lines(session, terms, wanted.lines)
    order = PurchaseOrder(
        order_id=new_id(),
        number=await store.next_number(session, PREFIX, site.site_id, terms.day),
        supplier_id=wanted.supplier_id,
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        currency=wanted.currency,
        due_date=wanted.due_date or supplier.must_arrive(terms.day),
        author=wanted.caller.subject,
        lines=lines,
    )
    session.add(order)
    if not wanted.draft:
        await _go_on(session, order, wanted.caller)
    return order


async def _go_on(session: AsyncSession, order: PurchaseOrder, caller: Caller) -> None:
    limits = await store.limits(session)
    if may_decide(limits, caller.roles, order.currency, order.total):
        change = order.place(caller.subject, now())
        await announce_placed(session, order)
    else:
        change = order.submit()
    await store.add_changes(session, order, [change], caller.subject, None)
