"""HTTP: from which sites a site would rather have its goods."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Moment
from sales.reference import store as reference
from sales.reference.routes import Reader
from sales.sourcing import queries
from sales.sourcing.use_cases.prefer_sources import prefer_sources
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.routing import Session, allow, command_router, query_router

SITES_MAX = 200
Arranger = Annotated[Caller, Depends(allow("master_data", "shop_manager"))]

commands = command_router("sourcing")
queries_router = query_router("sourcing")


class PreferenceIn(BaseModel):
    """Sites in the order in which they are preferred; those not named come after, by distance."""

    model_config = ConfigDict(extra="forbid")

    sources: Annotated[list[Code], Field(max_length=SITES_MAX)]


class PreferenceOut(PreferenceIn):
    """A site's stated order, and who stated it, if anybody did."""

    site_id: str
    set_at: Moment | None
    set_by: str | None


@commands.post("/sites/{site_id}/sources")
async def prefer(
    site_id: Code, body: PreferenceIn, session: Session, caller: Arranger
) -> PreferenceOut:
    """State from which sites a site would rather have its goods; an empty list states nothing."""
    caller.must_cover(site_id)
    at = now()
    await prefer_sources(session, site_id, body.sources, caller.subject, at)
    return PreferenceOut(site_id=site_id, sources=body.sources, set_at=at, set_by=caller.subject)


@queries_router.get("/sites/{site_id}/sources")
async def read_preference(site_id: Code, session: Session, caller: Reader) -> PreferenceOut:
    """Return the order of sites that a site states."""
    caller.must_cover(site_id)
    await reference.site_of(session, site_id)
    found = await queries.preference(session, site_id)
    if found is None:
        return PreferenceOut(site_id=site_id, sources=[], set_at=None, set_by=None)
    return PreferenceOut(**found)
