"""Kits over HTTP: what they are made of. How many can be made, the books say."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field

from contracts.wire import Code, Moment, Quantity
from inventory.catalog import queries as lists
from inventory.catalog import store
from inventory.catalog.domain import Kit, KitComponent
from inventory.catalog.routes.common import Body, Keeper, Reader, View, created_or_not
from inventory.catalog.use_cases.define_kits import define_kit
from inventory.catalog.use_cases.import_kits import COMPONENTS_MAX, Part, import_kits
from servicekit.http.pages import CurrentPaging, Page, whole_number
from servicekit.http.routing import Session, command_router, query_router
from sheets.imports import ImportView, read_lines
from sheets.reading import SHEET, read_sheet

queries = query_router("catalog")
commands = command_router("catalog")


class ComponentBody(Body):
    """How much of an item goes into one kit, in the item's base unit."""

    item_id: Code
    quantity: Quantity


class KitBody(Body):
    """What a kit is made of from now on."""

    components: Annotated[list[ComponentBody], Field(min_length=1, max_length=COMPONENTS_MAX)]


class KitLine(Body):
    """A line of a sheet: how much of a component goes into one kit, in its base unit."""

    item_id: Code
    component_id: Code
    quantity: Quantity


STATES = {"version", "defined_at", "defined_by"}
"""What an export says beside, and an import passes over."""


class ComponentView(View):
    """How much of an item goes into one kit, in the item's base unit."""

    item_id: str
    quantity: Quantity


class KitView(View):
    """What a kit is made of now."""

    item_id: str
    version: int
    components: list[ComponentView]


class KitVersionView(View):
    """A line of one of a kit's versions."""

    version: int
    component_id: str
    quantity: Quantity
    defined_at: Moment
    defined_by: str


@commands.post("/items/{item_id}/kit", status_code=201, responses={200: {"model": KitView}})
async def post_kit(
    item_id: Code, body: KitBody, session: Session, caller: Keeper, response: Response
) -> KitView:
    """Define what a kit is made of, or its next version (201); the same changes nothing (200)."""
    components = tuple(KitComponent(one.item_id, one.quantity) for one in body.components)
    given = Kit(item_id, 0, components)
    created_or_not(response, await define_kit(session, given, caller.subject))
    return KitView.model_validate((await store.load_kits(session, [item_id]))[item_id])


@commands.post("/kits/import-file", openapi_extra=SHEET)
async def post_kit_sheet(request: Request, session: Session, caller: Keeper) -> ImportView:
    """Define the kits of a CSV or XLSX sheet, which has a line for each component.

    A kit is taken with all its lines or not at all; `accepted` and `unchanged` count kits.
    """
    raw = await read_sheet(request, KitLine, ignored=STATES)
    lines = read_lines(request, raw, "item_id", _part)
    torn = {lines.ids[one.line] for one in lines.refused}
    report = await import_kits(session, lines.taken, torn, caller.subject)
    return lines.report(report)


def _part(raw: Mapping[str, Any]) -> Part:
    line = KitLine.model_validate_strings(raw)
    return Part(line.item_id, line.component_id, line.quantity)


@queries.get("/items/{item_id}/kit")
async def get_kit(item_id: Code, session: Session, _: Reader) -> KitView:
    """Return what a kit is made of now."""
    return KitView.model_validate(await store.load_kit(session, item_id))


@queries.get("/items/{item_id}/kit/versions")
async def get_kit_versions(
    item_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[KitVersionView]:
    """List what a kit was made of, version by version."""
    await store.load_kit(session, item_id)
    position = paging.after(2)
    after = (whole_number(position[0]), position[1]) if position else None
    rows = await lists.kit_versions(session, item_id, after, paging.limit + 1)
    views = [KitVersionView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.version, one.component_id])
