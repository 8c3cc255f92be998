"""What was scanned, held against what a document says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from inventory.catalog.domain import Units, plain
from inventory.documents.domain import DraftLine, StockDocument
from inventory.scanning.domain.works import ScanDiffers, ScannedLine
from inventory.stock.domain import InTransit, Part

ZERO = Decimal(0)
GoodsKey = tuple[str, str]
"""Item and batch."""


@dataclass
class Measured:
    """How much of some goods, in base units, and which units of them."""

    quantity: Decimal = ZERO
    serials: set[str] = field(default_factory=set)


def key_of(line: ScannedLine) -> GoodsKey:
    """Return what a scanned line is of."""
    return line.goods.item_id, line.goods.batch_id


def draft_lines(lines: Iterable[ScannedLine]) -> list[DraftLine]:
    """Return what was scanned as the lines of a draft."""
    return [
        DraftLine(
            item_id=line.goods.item_id,
            quantity=line.quantity,
            unit=line.goods.unit,
            batch_id=line.goods.batch_id,
            serials=tuple(line.serials),
        )
        for line in lines
    ]


def must_match(
    lines: Sequence[ScannedLine], document: StockDocument, units: Mapping[str, Units]
) -> None:
    """Raise `ScanDiffers` with each difference unless the document says just what was scanned."""
    written, scanned = dict[GoodsKey, Measured](), dict[GoodsKey, Measured]()
    for said in document.lines:
        of = written.setdefault((said.item_id, said.batch_id), Measured())
        of.quantity += said.quantity
        of.serials |= set(said.serials)
    for line in lines:
        of = scanned.setdefault(key_of(line), Measured())
        of.quantity += units[line.goods.item_id].to_base(line.goods.unit, line.quantity).quantity
        of.serials |= set(line.serials)
    found = [
        _difference(key, written.get(key, Measured()), scanned.get(key, Measured()))
        for key in sorted(written.keys() | scanned.keys())
        if written.get(key) != scanned.get(key)
    ]
    if found:
        raise ScanDiffers(
            number=document.number,
            document_id=document.document_id,
            lines_differing=len(found),
            differences=found,
        )


def _difference(key: GoodsKey, written: Measured, scanned: Measured) -> dict[str, object]:
    return {
        "item_id": key[0],
        "batch_id": key[1],
        "written": plain(written.quantity),
        "scanned": plain(scanned.quantity),
        "serials_missing": sorted(written.serials - scanned.serials),
        "serials_unexpected": sorted(scanned.serials - written.serials),
    }


def arriving_lines(
    lines: Sequence[ScannedLine], sent: Iterable[InTransit], units: Mapping[str, Units]
) -> list[tuple[ScannedLine, DraftLine]]:
    """Return what arrived, by the lines of the dispatch; the last of them takes a surplus."""
    waiting: dict[GoodsKey, list[InTransit]] = {}
    for one in sent:
        waiting.setdefault((one.item_id, one.batch_id), []).append(one)
    return [
        (line, part)
        for line in lines
        for part in _parts(line, waiting.get(key_of(line), []), units[line.goods.item_id])
    ]


def _parts(line: ScannedLine, sent: Sequence[InTransit], units: Units) -> list[DraftLine]:
    (whole,) = draft_lines([line])
    if len(sent) < 2:
        return [_for(whole, one.line_no) for one in sent] or [whole]
    quantity = units.to_base(line.goods.unit, line.quantity).quantity
    rest, parts = Part(quantity, line.serials), []
    for one in sent:
        taken, left = (rest, Part(ZERO)) if one is sent[-1] else one.split(rest)
        if taken.quantity > 0:
            part = DraftLine(
                item_id=one.item_id,
                quantity=taken.quantity,
                unit=units.base_unit,
                batch_id=one.batch_id,
                serials=tuple(taken.serials),
            )
            parts.append(_for(part, one.line_no))
        rest = left
    return parts


def _for(line: DraftLine, dispatch_line_no: int) -> DraftLine:
    return replace(line, dispatch_line_no=dispatch_line_no)
