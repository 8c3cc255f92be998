"""Place arrivals: ask a site's rules where arriving lines go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.arrivals import store
from inventory.arrivals.domain import Arrival, ArrivalRule, Verdict, decide
from inventory.catalog import store as catalog
from inventory.catalog.domain import Item, Site


@dataclass(frozen=True)
class ArrivingLine:
    """A line that arrived at a site from a supplier."""

    site_id: str
    supplier_id: str
    item_id: str
    arrived_at: datetime
    expires_on: date | None


async def place_arrivals(
    session: AsyncSession, lines: Sequence[ArrivingLine], items: Mapping[str, Item]
) -> list[Verdict]:
    """Return what the rules say of each line; `items` are those of the lines."""
    sites = {line.site_id for line in lines}
    rules = await store.load_rules(session, sites)
    clocks = {
        site_id: await catalog.load_site(session, site_id)
        for site_id in sorted(sites)
        if rules[site_id]
    }
    return [_placed(line, rules[line.site_id], clocks, items[line.item_id]) for line in lines]


def _placed(
    line: ArrivingLine,
    rules: Sequence[ArrivalRule],
    clocks: Mapping[str, Site],
    item: Item,
) -> Verdict:
    if not rules:
        return Verdict(None, [])
    days_left = None
    if line.expires_on is not None:
        arrived_on = clocks[line.site_id].day_of(line.arrived_at)
        days_left = (line.expires_on - arrived_on).days
    return decide(rules, Arrival(line.supplier_id, item.item_id, item.category, days_left))
