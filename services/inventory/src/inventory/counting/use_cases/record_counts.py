"""Record counts: as many as a device has gathered, each taken or refused on its own."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import BaseQuantity, Item, Tracking, Units
from inventory.catalog.domain.weights import Weight, converted, weight_unit
from inventory.counting import store
from inventory.counting.domain.counts import Count, Opening
from inventory.counting.domain.line import CountLine, Outcome
from inventory.counting.domain.sheet import CountSheet, Goods, SheetStatus
from inventory.devices import store as devices
from inventory.devices.domain import Device, must_be_in_use, must_be_scale
from inventory.stock import store as books
from inventory.stock.domain import Place
from servicekit.clock import now
from servicekit.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class Told:
    """A count as it was told: a quantity in a unit, a weight, or the units found."""

    count_id: UUID
    goods: Goods
    counted_at: datetime
    quantity: Decimal | None = None
    unit: str | None = None
    weight: Weight | None = None
    serials: tuple[str, ...] = ()
    spot: str = ""
    device_id: str | None = None

    def measured(self, units: Units) -> BaseQuantity:
        """Return how much was counted, in base units and exactly."""
        if self.weight is not None:
            self.weight.must_be_sound()
            unit = weight_unit(self.goods.item_id, [units.base_unit, *units.conversions])
            return units.to_base(unit, converted(self.weight.net, self.weight.unit, unit))
        if self.quantity is not None and self.unit is not None:
            return units.to_base(self.unit, self.quantity)
        return units.to_base(units.base_unit, Decimal(len(set(self.serials))))


@dataclass(frozen=True)
class Recorded:
    """What became of a count that was told."""

    told: Told
    line: CountLine | None = None
    outcome: Outcome | None = None
    refusal: Refusal | None = None


@dataclass
class Desk:
    """What one upload works on."""

    sheet: CountSheet
    counted_by: str
    at: datetime
    lines: dict[Place, CountLine] = field(default_factory=dict)
    refused: dict[Place, Refusal] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    units: dict[str, Units] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    known: dict[UUID, Count] = field(default_factory=dict)
    fresh: list[Count] = field(default_factory=list)

    def record(self, told: Told) -> Recorded:
        """Take one count, or say why it can't be."""
        try:
            place = self.sheet.place_of(told.goods)
            if place in self.refused:
                return Recorded(told, refusal=self.refused[place])
            line = self.lines[place]
            return Recorded(told, line, self._take(told, line))
        except Refusal as refusal:
            return Recorded(told, refusal=refusal)

    def _take(self, told: Told, line: CountLine) -> Outcome:
        item = self.items[line.place.item_id]
        measured = told.measured(self.units[item.item_id])
        item.must_be_named(line.place.batch_id, told.serials, measured.quantity)
        round_no = line.round_of(told.counted_at, self.at)
        if (known := self.known.get(told.count_id)) is None:
            if told.weight is not None:
                must_be_scale(self.devices, self.sheet.site_id, told.weight.scale_id)
            if told.device_id is not None:
                must_be_in_use(self.devices, self.sheet.site_id, told.device_id)
            self.sheet.number_line(line)
        count = Count(
            count_id=told.count_id,
            line_no=line.line_no,
            round_no=round_no,
            measured=measured,
            serials=told.serials,
            spot=told.spot,
            counted_at=told.counted_at,
            counted_by=self.counted_by,
            device_id=told.device_id,
            weight=told.weight,
            received_at=self.at,
        )
        if known is not None and count.repeats(known):
            return Outcome.REPEATED
        outcome = line.take(count)
        self.known[count.count_id] = count
        self.fresh.append(count)
        return outcome


async def record_counts(
    session: AsyncSession, sheet: CountSheet, told: Sequence[Told], counted_by: str
) -> list[Recorded]:
    """Record counts on a locked sheet; goods it doesn't list are added to it."""
    sheet.must_be("counted", SheetStatus.COUNTING)
    desk, before = Desk(sheet, counted_by, now()), sheet.lines
    places = _places(sheet, told)
    desk.lines = await store.lines_at(session, sheet, places)
    await _expect(session, desk, places - desk.lines.keys())
    item_ids = {place.item_id for place in desk.lines}
    desk.items = await catalog.load_items(session, item_ids)
    desk.units = await catalog.load_units(session, item_ids)
    named = {one.weight.scale_id for one in told if one.weight}
    named |= {one.device_id for one in told if one.device_id}
    desk.devices = await devices.load_devices(session, sheet.site_id, named)
    ids = {one.count_id for one in told}
    desk.known = {one.count_id: one for one in await store.counts_of(session, sheet, [], ids)}
    recorded = [desk.record(one) for one in told]
    added = [line for line in desk.lines.values() if line.line_no > before]
    await store.add_lines(session, sheet, added)
    await store.add_counts(session, sheet, desk.fresh)
    return recorded


def _places(sheet: CountSheet, told: Sequence[Told]) -> set[Place]:
    places = set()
    for one in told:
        with suppress(Refusal):  # which is told of this count alone, when it is taken
            places.add(sheet.place_of(one.goods))
    return places


async def _expect(session: AsyncSession, desk: Desk, places: AbstractSet[Place]) -> None:
    """Make lines of goods that the sheet doesn't list; they get a number if a count is taken."""
    desk.refused.update(await store.counted_elsewhere(session, places))
    for place in sorted(places - desk.refused.keys()):
        try:
            desk.lines[place] = await _new_line(session, desk.sheet, place)
        except Refusal as refusal:
            desk.refused[place] = refusal


async def _new_line(session: AsyncSession, sheet: CountSheet, place: Place) -> CountLine:
    """Return a line for a place; all its entries tell what the books held when it was counted."""
    await catalog.must_know_warehouses(session, {(place.site_id, place.warehouse_id)})
    item = (await catalog.take_into_use(session, [place.item_id]))[place.item_id]
    if place.batch_id:
        await books.load_batches(session, [(place.item_id, place.batch_id)])
    return CountLine(
        line_no=0,
        place=place,
        opening=Opening(),
        by_serial=item.tracking is Tracking.SERIAL,
        added=True,
        rounds=[sheet.opened_at],
    )
