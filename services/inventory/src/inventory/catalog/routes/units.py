"""Units of items over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field

from contracts.wire import Code, Moment
from inventory.catalog import queries as lists
from inventory.catalog import store
from inventory.catalog.domain import UnitConversion
from inventory.catalog.routes.common import Body, Keeper, Reader, View, created_or_not
from inventory.catalog.use_cases.define_units import define_unit, define_units
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page, whole_number
from servicekit.http.routing import Session, command_router, query_router
from sheets.imports import ImportView, read_lines
from sheets.reading import SHEET, read_sheet

queries = query_router("catalog")
commands = command_router("catalog")

RATIO_MAX = 10**9
Part = Annotated[int, Field(ge=1, le=RATIO_MAX, strict=True)]


class UnitBody(Body):
    """From a moment on (now, unless one is given), a unit is numerator/denominator base units."""

    unit: Code
    numerator: Part
    denominator: Part = 1
    valid_from: Moment | None = None


class UnitLine(UnitBody):
    """A line of a sheet of units."""

    item_id: Code


class UnitView(View):
    """A version of a conversion, its ratio in lowest terms."""

    item_id: str
    unit: str
    version: int
    numerator: int
    denominator: int
    valid_from: Moment
    defined_by: str


class DefinedUnit(View):
    """A version of a conversion that was asked for."""

    item_id: str
    unit: str
    numerator: int
    denominator: int


@commands.post("/items/{item_id}/units", status_code=201, responses={200: {"model": DefinedUnit}})
async def post_unit(
    item_id: Code, body: UnitBody, session: Session, caller: Keeper, response: Response
) -> DefinedUnit:
    """Define a unit of an item, or a new version of it (201); the same ratio changes nothing (200).

    What was converted before keeps the version it was converted by.
    """
    at = now()
    given = _conversion(item_id, body, at)
    created_or_not(response, await define_unit(session, given, caller.subject, at))
    return DefinedUnit.model_validate(given)


@commands.post("/units/import-file", openapi_extra=SHEET)
async def post_unit_sheet(request: Request, session: Session, caller: Keeper) -> ImportView:
    """Define the units of a CSV or XLSX sheet."""
    at = now()

    def conversion(raw: Mapping[str, Any]) -> UnitConversion:
        line = UnitLine.model_validate_strings(raw)
        return _conversion(line.item_id, line, at)

    lines = read_lines(request, await read_sheet(request, UnitLine), "item_id", conversion)
    return lines.report(await define_units(session, lines.taken, caller.subject, at))


def _conversion(item_id: str, given: UnitBody, at: datetime) -> UnitConversion:
    ratio = Fraction(given.numerator, given.denominator)
    valid_from = given.valid_from or at
    return UnitConversion(item_id, given.unit, 1, ratio.numerator, ratio.denominator, valid_from)


@queries.get("/items/{item_id}/units")
async def get_units(
    item_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[UnitView]:
    """List the versions of an item's units; the last one whose moment has come is in force."""
    await store.load_items(session, [item_id])
    position = paging.after(2)
    after = (position[0], whole_number(position[1])) if position else None
    rows = await lists.conversions(session, item_id, after, paging.limit + 1)
    views = [UnitView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.unit, one.version])
