"""HTTP: what somebody in a warehouse must act upon now, by roles and sites."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, TypeAdapter, computed_field

from contracts.wire import Code, Moment
from inventory.quality.domain.warnings import SEVERITY, WARNED, Severity, WarningCause
from inventory.quality.queries import warnings as lists
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, query_router

queries = query_router("quality")

Warned = Annotated[Caller, Depends(allow(*WARNED))]
PLACE = TypeAdapter(tuple[Moment, Code, Code, Code, Code])


class WarningView(BaseModel):
    """What is wrong, where, and since when; it is gone from the list once its cause is."""

    model_config = ConfigDict(from_attributes=True)

    cause: WarningCause
    site_id: str
    warehouse_id: str
    device_id: str
    since: Moment
    """Since when the air is outside of its limits, or when the device was heard last."""
    raised_at: Moment
    breach_id: UUID | None
    """The breach, of which `/breaches/{breach_id}` tells more."""

    @computed_field
    def severity(self) -> Severity:
        """How urgent it is."""
        return SEVERITY[self.cause]

    @computed_field
    def roles(self) -> tuple[str, ...]:
        """Whom it is addressed to."""
        return WARNED


class WarningQuery(BaseModel):
    """Narrows what is shown."""

    site_id: Code | None = None
    cause: WarningCause | None = None


@queries.get("/warnings")
async def get_warnings(
    session: Session, paging: CurrentPaging, caller: Warned, asked: Annotated[WarningQuery, Query()]
) -> Page[WarningView]:
    """List what is wrong now at the caller's sites, the newest first."""
    if asked.site_id is not None:
        caller.must_cover(asked.site_id)
    sites = caller.covered() if asked.site_id is None else {asked.site_id}
    wanted = lists.WarningFilter(sites, asked.cause)
    rows = await lists.warnings_before(session, wanted, paging.after_as(PLACE), paging.limit + 1)
    return paging.page([WarningView.model_validate(row) for row in rows], _place)


def _place(one: WarningView) -> list[str]:
    place = [one.site_id, one.warehouse_id, one.device_id, one.cause.value]
    return [one.raised_at.isoformat(), *place]
