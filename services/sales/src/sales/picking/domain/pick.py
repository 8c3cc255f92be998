"""Picks, and what somebody has in hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sales.orders.domain.swapping import InHand
from sales.picking.domain.refusals import (
    BatchesMixed,
    OtherBatchPicked,
    PickNotOpen,
    UnitsMiscounted,
)
from sales.shipments.domain import PartWanted, Rest


class PickStatus(StrEnum):
    """Where a pick stands."""

    OPEN = "open"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    """The goods are back on the shelf."""


@dataclass(frozen=True, kw_only=True)
class GoodsPicked(InHand):
    """What somebody has in hand of a line, in base units."""

    @property
    def part(self) -> PartWanted:
        """Return it as what is to leave."""
        return PartWanted(line_no=self.line_no, quantity=self.quantity, serials=self.serials)


@dataclass(frozen=True, kw_only=True)
class PickLine:
    """What was picked of a line that is held for the order."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    batch_id: str = ""
    serials: Sequence[str] = ()

    @property
    def part(self) -> PartWanted:
        """Return it as what is to leave."""
        return PartWanted(line_no=self.line_no, quantity=self.quantity, serials=tuple(self.serials))


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A pick with its lines: written once, and ended once."""

    pick_id: UUID
    order_id: UUID
    number: str
    """The order's."""
    site_id: str
    warehouse_id: str
    picked_at: datetime
    picked_by: str
    device_id: str | None = None
    lines: tuple[PickLine, ...]
    status: PickStatus = PickStatus.OPEN
    shipment_id: UUID | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    def must_be_open(self) -> None:
        """Raise if it was shipped or put back."""
        if self.status is not PickStatus.OPEN:
            raise PickNotOpen(
                number=self.number, pick_status=self.status.value, ended_at=self.ended_at
            )


def must_be_held(picked: Sequence[GoodsPicked], left: Mapping[int, Rest]) -> None:
    """Raise unless the batches picked are those that are held."""
    for one in picked:
        held = left[one.line_no].whole.batch_id
        if one.batch_id != held:
            raise OtherBatchPicked(
                line_no=one.line_no, batch_held=held or "-", batch_picked=one.batch_id or "-"
            )


def must_name_its_units(picked: GoodsPicked, held: Sequence[str]) -> None:
    """Raise unless units that are told apart are named, as many as are in hand and each once."""
    named = set(picked.serials)
    if (held or named) and not len(named) == len(picked.serials) == picked.quantity:
        raise UnitsMiscounted(line_no=picked.line_no, quantity=f"{picked.quantity.normalize():f}")


def must_be_in_one_hand(picked: Iterable[tuple[str, GoodsPicked]]) -> None:
    """Raise if a unit of an item, which is given with what is picked of it, is in hand twice."""
    seen = set[tuple[str, str]]()
    for item_id, one in picked:
        units = {(item_id, serial_no) for serial_no in one.serials}
        if units & seen:
            raise UnitsMiscounted(line_no=one.line_no, quantity=f"{one.quantity.normalize():f}")
        seen |= units


def must_be_of_one_batch(number: str, picked: Sequence[GoodsPicked]) -> None:
    """Raise if a line that is to be exchanged is named twice."""
    numbers = [one.line_no for one in picked]
    for line_no in numbers:
        if numbers.count(line_no) > 1:
            raise BatchesMixed(number=number, line_no=line_no)
