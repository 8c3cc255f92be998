"""What sales is made of."""

from contracts.inventory import BOOKING, ITEM, QUALITY, RESERVATION, SITE
from sales.channels import routes as channels
from sales.counter import handlers as counter_handlers
from sales.counter import routes as counter
from sales.counter.use_cases.settle_sales import settle_sales
from sales.customers import routes as customers
from sales.deliveries import routes as deliveries
from sales.insight import routes as insight
from sales.invoicing import routes as invoicing
from sales.orders import routes as orders
from sales.orders.use_cases.settle_orders import settle_orders
from sales.prices import routes as prices
from sales.recalls import handlers as recall_handlers
from sales.recalls import routes as recalls
from sales.reference import handlers as reference_handlers
from sales.reference import routes as reference
from sales.returns import handlers as return_handlers
from sales.returns import routes as returns
from sales.settings import SalesSettings
from sales.shipments import routes as shipments
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
        channels.commands,
        channels.queries_router,
        prices.commands,
        prices.queries_router,
        substitutes.queries_router,
        orders.steps,
        orders.queries_router,
        shipments.commands,
        shipments.queries_router,
        *sourcing.ROUTERS,
        counter.steps,
        counter.commands,
        counter.queries_router,
        returns.commands,
        returns.queries_router,
        *deliveries.ROUTERS,
        recalls.commands,
        recalls.queries_router,
        recalls.files,
        *invoicing.ROUTERS,
        *insight.ROUTERS,
    ],
    subscriptions=lambda _: [
        Subscription("sales.reference", (ITEM, SITE), reference_handlers.on_definitions),
        Subscription("sales.orders", (RESERVATION,), counter_handlers.on_reservations),
        Subscription("sales.returns", (BOOKING,), return_handlers.on_bookings),
        Subscription("sales.recalls", (QUALITY,), recall_handlers.on_quality),
    ],
    jobs=lambda context: [
        Job("settle_orders", 1.0, lambda: settle_orders(context)),
        Job("settle_requests", 1.0, lambda: settle_requests(context)),
        Job("settle_sales", 1.0, lambda: settle_sales(context)),
    ],
)
