"""Units named by number: each can be promised once, and only while it lies there to be sold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inventory.reservations.domain.refusals import SerialHeld
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
    held: set[SerialKey] = field(default_factory=set)

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

    def hold(self, lines: Iterable[ReservedLine]) -> None:
        """Keep what was promised from whoever comes next in the same go."""
        for line in lines:
            self.held.update((line.item_id, serial_no) for serial_no in line.serials)

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
        return SerialHeld(**facts) if (line.item_id, serial_no) in self.held else None


def named_by(wanted: Iterable[Reservation]) -> set[SerialKey]:
    """Return the units that orders name."""
    return {
        (line.item_id, serial_no)
        for one in wanted
        for line in one.lines
        if line.serials
        for serial_no in line.serials
    }
