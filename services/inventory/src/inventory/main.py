"""Wiring of the inventory service."""

from collections.abc import Collection
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.arrivals import routes as arrivals
from inventory.catalog import routes as catalog
from inventory.counting import routes as counting
from inventory.counting import store as sheets
from inventory.counting.domain.code import code_of, ids_in
from inventory.documents import routes as documents
from inventory.express import ExpressLane
from inventory.insight import routes as insight
from inventory.insight.use_cases.close_pages import close_pages
from inventory.insight.use_cases.verify_chains import verify_chains
from inventory.insight.use_cases.watch_open_documents import watch_open_documents
from inventory.quality import routes as quality
from inventory.quality.handlers import CONDITIONS
from inventory.quality.use_cases.forget_readings import forget_readings
from inventory.quality.use_cases.freeze_in_breaches import freeze_in_breaches
from inventory.quality.use_cases.intercept_expiring import intercept_expiring
from inventory.quality.use_cases.pursue_recalls import pursue_recalls
from inventory.quality.use_cases.watch_sensors import watch_sensors
from inventory.reservations import routes as reservations
from inventory.reservations.handlers import SHIPMENTS
from inventory.reservations.use_cases.expire_reservations import expire_reservations
from inventory.returns import routes as returns
from inventory.scanning import routes as scanning
from inventory.scanning.domain.desk import ANYWHERE, Paper
from inventory.scanning.store import known
from inventory.settings import InventorySettings, settings_of
from inventory.stock import routes as stock
from inventory.stock.handlers import RECEIPTS
from inventory.stock.use_cases.tell_held_receipts import tell_held_receipts
from servicekit.context import Context
from servicekit.service import Job, Service


async def _sheets_scanned(session: AsyncSession, codes: Collection[str]) -> dict[str, Paper]:
    """Return the count sheets that codes stand for: scanning and counting don't know each other."""
    found: dict[str, Paper] = {}
    for sheet in await sheets.find_sheets(session, ids_in(codes), codes):
        paper = Paper(
            document_id=sheet.sheet_id,
            number=sheet.number,
            kind="count_sheet",
            status=sheet.status,
            origin=(sheet.site_id, sheet.warehouse_id or ANYWHERE),
            path=f"/count-sheets/{sheet.sheet_id}",
        )
        found |= {code_of(sheet.sheet_id): paper, sheet.number: paper}
    return found


known.FINDERS.append(_sheets_scanned)


def _quality_jobs(context: Context) -> list[Job]:
    database, settings = context.database, settings_of(context)
    days = settings.expiry_notice_days
    return [
        Job("pursue_recalls", 2.0, partial(pursue_recalls, database)),
        Job("freeze_in_breaches", 2.0, partial(freeze_in_breaches, database)),
        Job("intercept_expiring", 60.0, partial(intercept_expiring, database, days)),
        Job("watch_sensors", 60.0, partial(watch_sensors, database)),
        Job("forget_readings", 3600.0, partial(forget_readings, database, settings.condition_days)),
    ]


SERVICE = Service(
    name="inventory",
    summary="The only owner of quantities: the catalog, the ledger, balances and reservations.",
    settings=InventorySettings,
    routers=[
        # Before the catalog's: /items/ghosts is no item's page.
        *stock.ROUTERS,
        *catalog.ROUTERS,
        arrivals.commands,
        arrivals.queries,
        reservations.commands,
        reservations.queries,
        *returns.ROUTERS,
        *documents.ROUTERS,
        *counting.ROUTERS,
        *quality.ROUTERS,
        *scanning.ROUTERS,
        *insight.ROUTERS,
    ],
    front=partial(ExpressLane, routes=[reservations.EXPRESS]),
    subscriptions=lambda _: [RECEIPTS, SHIPMENTS, CONDITIONS],
    jobs=lambda context: [
        Job("expire_reservations", 1.0, partial(expire_reservations, context.database)),
        Job(
            "tell_held_receipts", 2.0, partial(tell_held_receipts, context.database, RECEIPTS.group)
        ),
        *_quality_jobs(context),
        Job("watch_open_documents", 60.0, partial(watch_open_documents, context.database)),
    ],
    commands={"verify": verify_chains, "close": close_pages},
)
