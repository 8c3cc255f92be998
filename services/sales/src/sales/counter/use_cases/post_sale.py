"""Post a sale whose goods inventory holds: its order, paid and shipped, and what that tells others.

From here on it is an order like any other: returns, invoice lists, recalls and reports know it.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderPaid
from sales.channels.domain import Channel
from sales.counter.domain.sale import CounterSale
from sales.inventory_client import Held
from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import Step
from sales.orders.use_cases.place_order import placed
from sales.orders.use_cases.wait_for_goods import held_line
from sales.reference import store as reference
from sales.shipments import store as shipments
from sales.shipments.domain import Shipment, SignedVia, held_as_ordered, lines_leaving
from sales.shipments.use_cases.complete_order import completed
from sales.shipments.use_cases.ship_order import posted
from servicekit import outbox


async def post_sale(session: AsyncSession, sale: CounterSale, held: Held) -> None:
    """Write the order and the shipment of a sale that is covered, and locked."""
    if sale.shipment_id is None or sale.closed_at is None:
        raise AssertionError("what is not covered is not posted")
    at, order = sale.closed_at, _order(sale, held)
    reservation_id = order.ship(sale.shipment_id)
    order.close(at)
    lines = [held_line(line) for line in held.lines]
    known = {line.item_id for line in lines} | {line.item_id for line in sale.lines}
    items = await reference.items_of(session, sorted(known))
    shipment = Shipment(
        shipment_id=sale.shipment_id,
        number=sale.number,
        order_id=sale.sale_id,
        reservation_id=reservation_id,
        site_id=sale.site_id,
        warehouse_id=sale.warehouse_id,
        currency=sale.currency,
        posted_at=at,
        posted_by=sale.taken_by,
        device_id=sale.device,
        lines=lines_leaving(sale.lines, lines, {one: items[one].base_unit for one in items}),
        signed_at=sale.sold_at,
        signed_by=sale.customer_id,
        signed_via=SignedVia.COUNTER,
        noted_at=at,
        noted_by=sale.taken_by,
    )
    await orders.add_if_new(session, order, sale.lines)
    # What is held is just what was asked for, unless there are kits or other units.
    if lines != held_as_ordered(sale.lines):
        await orders.keep_held(session, order, lines)
    await shipments.add(session, shipment)
    told = posted(shipment).model_copy(update={"shipped_at": sale.sold_at, "at_counter": True})
    facts = [placed(order, sale.lines, items), _paid(order), told, completed(order)]
    await outbox.add(session, facts)


def _order(sale: CounterSale, held: Held) -> SalesOrder:
    """Return the order of a sale, which took all its steps at once."""
    order = SalesOrder(
        order_id=sale.sale_id,
        number=sale.number,
        customer_id=sale.customer_id,
        site_id=sale.site_id,
        warehouse_id=sale.warehouse_id,
        currency=sale.currency,
        total=sale.total,
        placed_at=sale.sold_at,
        placed_by=sale.taken_by,
        ttl_seconds=0,
        channel=Channel.COUNTER,
    )
    at = sale.sold_at
    order.grant(Step.RESERVE, held.reservation_id, held.expires_at, at)
    order.pay(sale.sale_id, sale.total, at)
    order.grant(Step.CONFIRM, held.reservation_id, held.expires_at, at)
    return order


def _paid(order: SalesOrder) -> SalesOrderPaid:
    return SalesOrderPaid(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        at=order.placed_at,
        amount=order.total,
        currency=order.currency,
    )
