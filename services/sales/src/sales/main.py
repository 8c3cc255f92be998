"""What sales is made of."""

from contracts.inventory import ITEM, RESERVATION, SITE
from sales.customers import routes as customers
from sales.insight import routes as insight
from sales.orders import handlers as order_handlers
from sales.orders import routes as orders
from sales.orders.use_cases.settle_orders import settle_orders
from sales.reference import handlers as reference_handlers
from sales.reference import routes as reference
from sales.settings import SalesSettings
from sales.shipments import routes as shipments
from servicekit.bus import Subscription
from servicekit.service import Job, Service

SERVICE = Service(
    name="sales",
    summary="Customers, sales orders with their goods held by inventory, and shipments.",
    settings=SalesSettings,
    routers=[
        reference.router,
        customers.commands,
        customers.queries_router,
        orders.steps,
        orders.queries_router,
        shipments.commands,
        shipments.queries_router,
        insight.router,
    ],
    subscriptions=lambda _: [
        Subscription("sales.reference", (ITEM, SITE), reference_handlers.on_definitions),
        Subscription("sales.orders", (RESERVATION,), order_handlers.on_reservations),
    ],
    jobs=lambda context: [Job("settle_orders", 1.0, lambda: settle_orders(context))],
)
