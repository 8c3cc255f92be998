"""What an order holds for good already: what stays of it was sold before, and is not sold anew."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from inventory.reservations.domain.reservation import Goods, ReservedLine
from inventory.stock.domain import ZERO, SerialKey


@dataclass
class KeptGoods:
    """The goods as far as no line has taken them over yet."""

    whole: dict[Goods, Decimal] = field(default_factory=dict)
    by_themselves: dict[Goods, Decimal] = field(default_factory=dict)
    """Those that are no part of a kit, which may be of what is not for sale."""
    units: set[SerialKey] = field(default_factory=set)

    @classmethod
    def of(cls, held: Iterable[ReservedLine]) -> "KeptGoods":
        """Return what these lines hold."""
        kept = cls()
        for line in held:
            for figure in (kept.whole, *(() if line.kit_item_id else (kept.by_themselves,))):
                figure[line.goods] = figure.get(line.goods, ZERO) + line.outstanding
            kept.units.update((line.item_id, serial_no) for serial_no in line.serials)
        return kept

    def take(self, line: ReservedLine, *, gift: bool) -> bool:
        """Take a line over as a whole, with the units it names; tell whether all of it was held.

        `gift`: it needn't be for sale, as parts of kits needn't.
        """
        figures = (self.whole,) if gift else (self.whole, self.by_themselves)
        if any(line.quantity > figure.get(line.goods, ZERO) for figure in figures):
            return False
        if not {(line.item_id, serial_no) for serial_no in line.serials} <= self.units:
            return False
        for figure in figures:
            figure[line.goods] -= line.quantity
        return True
