"""Look what some places could ship of a wish: whoever chooses between them needs one answer."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.reservations import store
from inventory.reservations.domain.assortment import Wanted, WantedLine
from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.reservations.use_cases.propose_batches import propose_batches
from inventory.reservations.use_cases.understand_orders import understand_orders
from inventory.stock.domain import Balance, Place

WHOLE = Decimal(1)


@dataclass(frozen=True)
class Part:
    """What of one item a line takes, in base units."""

    item_id: str
    batch_id: str
    quantity: Decimal


@dataclass(frozen=True)
class SourceLine:
    """A line of the wish, as it would be reserved."""

    line_no: int
    quantity: Decimal
    step: Decimal
    """What the quantity can be divided into: a decimal of the base unit; other units are whole."""
    parts: Sequence[Part]


@dataclass(frozen=True)
class Sources:
    """What the lines take, and what there is of it where."""

    lines: Sequence[SourceLine]
    stock: Mapping[Place, Balance]


async def look_for_sources(
    session: AsyncSession, wanted: Wanted, places: Collection[tuple[str, str]]
) -> Sources:
    """Return what there is to know; nothing is locked, so it may be otherwise a moment later."""
    (end,), assortment = await understand_orders(session, [wanted])
    if not isinstance(end, Reservation):
        await propose_batches(session, [(wanted, end)], assortment)
        raise end
    asked = {
        Place(site_id, line.item_id, warehouse_id, line.batch_id)
        for site_id, warehouse_id in places
        for line in end.lines
    }
    balances = await store.read_balances(session, asked)
    stock = {place: one for place, one in balances.items() if one.available > 0}
    return Sources(await _lines(session, wanted, end.lines), stock)


async def _lines(
    session: AsyncSession, wanted: Wanted, reserved: Sequence[ReservedLine]
) -> list[SourceLine]:
    parts = defaultdict[int, list[Part]](list)
    for line in reserved:
        part = Part(line.item_id, line.batch_id, line.quantity)
        parts[line.kit_line_no or line.line_no].append(part)
    items = await catalog.load_items(session, {line.item_id for line in wanted.lines})

    def step(line: WantedLine) -> Decimal:
        item = items[line.item_id]
        in_base = line.unit in (None, item.base_unit) and not item.is_kit
        return WHOLE.scaleb(-item.scale) if in_base else WHOLE

    return [
        SourceLine(line_no, line.quantity, step(line), parts[line_no])
        for line_no, line in enumerate(wanted.lines, start=1)
    ]
