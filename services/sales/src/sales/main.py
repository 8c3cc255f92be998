"""What sales is made of."""

from contracts.costing import COST
from contracts.inventory import BOOKING, ITEM, QUALITY, SITE
from sales.changes import routes as changes
from sales.channels import routes as channels
from sales.counter import handlers as counter_handlers
from sales.counter import routes as counter
from sales.counter.use_cases.settle_sales import settle_sales
from sales.credit import routes as credit
from sales.customers import routes as customers
from sales.deliveries import routes as deliveries
from sales.importing import routes as importing
from sales.insight import routes as insight
from sales.invoicing import routes as invoicing
from sales.margins import handlers as margin_handlers
from sales.margins import routes as margins
from sales.orders import handlers as order_handlers
from sales.orders import routes as orders
from sales.orders.use_cases.fill_back_orders import fill_back_orders
from sales.orders.use_cases.settle_orders import settle_orders
from sales.picking import routes as picking
from sales.prices import routes as prices
from sales.recalls import handlers as recall_handlers
from sales.recalls import routes as recalls
from sales.reference import handlers as reference_handlers
from sales.reference import routes as reference
from sales.returns import handlers as return_handlers
from sales.returns import routes as returns
from sales.returns.use_cases.settle_reversals import settle_reversals
from sales.settings import SalesSettings
from sales.shipments import routes as shipments
from sales.shipments.use_cases.complete_rests import complete_rests
from sales.shipments.use_cases.tell_settled import tell_settled
from sales.sourcing import routes as sourcing
from sales.sourcing.use_cases.drive_request import settle_requests
from sales.substitutes import routes as substitutes
from servicekit.bus import Subscription
from servicekit.service import Job, Service

SERVICE = Service(
    name="sales",
    summary="Customers, sales orders with their goods held by inventory, shipments, and returns.",
    settings=SalesSettings,
    routers=[
        reference.router,
        customers.commands,
        customers.queries_router,
        *credit.ROUTERS,
        channels.commands,
        channels.queries_router,
        prices.commands,
        prices.queries_router,
        importing.steps,
        substitutes.queries_router,
        orders.steps,
        orders.queries_router,
        changes.steps,
        changes.queries_router,
        shipments.steps,
        shipments.commands,
        shipments.queries_router,
        picking.steps,
        picking.commands,
        picking.queries_router,
        *sourcing.ROUTERS,
        *counter.ROUTERS,
        *returns.ROUTERS,
        *deliveries.ROUTERS,
        recalls.commands,
        recalls.queries_router,
        recalls.files,
        margins.router,
        *invoicing.ROUTERS,
        *insight.ROUTERS,
    ],
    subscriptions=lambda _: [
        Subscription("sales.reference", (ITEM, SITE), reference_handlers.on_definitions),
        counter_handlers.RESERVATIONS,
        order_handlers.GOODS,
        Subscription("sales.returns", (BOOKING,), return_handlers.on_bookings),
        Subscription("sales.margins", (COST,), margin_handlers.on_costs),
        Subscription("sales.recalls", (QUALITY,), recall_handlers.on_quality),
    ],
    jobs=lambda context: [
        Job("settle_orders", 1.0, lambda: settle_orders(context)),
        Job("fill_back_orders", 1.0, lambda: fill_back_orders(context)),
        Job("complete_rests", 1.0, lambda: complete_rests(context)),
        Job("tell_settled", 1.0, lambda: tell_settled(context)),
        Job("settle_requests", 1.0, lambda: settle_requests(context)),
        Job("settle_sales", 1.0, lambda: settle_sales(context)),
        Job("settle_reversals", 1.0, lambda: settle_reversals(context)),
    ],
)
