"""Wiring of the inventory service."""

from functools import partial

from inventory.catalog import routes as catalog
from inventory.insight import routes as insight
from inventory.insight.use_cases.verify_chains import verify_chains
from inventory.reservations import routes as reservations
from inventory.reservations.handlers import SHIPMENTS
from inventory.reservations.use_cases.expire_reservations import expire_reservations
from inventory.stock import routes as stock
from inventory.stock.handlers import RECEIPTS
from servicekit.service import Job, Service
from servicekit.settings import Settings

SERVICE = Service(
    name="inventory",
    summary="The only owner of quantities: the catalog, the ledger, balances and reservations.",
    settings=Settings,
    routers=[
        catalog.commands,
        catalog.queries,
        stock.queries,
        reservations.commands,
        reservations.queries,
        *insight.ROUTERS,
    ],
    subscriptions=lambda _: [RECEIPTS, SHIPMENTS],
    jobs=lambda context: [
        Job("expire_reservations", 1.0, partial(expire_reservations, context.database))
    ],
    commands={"verify": verify_chains},
)
