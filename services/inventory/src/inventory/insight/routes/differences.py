"""The difference report of a site, over HTTP."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Amount, Code, Currency, Moment, Total
from inventory.costing_client import Value, values
from inventory.insight.domain.differences import Cause, Sides, share
from inventory.insight.domain.open_work import Sort, Waits
from inventory.insight.queries import differences
from inventory.settings import PROVING
from inventory.stock.routes.balances import DatedPage
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import MAX_ROWS, CurrentPaging
from servicekit.http.routing import CurrentContext, Session, allow, query_router

queries = query_router("insight")

Prover = Annotated[Caller, Depends(allow(*PROVING))]
PAGES_MAX = 20
"""A summary looks at so many pages of a site's items, and says if there are more."""
FIRST_MAX = 100
Said = Literal["said", "unavailable"]


class StepView(BaseModel):
    """A step that is not closed, and may explain a difference."""

    model_config = ConfigDict(from_attributes=True)

    sort: Sort
    kind: str
    id: UUID
    number: str
    quantity: Total | None
    since: Moment
    waits_for: Waits


class Costed(BaseModel):
    """What costing has of the item; `behind`, it has not valued every entry yet."""

    quantity: Total
    value: Amount
    currency: Currency
    sequence: int
    behind: bool


class DifferenceView(BaseModel):
    """An item: what the sides have of it, by how much they differ, and what is still open.

    `rate` is the largest difference as a share of what the books have.
    """

    item_id: str
    sequence: int
    ledger: Total
    balance: Total
    counted: Total | None
    expected: Total | None
    counted_at: Moment | None
    costing: Costed | None
    differences: dict[Cause, Total]
    rate: Total
    steps: list[StepView]
    steps_count: int


class DifferencePage(DatedPage[DifferenceView]):
    """A page of a site's items; `costing` tells whether costing has said what they are worth."""

    site_id: str
    costing: Said


class SiteDifferences(BaseModel):
    """How many of a site's items differ, and the first of them."""

    site_id: str
    as_of: Moment
    items: int
    differing: int
    rate: Total
    by_cause: dict[Cause, int]
    behind: int
    costing: Said
    first: list[str]
    complete: bool


def covered_site(caller: Prover, site_id: Code) -> str:
    """Return the site asked for, which the caller must be allowed to see."""
    caller.must_cover(site_id)
    return site_id


CoveredSite = Annotated[str, Depends(covered_site)]


@queries.get("/reports/differences")
async def get_differences(
    session: Session, context: CurrentContext, paging: CurrentPaging, site_id: CoveredSite
) -> DifferencePage:
    """List a site's items with ledger, balance, last count and value, and the steps left open."""
    as_of, position = now(), paging.after(1)
    after = None if position is None else position[0]
    worth = await values(context, site_id, after, paging.limit + 1)
    # One moment for both: what is booked between them would be neither on the books nor a step.
    _ = await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    rows = await differences.sides(session, site_id, after, paging.limit + 1)
    steps = await differences.open_steps(session, site_id, [row.item_id for row in rows])
    views = [_view(row, (worth or {}).get(row.item_id), steps.get(row.item_id, [])) for row in rows]
    page = paging.page(views, lambda one: [one.item_id])
    return DifferencePage(
        items=page.items,
        next_cursor=page.next_cursor,
        as_of=as_of,
        site_id=site_id,
        costing="unavailable" if worth is None else "said",
    )


@queries.get("/reports/differences/summary")
async def get_summary(
    session: Session, context: CurrentContext, site_id: CoveredSite
) -> SiteDifferences:
    """Count on how many of a site's items the sides differ, by cause."""
    as_of, after, said = now(), None, True
    found: dict[str, Sides] = {}
    for _ in range(PAGES_MAX):
        worth = await values(context, site_id, after, MAX_ROWS) if said else None
        said = worth is not None
        rows = await differences.sides(session, site_id, after, MAX_ROWS)
        found |= {row.item_id: _sides(row, (worth or {}).get(row.item_id)) for row in rows}
        if len(rows) < MAX_ROWS:
            break
        after = rows[-1].item_id
    differing = [item_id for item_id, one in found.items() if one.differences]
    return SiteDifferences(
        site_id=site_id,
        as_of=as_of,
        items=len(found),
        differing=len(differing),
        rate=share(len(differing), len(found)),
        by_cause=_causes(found.values()),
        behind=sum(one.behind for one in found.values()),
        costing="said" if said else "unavailable",
        first=differing[:FIRST_MAX],
        complete=len(rows) < MAX_ROWS,
    )


def _causes(sides: Iterable[Sides]) -> dict[Cause, int]:
    counted = Counter(cause for one in sides for cause in one.differences)
    return {cause: counted[cause] for cause in Cause}


def _sides(row: Any, value: Value | None) -> Sides:
    return Sides(
        ledger=row.ledger,
        balance=row.balance,
        sequence=row.sequence,
        counted=row.counted,
        expected=row.expected,
        costed=value and value.quantity,
        costed_sequence=value and value.sequence,
    )


def _view(row: Any, value: Value | None, steps: list[Any]) -> DifferenceView:
    sides = _sides(row, value)
    costed = None
    if value is not None:
        costed = Costed(
            quantity=value.quantity,
            value=value.value,
            currency=value.currency,
            sequence=value.sequence,
            behind=sides.behind,
        )
    return DifferenceView(
        item_id=row.item_id,
        sequence=row.sequence,
        ledger=row.ledger,
        balance=row.balance,
        counted=row.counted,
        expected=row.expected,
        counted_at=row.counted_at,
        costing=costed,
        differences=sides.differences,
        rate=sides.rate,
        steps=[StepView.model_validate(step) for step in steps],
        steps_count=steps[0]["steps"] if steps else 0,
    )
