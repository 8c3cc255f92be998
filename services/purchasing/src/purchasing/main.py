"""What purchasing is made of."""

from functools import partial

from contracts.inventory import BOOKING, ITEM, SCAN_SESSION, SITE
from purchasing.clocks import routes as clocks
from purchasing.clocks.use_cases.watch_clocks import watch_clocks
from purchasing.insight import routes as insight
from purchasing.invoices.routes import booking, input_list
from purchasing.invoices.use_cases.book_confirmed import book_confirmed
from purchasing.orders import routes as orders
from purchasing.orders.use_cases.watch_overdue import watch_overdue
from purchasing.rates import routes as rates
from purchasing.receipts import handlers as receipt_handlers
from purchasing.receipts import routes as receipts
from purchasing.recognition import routes as recognition
from purchasing.recognition.use_cases.read_documents import read_documents
from purchasing.reference import handlers as reference_handlers
from purchasing.reference import routes as reference
from purchasing.reference.use_cases.forget_sessions import forget_sessions
from purchasing.repricing import routes as repricing
from purchasing.requisitions import routes as requisitions
from purchasing.returns import handlers as return_handlers
from purchasing.returns import routes as returns
from purchasing.returns.use_cases.settle_postings import settle_postings
from purchasing.returns.use_cases.settle_reversals import settle_reversals
from purchasing.settings import PurchasingSettings, settings_of
from purchasing.settlement.routes import accruals, portal
from purchasing.suppliers import routes as suppliers
from purchasing.warnings import routes as warnings
from servicekit.bus import Subscription
from servicekit.service import Job, Service

SERVICE = Service(
    name="purchasing",
    summary="Suppliers, purchase orders, and receipts from the draft to the books.",
    settings=PurchasingSettings,
    routers=[
        reference.router,
        rates.commands,
        rates.queries_router,
        *suppliers.ROUTERS,
        *orders.ROUTERS,
        *requisitions.ROUTERS,
        *receipts.ROUTERS,
        *returns.ROUTERS,
        clocks.router,
        warnings.commands,
        warnings.queries_router,
        *insight.ROUTERS,
        recognition.commands,
        recognition.queries_router,
        portal.commands,
        portal.queries_router,
        accruals.commands,
        accruals.queries_router,
        repricing.commands,
        repricing.queries_router,
        booking.commands,
        booking.queries_router,
        input_list.router,
    ],
    subscriptions=lambda _: [
        Subscription("purchasing.reference", (ITEM, SITE), reference_handlers.on_definitions),
        # Apart from the rest: a clerk waits for it, whatever is imported meanwhile.
        Subscription("purchasing.sessions", (SCAN_SESSION,), reference_handlers.on_sessions),
        Subscription("purchasing.receipts", (BOOKING,), receipt_handlers.on_bookings),
        Subscription("purchasing.returns", (BOOKING,), return_handlers.on_bookings),
    ],
    jobs=lambda context: [
        Job(
            "watch_overdue",
            20.0,
            partial(watch_overdue, context.database, settings_of(context).overdue_days),
        ),
        Job("watch_clocks", 5.0, partial(watch_clocks, context.database)),
        Job("forget_sessions", 3600.0, partial(forget_sessions, context.database)),
        Job("settle_postings", 2.0, partial(settle_postings, context)),
        Job("settle_reversals", 2.0, partial(settle_reversals, context)),
    ],
    # Reading pictures is slow and takes much memory: a process of its own.
    side_workers={
        "recognizer": lambda context: [
            Job("read documents", 1.0, partial(read_documents, context)),
            # Beside reading, not behind it: what a person has just confirmed waits for no picture.
            Job("book confirmed", 1.0, partial(book_confirmed, context)),
        ]
    },
)
