"""What an order asks for, understood: base units, components of kits, batches that may be sold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from inventory.catalog.domain import BASE_VERSION, Item, Kit, Tracking, Units, UnknownItem
from inventory.reservations.domain.kept_goods import KeptGoods
from inventory.reservations.domain.named_units import must_name_each_once
from inventory.reservations.domain.reservation import ReservedLine
from inventory.stock.domain import (
    NO_BATCH,
    Batch,
    BatchKey,
    CalledBack,
    UnknownBatch,
    must_be_free,
)
from servicekit.errors import Refusal


class WantedLine(NamedTuple):
    """A line of the order, as asked for."""

    item_id: str
    quantity: Decimal
    unit: str | None
    """None stands for the item's base unit."""
    batch_id: str = NO_BATCH
    serials: tuple[str, ...] = ()
    gift: bool = False
    """Whether it is given away: then it may be of what is not for sale."""


class Wanted(NamedTuple):
    """What is to be reserved."""

    order_id: UUID
    site_id: str
    warehouse_id: str
    time_to_live: timedelta
    lines: Sequence[WantedLine]
    is_paid: bool = False
    """Whether the goods are held for good at once, for nobody will say later that they are paid."""
    kept: Sequence[ReservedLine] = ()
    """What is held for good already and exchanged: what stays of it is not sold anew."""

    @property
    def place(self) -> tuple[str, str]:
        """Return site and warehouse."""
        return self.site_id, self.warehouse_id


@dataclass
class Assortment:
    """The part of the catalog that orders ask for."""

    items: Mapping[str, Item]
    units: Mapping[str, Units] = field(default_factory=dict)
    """Of the items that are asked for in another unit than their base unit."""
    kits: Mapping[str, Kit] = field(default_factory=dict)
    batches: Mapping[BatchKey, Batch] = field(default_factory=dict)
    called_back: Sequence[CalledBack] = ()
    """Units of the items of which some are asked for by their numbers."""
    today: dict[str, date] = field(default_factory=dict)
    """By site, where batches are asked for."""

    def understand(self, wanted: Wanted, *, named: bool = True) -> list[ReservedLine]:
        """Return the lines to be promised; raise the first reason why one can't be.

        What a kit is made of comes after the lines that were asked for, and says which of them it
        is part of. Lines that are only looked at needn't be `named`, nor of a batch that is sold.
        """
        lines, components = list[ReservedLine](), list[ReservedLine]()
        kept = KeptGoods.of(wanted.kept)
        for line_no, asked in enumerate(wanted.lines, start=1):
            item = self._item(asked.item_id)
            line = self._line(line_no, asked, item)
            stays = kept.take(line, gift=asked.gift)
            if not stays:
                item.must_be_sellable(gift=asked.gift)
            if item.is_kit:
                components += self._components(line, item, kept, named=named)
                continue
            tells = asked.batch_id or asked.serials or item.tracking is not Tracking.NONE
            if named and tells:
                self._must_be_named(line, item, wanted.site_id, stays=stays)
            lines.append(line)
        if named:
            must_name_each_once(lines)
        numbered = enumerate(components, start=len(wanted.lines) + 1)
        return lines + [replace(line, line_no=number) for number, line in numbered]

    def needed(self, wanted: Wanted, item_id: str) -> Decimal:
        """Return how much of an item an order takes, in base units, in kits and by itself.

        Lines that nobody can measure take nothing: they are refused when their turn comes.
        """
        needed = Decimal(0)
        for asked in wanted.lines:
            try:
                lines = self.understand(wanted._replace(lines=[asked]), named=False)
            except Refusal:
                continue
            needed += sum((one.quantity for one in lines if one.item_id == item_id), Decimal(0))
        return needed

    def tells_apart(self, item_id: str) -> bool:
        """Tell whether goods of an item are told apart by batch or serial number."""
        return self.items[item_id].tracking is not Tracking.NONE

    def _item(self, item_id: str) -> Item:
        item = self.items.get(item_id)
        if item is None:
            raise UnknownItem(item_id=item_id)
        return item

    def _line(self, line_no: int, asked: WantedLine, item: Item) -> ReservedLine:
        if asked.unit is None or asked.unit == item.base_unit:
            item.must_hold(asked.quantity)
            line = ReservedLine(line_no, item.item_id, asked.quantity, asked.quantity)
        else:
            base = self.units[item.item_id].to_base(asked.unit, asked.quantity)
            line = ReservedLine(line_no, item.item_id, base.quantity, base.quantity)
            line.unit, line.unit_quantity = base.unit, base.unit_quantity
            line.unit_version = base.version
        line.batch_id, line.serials = asked.batch_id, asked.serials
        return line

    def _components(
        self, line: ReservedLine, item: Item, kept: KeptGoods, *, named: bool
    ) -> Iterator[ReservedLine]:
        item.must_be_named(line.batch_id, line.serials, line.quantity)
        for item_id, quantity in self.kits[item.item_id].explode(line.quantity):
            component = self._item(item_id)
            part = ReservedLine(
                0,
                item_id,
                quantity,
                quantity,
                unit=line.unit or item.base_unit,
                unit_quantity=line.quantity if line.unit_quantity is None else line.unit_quantity,
                unit_version=line.unit_version or BASE_VERSION,
                kit_item_id=item.item_id,
                kit_line_no=line.line_no,
            )
            if not kept.take(part, gift=True):
                component.must_be_orderable()
            if named:
                component.must_be_named(NO_BATCH, (), quantity)
            yield part

    def _must_be_named(self, line: ReservedLine, item: Item, site_id: str, *, stays: bool) -> None:
        """Raise unless batch and units are named as they must be, and anybody may get them.

        What `stays` with its order may be past its date, but not called back.
        """
        item.must_be_named(line.batch_id, line.serials, line.quantity)
        must_be_free(self.called_back, item.item_id, line.serials)
        if line.batch_id:
            batch = self.batches.get((item.item_id, line.batch_id))
            if batch is None:
                raise UnknownBatch(item_id=item.item_id, batch_id=line.batch_id)
            batch.must_not_be_blocked()
            if not stays:
                batch.must_be_sellable(item, self.today[site_id])


def item_ids(orders: Iterable[Wanted]) -> set[str]:
    """Return the items that orders ask for."""
    return {line.item_id for wanted in orders for line in wanted.lines}
