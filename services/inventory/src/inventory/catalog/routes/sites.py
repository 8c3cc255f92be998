"""Sites and warehouses over HTTP."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import Field

from contracts.wire import Code, Latitude, Longitude, Name
from inventory.catalog import queries as lists
from inventory.catalog import store
from inventory.catalog.domain import Site, Warehouse
from inventory.catalog.routes.common import Body, Keeper, Reader, View, created_or_not
from inventory.catalog.use_cases.change_entry_code import change_entry_code
from inventory.catalog.use_cases.define_site import define_site
from inventory.catalog.use_cases.define_warehouse import define_warehouse
from inventory.settings import ARRANGING
from papers.labels import SVG, label
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router
from sheets.imports import ImportView, read_lines, take_each
from sheets.reading import SHEET, read_sheet

queries = query_router("catalog")
commands = command_router("catalog")

DoorKeeper = Annotated[Caller, Depends(allow(*ARRANGING))]


class SiteBody(Body):
    """A site to create or update."""

    site_id: Code
    name: Name
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    """IANA name, such as Asia/Shanghai."""
    latitude: Latitude | None = None
    """Degrees north (WGS 84), such as "31.230416"; with the longitude, or not at all."""
    longitude: Longitude | None = None


class WarehouseBody(Body):
    """A warehouse to create or update."""

    warehouse_id: Code
    name: Name
    inspect_on_receipt: bool = False
    """Whether all goods that arrive here wait for an inspection."""
    ships_for_others: bool = False
    """Whether it may ship what was ordered at another site, or from another warehouse."""


class WarehouseLine(WarehouseBody):
    """A line of a sheet of warehouses."""

    site_id: Code


class SiteView(View):
    """A site."""

    site_id: str
    name: str
    time_zone: str
    latitude: Latitude | None
    longitude: Longitude | None


class WarehouseView(View):
    """A warehouse of a site."""

    site_id: str
    warehouse_id: str
    name: str
    inspect_on_receipt: bool
    ships_for_others: bool


class EntryCodeView(View):
    """What the QR code at a warehouse's door says."""

    site_id: str
    warehouse_id: str
    entry_code: str


@commands.post("/sites", status_code=201, responses={200: {"model": SiteView}})
async def post_site(
    body: SiteBody, session: Session, caller: Keeper, response: Response
) -> SiteView:
    """Create a site (201) or update it (200)."""
    caller.must_cover(body.site_id)
    created_or_not(response, await define_site(session, Site(**dict(body))))
    return SiteView.model_validate(body, from_attributes=True)


@commands.post("/sites/import-file", openapi_extra=SHEET)
async def post_site_sheet(request: Request, session: Session, caller: Keeper) -> ImportView:
    """Create or update the sites of a CSV or XLSX sheet."""
    raw = await read_sheet(request, SiteBody)
    lines = read_lines(request, raw, "site_id", partial(_site, caller))
    take = partial(define_site, session)
    return lines.report(await take_each(lines.taken, lambda one: one.site_id, take))


def _site(caller: Caller, raw: Mapping[str, Any]) -> Site:
    line = SiteBody.model_validate_strings(raw)
    caller.must_cover(line.site_id)
    return Site(**dict(line))


@queries.get("/sites")
async def get_sites(session: Session, paging: CurrentPaging, caller: Reader) -> Page[SiteView]:
    """List the sites the caller may see."""
    after = (paging.after(1) or [""])[0]
    rows = await lists.sites(session, caller.covered(), after, paging.limit + 1)
    return paging.page([SiteView.model_validate(row) for row in rows], lambda one: [one.site_id])


@queries.get("/sites/{site_id}")
async def get_site(site_id: Code, session: Session, caller: Reader) -> SiteView:
    """Return a site."""
    caller.must_cover(site_id)
    return SiteView.model_validate(await store.load_site(session, site_id))


@commands.post(
    "/sites/{site_id}/warehouses", status_code=201, responses={200: {"model": WarehouseView}}
)
async def post_warehouse(
    site_id: Code, body: WarehouseBody, session: Session, caller: Keeper, response: Response
) -> WarehouseView:
    """Create a warehouse of a site (201) or update it (200)."""
    caller.must_cover(site_id)
    given = Warehouse(site_id, **body.model_dump())
    created_or_not(response, await define_warehouse(session, given))
    return WarehouseView.model_validate(given)


@commands.post("/warehouses/import-file", openapi_extra=SHEET)
async def post_warehouse_sheet(request: Request, session: Session, caller: Keeper) -> ImportView:
    """Create or update the warehouses of a CSV or XLSX sheet."""
    raw = await read_sheet(request, WarehouseLine)
    lines = read_lines(request, raw, "warehouse_id", partial(_warehouse, caller))
    take = partial(define_warehouse, session)
    return lines.report(await take_each(lines.taken, _door, take))


def _warehouse(caller: Caller, raw: Mapping[str, Any]) -> Warehouse:
    line = WarehouseLine.model_validate_strings(raw)
    caller.must_cover(line.site_id)
    return Warehouse(**line.model_dump())


def _door(one: Warehouse) -> tuple[str, str]:
    return one.site_id, one.warehouse_id


@queries.get("/sites/{site_id}/warehouses")
async def get_warehouses(
    site_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[WarehouseView]:
    """List a site's warehouses."""
    caller.must_cover(site_id)
    await store.load_site(session, site_id)
    after = (paging.after(1) or [""])[0]
    rows = await lists.warehouses(session, site_id, after, paging.limit + 1)
    views = [WarehouseView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.warehouse_id])


@queries.get(
    "/sites/{site_id}/warehouses/{warehouse_id}/entry-code",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}},
)
async def get_entry_code(
    site_id: Code, warehouse_id: Code, session: Session, caller: DoorKeeper
) -> Response:
    """Return the QR code for the warehouse's door as a picture."""
    caller.must_cover(site_id)
    place = site_id, warehouse_id
    door = (await store.load_warehouses(session, {place}))[place]
    door.must_have_entry_code()
    return Response(label(door.entry_code, f"{site_id} / {warehouse_id}"), media_type=SVG)


@commands.post("/sites/{site_id}/warehouses/{warehouse_id}/entry-code/change")
async def post_entry_code(
    site_id: Code, warehouse_id: Code, session: Session, caller: DoorKeeper
) -> EntryCodeView:
    """Give the warehouse a new entry code; the old one opens no scan session any more."""
    caller.must_cover(site_id)
    return EntryCodeView.model_validate(await change_entry_code(session, site_id, warehouse_id))
