"""Over HTTP: what may be sold instead of an item."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field, TypeAdapter

from contracts.wire import Code, Moment
from inventory.catalog import queries as lists
from inventory.catalog import store
from inventory.catalog.domain import Substitution
from inventory.catalog.routes.common import (
    Body,
    Keeper,
    Reader,
    View,
    created_or_not,
)
from inventory.catalog.routes.units import RATIO_MAX
from inventory.catalog.use_cases.define_substitute import define_substitute
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, command_router, query_router
from sheets.imports import ImportView, read_lines, take_each
from sheets.reading import SHEET, read_sheet

queries = query_router("catalog")
commands = command_router("catalog")

RANK_MAX = 10_000
Part = Annotated[int, Field(ge=1, le=RATIO_MAX, strict=True)]
Rank = Annotated[int, Field(ge=1, le=RANK_MAX, strict=True)]
PLACE = TypeAdapter(tuple[Annotated[int, Field(ge=1, le=RANK_MAX)], Code])


class SubstituteBody(Body):
    """What stands in for an item: numerator base units of it for denominator of the item's."""

    substitute_id: Code
    rank: Rank = 1
    """The lower, the better it stands in."""
    numerator: Part = 1
    denominator: Part = 1
    both_ways: bool = False
    """Whether the item stands in for the substitute as well."""
    valid_from: date
    valid_to: date | None = None
    """Its last day; one that has passed ends it."""


class SubstituteLine(SubstituteBody):
    """A line of a sheet of substitutes."""

    item_id: Code


class SubstituteView(View):
    """What stands in for an item, its ratio in lowest terms."""

    item_id: str
    substitute_id: str
    rank: int
    numerator: int
    denominator: int
    both_ways: bool
    valid_from: date
    valid_to: date | None


class SubstituteKept(SubstituteView):
    """What stands in for an item, and who said so."""

    defined_at: Moment
    defined_by: str


@commands.post(
    "/items/{item_id}/substitutes", status_code=201, responses={200: {"model": SubstituteView}}
)
async def post_substitute(
    item_id: Code, body: SubstituteBody, session: Session, caller: Keeper, response: Response
) -> SubstituteView:
    """Say what stands in for an item (201), or describe it anew (200)."""
    given = _substitution(item_id, body)
    created_or_not(response, await define_substitute(session, given, caller.subject, now()))
    return SubstituteView.model_validate(given)


@commands.post("/substitutes/import-file", openapi_extra=SHEET)
async def post_substitute_sheet(request: Request, session: Session, caller: Keeper) -> ImportView:
    """Say what stands in for what by the lines of a CSV or XLSX sheet."""
    raw = await read_sheet(request, SubstituteLine)
    lines = read_lines(request, raw, "item_id", _line)
    take = partial(define_substitute, session, defined_by=caller.subject, at=now())
    return lines.report(
        await take_each(lines.taken, lambda one: (one.item_id, one.substitute_id), take)
    )


def _line(raw: Mapping[str, Any]) -> Substitution:
    line = SubstituteLine.model_validate_strings(raw)
    return _substitution(line.item_id, line)


def _substitution(item_id: str, given: SubstituteBody) -> Substitution:
    ratio = Fraction(given.numerator, given.denominator)
    return Substitution(
        item_id=item_id,
        substitute_id=given.substitute_id,
        rank=given.rank,
        numerator=ratio.numerator,
        denominator=ratio.denominator,
        both_ways=given.both_ways,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )


@queries.get("/items/{item_id}/substitutes")
async def get_substitutes(
    item_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[SubstituteKept]:
    """List what was said to stand in for an item, the best first."""
    await store.load_items(session, [item_id])
    rows = await lists.substitutes(session, item_id, paging.after_as(PLACE), paging.limit + 1)
    views = [SubstituteKept.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.rank, one.substitute_id])
