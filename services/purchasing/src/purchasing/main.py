"""What purchasing is made of."""

from contracts.inventory import BOOKING, ITEM, SITE
from purchasing.orders import routes as orders
from purchasing.receipts import handlers as receipt_handlers
from purchasing.receipts import routes as receipts
from purchasing.reference import handlers as reference_handlers
from purchasing.reference import routes as reference
from purchasing.settings import PurchasingSettings
from purchasing.suppliers import routes as suppliers
from servicekit.bus import Subscription
from servicekit.service import Service

SERVICE = Service(
    name="purchasing",
    summary="Suppliers, purchase orders, and receipts from the draft to the books.",
    settings=PurchasingSettings,
    routers=[
        reference.router,
        suppliers.commands,
        suppliers.queries_router,
        orders.commands,
        orders.queries_router,
        receipts.commands,
        receipts.queries_router,
    ],
    subscriptions=lambda _: [
        Subscription("purchasing.reference", (ITEM, SITE), reference_handlers.on_definitions),
        Subscription("purchasing.receipts", (BOOKING,), receipt_handlers.on_bookings),
    ],
    jobs=lambda _: [],
)
