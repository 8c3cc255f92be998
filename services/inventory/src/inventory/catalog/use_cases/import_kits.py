"""Import kits line by line: of each kit all lines are taken, or none."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Kit, KitComponent, KitTooLarge, KitTorn
from inventory.catalog.use_cases.define_kits import define_kits
from servicekit.errors import Refusal
from sheets.imports import ImportReport

COMPONENTS_MAX = 100


class Part(NamedTuple):
    """A line: how much of a component goes into one kit."""

    item_id: str
    component_id: str
    quantity: Decimal


Parts = dict[int, Part]


async def import_kits(
    session: AsyncSession,
    lines: Mapping[int, Part],
    torn: Collection[str | None],
    defined_by: str,
) -> ImportReport:
    """Define kits whose components are given by line number; `torn` are those with a bad line."""
    parts: dict[str, Parts] = {}
    for line, part in sorted(lines.items()):
        parts.setdefault(part.item_id, {})[line] = part
    kits, refused = dict[int, Kit](), dict[int, Refusal]()
    for item_id, given in parts.items():
        try:
            if item_id in torn:
                raise KitTorn(item_id=item_id)
            kits[min(given)] = _kit(item_id, given)
        except Refusal as refusal:
            refused |= _spread(given, refusal)
    report = await define_kits(session, kits, defined_by)
    for line, why in report.refused.items():
        refused |= _spread(parts[kits[line].item_id], why)
    report.refused = refused
    return report


def _kit(item_id: str, given: Parts) -> Kit:
    if len(given) > COMPONENTS_MAX:
        raise KitTooLarge(item_id=item_id, given=len(given), most=COMPONENTS_MAX)
    made_of = (KitComponent(one.component_id, one.quantity) for one in given.values())
    return Kit(item_id, 0, tuple(made_of))


def _spread(given: Parts, refusal: Refusal) -> dict[int, Refusal]:
    """Return the refusal for the lines that it is about, and for the others that they miss those.

    One that names no component is about all of them.
    """
    named = {refusal.facts.get("component_id"), refusal.facts.get("item_id")}
    about = [line for line, one in given.items() if one.component_id in named] or list(given)
    torn = KitTorn(item_id=next(iter(given.values())).item_id)
    return {line: refusal if line in about else torn for line in given}
