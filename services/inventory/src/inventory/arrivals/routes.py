"""Arrival rules over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Moment, Name
from inventory.arrivals import queries as lists
from inventory.arrivals.domain import ArrivalRule, Criterion, Terms, UnknownArrivalRule, Verdict
from inventory.arrivals.use_cases.define_arrival_rule import define_arrival_rule
from inventory.arrivals.use_cases.place_arrivals import ArrivingLine, place_arrivals
from inventory.catalog import store as catalog
from inventory.settings import ARRANGING, READING
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import BadCursor, CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

queries = query_router("arrival rules")
commands = command_router("arrival rules")

Arranger = Annotated[Caller, Depends(allow(*ARRANGING))]
Reader = Annotated[Caller, Depends(allow(*READING))]

LINES_MAX = 500
DAYS_MAX = 36_500
Days = Annotated[int, Field(ge=-DAYS_MAX, le=DAYS_MAX, strict=True)]


class TermsBody(BaseModel):
    """What must hold of a line; what is not given may be anything."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    supplier_id: Code | None = None
    category: Name | None = None
    item_id: Code | None = None
    days_left_from: Days | None = None
    """At least so many days of shelf life at arrival."""
    days_left_below: Days | None = None
    """Fewer days of shelf life at arrival than this."""


class RuleBody(BaseModel):
    """A rule to make or to change."""

    model_config = ConfigDict(extra="forbid")

    rule_id: Code
    priority: Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
    """The lowest number is asked first; among equals the id decides."""
    warehouse_id: Code
    terms: TermsBody
    active: Annotated[bool, Field(strict=True)] = True


class RuleView(BaseModel):
    """A version of a rule. `name` is what stands on the ledger entries it decided."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    rule_id: str
    version: int
    name: str
    priority: int
    warehouse_id: str
    terms: TermsBody
    active: bool
    changed_at: Moment
    changed_by: str


class DryLine(BaseModel):
    """A line that might arrive."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    expires_on: date | None = None


class DryRunBody(BaseModel):
    """A receipt that might arrive."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: Code
    warehouse_id: Code
    """Where it was ordered to: lines that no rule decides go there."""
    arrived_at: Moment | None = None
    lines: Annotated[list[DryLine], Field(min_length=1, max_length=LINES_MAX)]


class MismatchView(BaseModel):
    """A term that does not hold."""

    model_config = ConfigDict(from_attributes=True)

    criterion: Criterion
    wanted: str
    found: str | None


class PassedOver(BaseModel):
    """A rule that was asked and did not decide, and why."""

    rule: str
    mismatches: list[MismatchView]


class PlacedLine(BaseModel):
    """Where a line would go; without a rule, where it was ordered to."""

    line_no: int
    item_id: str
    warehouse_id: str
    rule: str | None
    passed_over: list[PassedOver]


class DryRunView(BaseModel):
    """Where each line would go."""

    lines: list[PlacedLine]


@commands.post(
    "/sites/{site_id}/arrival-rules", status_code=201, responses={200: {"model": RuleView}}
)
async def post_rule(
    site_id: Code, body: RuleBody, session: Session, caller: Arranger, response: Response
) -> RuleView:
    """Make a rule (201), or a new version of it (200)."""
    caller.must_cover(site_id)
    given = ArrivalRule(
        site_id=site_id,
        rule_id=body.rule_id,
        version=1,
        priority=body.priority,
        warehouse_id=body.warehouse_id,
        terms=Terms(**body.terms.model_dump()),
        active=body.active,
        changed_at=now(),
        changed_by=caller.subject,
    )
    present, is_new = await define_arrival_rule(session, given)
    if not is_new:
        response.status_code = 200
    return RuleView.model_validate(present)


@queries.get("/sites/{site_id}/arrival-rules")
async def get_rules(
    site_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[RuleView]:
    """List a site's rules in the order in which they are asked."""
    caller.must_cover(site_id)
    await catalog.load_site(session, site_id)
    rows = await lists.rules(session, site_id, _position(paging.after(2)), paging.limit + 1)
    views = [RuleView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.priority, one.rule_id])


def _position(after: list[str] | None) -> tuple[int, str] | None:
    if after is None:
        return None
    if not (after[0].isascii() and after[0].isdigit() and len(after[0]) < 10):
        raise BadCursor
    return int(after[0]), after[1]


@queries.get("/sites/{site_id}/arrival-rules/{rule_id}/versions")
async def get_versions(
    site_id: Code, rule_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[RuleView]:
    """List what a rule has said over time."""
    caller.must_cover(site_id)
    after = min(paging.after_number(), 2**31 - 1)
    rows = await lists.versions(session, site_id, rule_id, after, paging.limit + 1)
    if not rows and not after:
        raise UnknownArrivalRule(site_id=site_id, rule_id=rule_id)
    views = [RuleView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.version])


@queries.post("/sites/{site_id}/arrival-rules/dry-run")
async def post_dry_run(
    site_id: Code, body: DryRunBody, session: Session, caller: Reader
) -> DryRunView:
    """Say which rule would decide where each line goes, and why those before it would not."""
    caller.must_cover(site_id)
    await catalog.must_know_warehouses(session, {(site_id, body.warehouse_id)})
    items = await catalog.load_items(session, {line.item_id for line in body.lines})
    arrived_at = body.arrived_at or now()
    lines = [
        ArrivingLine(site_id, body.supplier_id, line.item_id, arrived_at, line.expires_on)
        for line in body.lines
    ]
    verdicts = await place_arrivals(session, lines, items)
    placed = [
        _placed(line_no, line.item_id, verdict, body.warehouse_id)
        for line_no, (line, verdict) in enumerate(zip(lines, verdicts, strict=True), start=1)
    ]
    return DryRunView(lines=placed)


def _placed(line_no: int, item_id: str, verdict: Verdict, ordered_to: str) -> PlacedLine:
    rule = verdict.rule
    passed_over = [
        PassedOver(rule=rule.name, mismatches=[MismatchView.model_validate(m) for m in mismatches])
        for rule, mismatches in verdict.passed_over
    ]
    return PlacedLine(
        line_no=line_no,
        item_id=item_id,
        warehouse_id=rule.warehouse_id if rule else ordered_to,
        rule=rule.name if rule else None,
        passed_over=passed_over,
    )
