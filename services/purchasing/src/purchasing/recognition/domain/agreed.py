"""What was agreed with a seller, what it was seen to call our items, and which one a line means.

A name counts as it is printed, with its specification: one sign more, less or other makes another
name of it, and may make it that of other goods.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from purchasing.recognition.domain.invoice import half_of_last_place
from purchasing.reference.domain import Units

PLACES = Decimal("0.000001")
"""Costs of base units are rounded to so many places when another unit was ordered."""
SLACK_MAX = Fraction(4, 1000)
"""Past this, rounding could hide a cent."""
Named = tuple[str, str]
"""Name and specification, as they are printed."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A line of an invoice, as far as it says what was sold at which price."""

    line_no: int
    name: str
    specification: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    is_discount: bool = False

    @property
    def named(self) -> Named:
        """Return what it calls the goods."""
        return self.name, self.specification

    @property
    def plain(self) -> str:
        """Return the name without the category that the tax bureau puts before it."""
        return self.name.rpartition("*")[2].strip()


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A line of a receipt that is to be invoiced, or claimed back, at the price it was ordered at.

    Quantity and cost are those of base units; `unit` is the one in which the goods were counted.
    """

    receipt_id: UUID
    return_id: UUID | None
    line_no: int
    item_id: str
    item_name: str
    unit: str
    units: Units
    quantity: Decimal
    unit_cost: Decimal

    @property
    def key(self) -> tuple[UUID, int]:
        """Return which line of which document it is."""
        return self.return_id or self.receipt_id, self.line_no

    def ratio(self, unit: str) -> Fraction | None:
        """Return how many base units that is; they are meant where none is named."""
        return self.units.ratio(unit or self.units.base_unit)

    def price_in(self, unit: str) -> Decimal:
        """Return what was agreed for such a unit, or if the item has none, for the one counted."""
        ratio = self.ratio(unit) or self.ratio(self.unit) or Fraction(1)
        steps = round(Fraction(self.unit_cost) * ratio / Fraction(PLACES))
        return Decimal(steps) * PLACES

    def has_price(self, line: Said) -> bool:
        """Tell whether a line's price is the one agreed: to the last place that is printed."""
        ratio = self.ratio(line.unit)
        if ratio is None or line.unit_price is None:
            return False
        off = abs(Fraction(line.unit_price) - Fraction(self.unit_cost) * ratio)
        converted = Fraction(0) if ratio == 1 else ratio * Fraction(PLACES) / 2
        printed = Fraction(half_of_last_place(line.unit_price))
        return off == 0 or off < printed + min(converted, SLACK_MAX)


@dataclass(frozen=True)
class Names:
    """What a seller was seen to call our items, as a person has linked or confirmed it."""

    known: Mapping[Named, str] = field(default_factory=dict)
    complete: bool = True
    """Whether they are all of its names: among some, one that looks alike may be missing."""

    def of(self, item_id: str) -> Named | None:
        """Return what an item is called, if that was seen."""
        return next((one for one, known in self.known.items() if known == item_id), None)

    def mistakable(self, line: Said, item_id: str) -> Iterator[str]:
        """Yield other items of which a name looks alike."""
        for named, other in self.known.items():
            if other != item_id and looks_alike(line.named, named):
                yield other


@dataclass(frozen=True)
class Meant:
    """The item that a line means, and which of its fields say so."""

    item_id: str
    by: tuple[str, ...]
    remembered: bool = False


def meant_by(line: Said, agreed: Sequence[Agreed], names: Names) -> Meant | None:
    """Return the item that a line names: as it was named before, or as we call it ourselves."""
    known = names.known.get(line.named)
    if known is not None:
        return Meant(known, ("name", "specification"), remembered=True)
    whole = {f"{line.plain} {line.specification}", f"{line.plain}{line.specification}"}
    for texts, by in ((whole, ("name", "specification")), ({line.plain}, ("name",))):
        found = {one.item_id for one in agreed if texts & {one.item_id, one.item_name}}
        if len(found) == 1:
            # That a specification is missing is not said by a name that has none.
            return Meant(found.pop(), by if line.specification else ("name",))
    return None


def mistakable(line: Said, item_id: str, agreed: Sequence[Agreed], names: Names) -> set[str]:
    """Return other items that may be meant if one sign of the name was misread."""
    found = set(names.mistakable(line, item_id))
    own = {(line.plain, ""), (line.plain, line.specification)}
    for one in agreed:
        called = ((one.item_id, ""), (one.item_name, ""))
        if one.item_id != item_id and any(looks_alike(a, b) for a in own for b in called):
            found.add(one.item_id)
    return found


def looks_alike(one: Named, other: Named) -> bool:
    """Tell whether names differ by one sign at most, or by a specification that one lacks."""
    if one[0] == other[0] and not (one[1] and other[1]):
        return True
    short, long = sorted((" ".join(one).strip(), " ".join(other).strip()), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if same is None:
        return True
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
