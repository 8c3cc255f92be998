"""Define a site: create it, or bring its description up to date."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SiteDefined
from inventory.catalog import store
from inventory.catalog.domain import Site
from servicekit import outbox
from sheets.imports import Outcome


async def define_site(session: AsyncSession, given: Site) -> Outcome:
    """Return what this did; the same description again changes nothing."""
    added = await store.add_site(session, given)
    if not added and not (await store.lock_site(session, given.site_id)).revise(given):
        return Outcome.UNCHANGED
    await outbox.add(session, [_fact(given)])
    return Outcome.ADDED if added else Outcome.CHANGED


def _fact(site: Site) -> SiteDefined:
    return SiteDefined(
        site_id=site.site_id,
        name=site.name,
        time_zone=site.time_zone,
        latitude=site.latitude,
        longitude=site.longitude,
    )
