"""Hold the lines of an invoice against what was agreed with its seller.

A name is proven by the price agreed for what it names, and the price by the name: neither is, where
they don't belong together, where less is to be invoiced than the line says, or where a name that
looks alike has the same price. Where nothing is to be invoiced, a name that a person has confirmed
before is proven alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from purchasing.recognition.domain.agreed import (
    Agreed,
    Meant,
    Names,
    Said,
    meant_by,
    mistakable,
)
from purchasing.recognition.domain.invoice import number, value
from purchasing.recognition.domain.proving import SEEN, Check

BY_ORDER = "agrees_with_the_order"
BY_MEMORY = "name_was_confirmed_before"
NAMED = ("name", "specification")
PRICED = ("name", "unit", "unit_price")
Left = dict[tuple[Any, int], Fraction]


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a line agrees with, what it contradicts, and what was expected instead."""

    line_no: int
    agreed: Agreed | None = None
    """The line that it is proposed for."""
    meant: Meant | None = None
    proven: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()
    check: str = BY_ORDER
    expected: Mapping[str, str] = field(default_factory=dict)

    def checks(self, form: str) -> list[Check]:
        """Return it as checks; what is data or text was not misread, whatever it says."""
        paths = {
            holds: tuple(f"lines.{self.line_no}.{name}" for name in names)
            for holds, names in ((True, self.proven), (False, self.contradicted))
        }
        seen = form in SEEN
        return [
            Check(self.check, fields, holds, doubts=seen)
            for holds, fields in paths.items()
            if fields
        ]

    def proposal(self) -> dict[str, Any] | None:
        """Return what the line is proposed for, as it is stored."""
        if self.agreed is None:
            return None
        by = "price" if self.meant is None else "name"
        by = "confirmed_name" if self.meant is not None and self.meant.remembered else by
        return {
            "line_no": self.line_no,
            "item_id": self.agreed.item_id,
            "receipt_id": str(self.agreed.receipt_id),
            "receipt_line_no": self.agreed.line_no,
            "by": by,
        }


def said_lines(reading: Mapping[str, Any]) -> list[Said]:
    """Return what the lines that were read say."""
    return [
        Said(
            line_no=line_no,
            name=value(line, "name"),
            specification=value(line, "specification"),
            unit=value(line, "unit"),
            quantity=number(value(line, "quantity")),
            unit_price=number(value(line, "unit_price")),
            is_discount=not value(line, "quantity")
            and (number(value(line, "amount")) or Decimal(0)) < 0,
        )
        for line_no, line in enumerate(reading["lines"], start=1)
    ]


def hold(lines: Sequence[Said], agreed: Sequence[Agreed], names: Names) -> list[Held]:
    """Return what becomes of each line; what one line takes is not there for the next."""
    left: Left = {one.key: Fraction(one.quantity) for one in agreed}
    found: list[Held] = []
    last: Said | None = None
    for line in lines:
        if line.is_discount:
            same = last is not None and last.name == line.name and "name" in found[-1].proven
            proven = ("name",) if same else ()
            found.append(Held(line_no=line.line_no, proven=proven))
            continue
        last = line
        found.append(_hold(line, agreed, names, left))
    return found


def _hold(line: Said, agreed: Sequence[Agreed], names: Names, left: Left) -> Held:
    meant = meant_by(line, agreed, names)
    priced = [one for one in agreed if one.has_price(line)]
    if meant is None:
        return _guessed(line, priced, names, contradicted=())
    own = [one for one in agreed if one.item_id == meant.item_id]
    if not own:
        return _not_owed(line, meant, agreed, names, priced)
    places = [one for one in priced if one.item_id == meant.item_id]
    if not places or not _take(line, places, left):
        best = (places or own)[0]
        fields = PRICED if best.ratio(line.unit) is None else ("name", "unit_price")
        expected = _expected(line, best, names, meant, fields)
        return Held(
            line_no=line.line_no, agreed=best, meant=meant, contradicted=fields, expected=expected
        )
    alike = mistakable(line, meant.item_id, agreed, names)
    if alike & {one.item_id for one in priced}:
        expected = _expected(line, places[0], names, meant, (*NAMED, "unit", "unit_price"))
        return Held(line_no=line.line_no, agreed=places[0], meant=meant, expected=expected)
    proven = (*meant.by, "unit_price", *(("unit",) if line.unit else ()))
    rest = tuple(name for name in NAMED if name not in proven)
    expected = _expected(line, places[0], names, meant, rest)
    return Held(
        line_no=line.line_no, agreed=places[0], meant=meant, proven=proven, expected=expected
    )


def _take(line: Said, places: Sequence[Agreed], left: Left) -> bool:
    """Take what a line says from what is to be invoiced, the oldest first; tell if there is it."""
    ratio = places[0].ratio(line.unit) or Fraction(1)
    wanted = abs(Fraction(line.quantity or 0)) * ratio
    if sum(left[one.key] for one in places) < wanted:
        return False
    for one in places:
        part = min(wanted, left[one.key])
        left[one.key] -= part
        wanted -= part
    return True


def _not_owed(
    line: Said, meant: Meant, agreed: Sequence[Agreed], names: Names, priced: Sequence[Agreed]
) -> Held:
    if agreed:
        # Others are to be invoiced and this is not: the name may be that of other goods.
        return _guessed(line, priced, names, contradicted=("name",))
    alone = meant.remembered and names.complete and not set(names.mistakable(line, meant.item_id))
    proven = meant.by if alone else ()
    return Held(line_no=line.line_no, meant=meant, proven=proven, check=BY_MEMORY)


def _guessed(
    line: Said, priced: Sequence[Agreed], names: Names, contradicted: tuple[str, ...]
) -> Held:
    """Show what alone has such a price: that proves nothing, but whoever looks sees it."""
    if len({one.item_id for one in priced}) != 1:
        return Held(line_no=line.line_no, contradicted=contradicted)
    expected = _expected(line, priced[0], names, None, NAMED)
    return Held(
        line_no=line.line_no, agreed=priced[0], contradicted=contradicted, expected=expected
    )


def _expected(
    line: Said, agreed: Agreed, names: Names, meant: Meant | None, fields: tuple[str, ...]
) -> dict[str, str]:
    known = names.of(agreed.item_id) if meant is None or not meant.remembered else line.named
    name, specification = known or (agreed.item_name or agreed.item_id, "")
    unit = line.unit if agreed.ratio(line.unit) is not None and line.unit else agreed.unit
    whole = {
        "name": name,
        "specification": specification,
        "unit": unit,
        "unit_price": f"{agreed.price_in(unit).normalize():f}",
    }
    return {name: said for name, said in whole.items() if said and name in fields}
