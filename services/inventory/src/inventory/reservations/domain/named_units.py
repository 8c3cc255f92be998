"""Units named by number: each can be promised once, and only while it lies there to be sold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from inventory.reservations.domain.refusals import SerialHeld, SerialNamedTwice
from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.stock.domain import (
    Place,
    SerialKey,
    SerialNotThere,
    SerialState,
    SerialUnit,
    UnknownSerial,
)
from servicekit.errors import Refusal


@dataclass
class NamedUnits:
    """The units that orders name, and which of them others hold already."""

    units: Mapping[SerialKey, SerialUnit] = field(default_factory=dict)
    held: dict[SerialKey, UUID] = field(default_factory=dict)
    """By which order."""

    def why_not(self, wanted: Reservation) -> Refusal | None:
        """Return why the first unit that can't be promised to this order can't be, if any can't."""
        for line in wanted.lines:
            for serial_no in line.serials:
                if refusal := self._why_not(wanted.place_of(line), line, serial_no):
                    return refusal
        return None

    def free(self, wanted: Reservation) -> dict[int, list[str]]:
        """Return by line the units that can be promised to this order."""
        return {
            line.line_no: [
                serial_no
                for serial_no in line.serials
                if self._why_not(wanted.place_of(line), line, serial_no) is None
            ]
            for line in wanted.lines
            if line.serials
        }

    def hold(self, promised: Reservation) -> None:
        """Keep what was promised from whoever comes next in the same go."""
        self.held.update(dict.fromkeys(named_by([promised]), promised.order_id))

    def _why_not(self, place: Place, line: ReservedLine, serial_no: str) -> Refusal | None:
        facts = {"item_id": line.item_id, "serial_no": serial_no}
        unit = self.units.get((line.item_id, serial_no))
        if unit is None:
            return UnknownSerial(**facts)
        here = Place(unit.site_id, unit.item_id, unit.warehouse_id, unit.batch_id)
        if unit.state is not SerialState.IN_STOCK or here != place:
            return SerialNotThere(
                **facts,
                status=unit.state.value,
                where=unit.where or "-",
                wanted=SerialState.IN_STOCK.value,
                place=f"{place.site_id}/{place.warehouse_id}/{place.batch_id}".rstrip("/"),
            )
        holder = self.held.get((line.item_id, serial_no))
        return None if holder is None else SerialHeld(**facts, order_id=holder)


def named_by(wanted: Iterable[Reservation]) -> set[SerialKey]:
    """Return the units that orders name."""
    return {
        (line.item_id, serial_no)
        for one in wanted
        for line in one.lines
        if line.serials
        for serial_no in line.serials
    }


def must_name_each_once(lines: Iterable[ReservedLine]) -> None:
    """Raise for the first unit that stands twice on the lines of an order."""
    seen = set[SerialKey]()
    for line in lines:
        for serial_no in line.serials:
            if (line.item_id, serial_no) in seen:
                raise SerialNamedTwice(
                    item_id=line.item_id, serial_no=serial_no, line_no=line.line_no
                )
            seen.add((line.item_id, serial_no))
