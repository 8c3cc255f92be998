"""HTTP: what a person must act upon, by their roles and sites."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import Code, Moment
from purchasing.warnings import queries, store
from purchasing.warnings.domain import Addressee, Severity, WarningCause
from purchasing.warnings.queries import State, WarningFilter
from purchasing.warnings.use_cases.read_warning import read_warning
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

Warned = Annotated[Caller, Depends(allow("clerk", "shop_manager", "buyer", "finance", "operator"))]
"""Whoever a warning can be addressed to."""

commands = command_router("warnings")
queries_router = query_router("warnings")

PLACE = TypeAdapter(tuple[Moment, UUID])


class LevelOut(BaseModel):
    """Whom a warning was told to on a level, and when."""

    model_config = ConfigDict(from_attributes=True)

    level: int
    severity: Severity
    roles: list[str]
    at: Moment


class WarningOut(BaseModel):
    """A warning: its cause, the document, how far it went, since when, and when it was cleared.

    `read_at` is when the caller read it on its present level.
    """

    model_config = ConfigDict(from_attributes=True)

    warning_id: UUID
    cause: WarningCause
    severity: Severity
    site_id: str
    supplier_id: str
    document_kind: str
    document_id: UUID
    document_number: str
    level: int
    since: Moment
    raised_at: Moment
    cleared_at: Moment | None
    read_at: Moment | None
    levels: list[LevelOut] = []


class WarningQuery(BaseModel):
    """Narrows what is shown; without a state those that are open."""

    state: State = "open"
    site_id: Code | None = None
    supplier_id: Code | None = None
    cause: WarningCause | None = None
    document_id: UUID | None = None
    unread: bool | None = None


def addressee(caller: Warned) -> Addressee:
    """Return who looks."""
    return Addressee(subject=caller.subject, roles=caller.roles, sites=caller.covered())


Me = Annotated[Addressee, Depends(addressee)]


@queries_router.get("/warnings")
async def list_warnings(
    session: Session, paging: CurrentPaging, me: Me, asked: Annotated[WarningQuery, Query()]
) -> Page[WarningOut]:
    """List the warnings that are addressed to the caller's roles and sites, the newest first."""
    wanted = WarningFilter(**dict(asked))
    before = paging.after_as(PLACE)
    rows = await queries.warnings_before(session, me, wanted, before, paging.limit + 1)
    page = paging.page(
        [WarningOut.model_validate(row) for row in rows],
        lambda one: [one.raised_at.isoformat(), one.warning_id],
    )
    return Page(items=await _with_levels(session, page.items), next_cursor=page.next_cursor)


@commands.post("/warnings/{warning_id}/read")
async def post_read(warning_id: UUID, session: Session, me: Me) -> WarningOut:
    """Note that the caller has read a warning; on its next level it is news again."""
    return await _shown(session, await read_warning(session, me, warning_id))


@queries_router.get("/warnings/{warning_id}")
async def get_warning(warning_id: UUID, session: Session, me: Me) -> WarningOut:
    """Return a warning that is addressed to the caller."""
    return await _shown(session, await store.warning(session, me, warning_id))


async def _shown(session: AsyncSession, row: RowMapping) -> WarningOut:
    [shown] = await _with_levels(session, [WarningOut.model_validate(row)])
    return shown


async def _with_levels(session: AsyncSession, items: list[WarningOut]) -> list[WarningOut]:
    levels = await queries.levels_of(session, [one.warning_id for one in items])
    for one in items:
        rows = levels.get(one.warning_id, [])
        one.levels = [LevelOut.model_validate(row) for row in rows]
    return items
