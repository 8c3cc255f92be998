"""Devices, who works where, and what codes stand for, over HTTP."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import Field

from contracts.wire import Code, Moment, Name
from inventory.catalog import store as catalog
from inventory.devices.domain import Device, DeviceKind
from inventory.scanning import queries as lists
from inventory.scanning.domain.understanding import Barcode, kept_code
from inventory.scanning.routes.entering import Arranger, Body, Reader, View
from inventory.scanning.store import doors
from inventory.scanning.use_cases.assign_warehouse import assign_warehouse
from inventory.scanning.use_cases.name_barcodes import name_barcodes
from inventory.scanning.use_cases.register_device import register_device
from inventory.scanning.use_cases.revoke_device import revoke_device
from inventory.settings import MASTER_DATA
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

door_commands = command_router("scanning")
door_queries = query_router("scanning")

Keeper = Annotated[Caller, Depends(allow(*MASTER_DATA))]

BARCODES_MAX = 1000
ScannedCode = Annotated[
    str, Field(min_length=1, max_length=256, pattern=r"^[^\x00-\x1c\x1e\x1f\x7f]+$")
]
"""What a scanner sent; FNC1 comes as the character GS."""


class DeviceBody(Body):
    """A device to register."""

    device_id: Code
    name: Name
    kind: DeviceKind


class DeviceView(View):
    """A device of a site; one that was revoked may send nothing any more."""

    site_id: str
    device_id: str
    name: str
    kind: DeviceKind
    registered_at: Moment
    registered_by: str
    revoked_at: Moment | None
    revoked_by: str | None


class WorkerBody(Body):
    """A user, by the subject of their tokens."""

    user_id: Name


class WorkplaceView(View):
    """A warehouse in which a user may open scan sessions."""

    site_id: str
    user_id: str
    warehouse_id: str
    assigned_at: Moment
    assigned_by: str


class WorkplacesView(View):
    """Where the caller may open scan sessions."""

    items: list[WorkplaceView]


class AssignedView(View):
    """Who works where from now on."""

    site_id: str
    warehouse_id: str
    user_id: str
    assigned: bool


class BarcodeBody(Body):
    """A code, and the unit of an item that it stands for."""

    code: ScannedCode
    item_id: Code
    unit: Code


class BarcodesBody(Body):
    """Codes to name; one that stood for something else stands for this from now on."""

    barcodes: Annotated[list[BarcodeBody], Field(min_length=1, max_length=BARCODES_MAX)]


class CodesBody(Body):
    """Codes to forget."""

    codes: Annotated[list[ScannedCode], Field(min_length=1, max_length=BARCODES_MAX)]


class BarcodeView(View):
    """A code as it is kept: a GTIN in 14 digits, any other as it is."""

    code: str
    item_id: str
    unit: str


class BarcodesView(View):
    """Codes and what they stand for."""

    barcodes: list[BarcodeView]


@door_commands.post(
    "/sites/{site_id}/devices", status_code=201, responses={200: {"model": DeviceView}}
)
async def post_device(
    site_id: Code, body: DeviceBody, session: Session, caller: Arranger, response: Response
) -> DeviceView:
    """Register a device (201), or describe it anew and trust it again (200)."""
    caller.must_cover(site_id)
    given = Device(site_id, body.device_id, body.name, body.kind, now(), caller.subject)
    registered, is_new = await register_device(session, given)
    if not is_new:
        response.status_code = 200
    return DeviceView.model_validate(registered)


@door_commands.post("/sites/{site_id}/devices/{device_id}/revoke")
async def post_revocation(
    site_id: Code, device_id: Code, session: Session, caller: Arranger
) -> DeviceView:
    """Trust a device no longer; a session it has ends."""
    caller.must_cover(site_id)
    revoked = await revoke_device(session, site_id, device_id, caller.subject)
    return DeviceView.model_validate(revoked)


@door_queries.get("/sites/{site_id}/devices")
async def get_devices(
    site_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[DeviceView]:
    """List a site's devices."""
    caller.must_cover(site_id)
    await catalog.load_site(session, site_id)
    after = (paging.after(1) or [""])[0]
    rows = await lists.devices(session, site_id, after, paging.limit + 1)
    views = [DeviceView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.device_id])


@door_commands.post(
    "/sites/{site_id}/warehouses/{warehouse_id}/workers",
    status_code=201,
    responses={200: {"model": AssignedView}},
)
async def post_worker(
    site_id: Code,
    warehouse_id: Code,
    body: WorkerBody,
    session: Session,
    caller: Arranger,
    response: Response,
) -> AssignedView:
    """Let a user open scan sessions for a warehouse."""
    caller.must_cover(site_id)
    place = (site_id, warehouse_id)
    if not await assign_warehouse(session, place, body.user_id, caller.subject):
        response.status_code = 200
    return AssignedView(
        site_id=site_id, warehouse_id=warehouse_id, user_id=body.user_id, assigned=True
    )


@door_commands.post("/sites/{site_id}/warehouses/{warehouse_id}/workers/remove")
async def post_worker_removal(
    site_id: Code, warehouse_id: Code, body: WorkerBody, session: Session, caller: Arranger
) -> AssignedView:
    """Let a user open no more scan sessions for a warehouse."""
    caller.must_cover(site_id)
    await doors.unassign(session, (site_id, warehouse_id), body.user_id)
    return AssignedView(
        site_id=site_id, warehouse_id=warehouse_id, user_id=body.user_id, assigned=False
    )


@door_queries.get("/sites/{site_id}/workers")
async def get_workers(
    site_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[WorkplaceView]:
    """List who works in which of a site's warehouses."""
    caller.must_cover(site_id)
    await catalog.load_site(session, site_id)
    after = paging.after(2) or ["", ""]
    rows = await lists.workers(session, site_id, after, paging.limit + 1)
    views = [WorkplaceView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.user_id, one.warehouse_id])


@door_queries.get("/workplaces")
async def get_workplaces(session: Session, caller: Reader) -> WorkplacesView:
    """List the warehouses for which the caller may open scan sessions."""
    rows = await lists.workplaces(session, caller.subject, caller.covered())
    return WorkplacesView(items=[WorkplaceView.model_validate(row) for row in rows])


@door_commands.post("/barcodes")
async def post_barcodes(body: BarcodesBody, session: Session, _: Keeper) -> BarcodesView:
    """Name what codes stand for: all of them, or none if one can't be."""
    given = [Barcode(kept_code(one.code), one.item_id, one.unit) for one in body.barcodes]
    await name_barcodes(session, given)
    return BarcodesView(barcodes=[BarcodeView.model_validate(one) for one in given])


@door_commands.post("/barcodes/remove")
async def post_barcode_removal(body: CodesBody, session: Session, _: Keeper) -> BarcodesView:
    """Let codes stand for nothing any more."""
    await doors.drop_barcodes(session, {kept_code(code) for code in body.codes})
    return BarcodesView(barcodes=[])


@door_queries.get("/barcodes")
async def get_barcodes(
    session: Session, paging: CurrentPaging, _: Reader, item_id: Code | None = None
) -> Page[BarcodeView]:
    """List codes and what they stand for."""
    after = (paging.after(1) or [""])[0]
    rows = await lists.barcodes(session, item_id, after, paging.limit + 1)
    return paging.page([BarcodeView.model_validate(row) for row in rows], lambda one: [one.code])
