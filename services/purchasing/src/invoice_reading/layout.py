"""From pieces of text and where they stand to the fields of an invoice.

Both layouts are read by the same rules: labels name the fields of the head; of two parties the one
met first, reading from the top and from the left, is the buyer; and a row of the table is known by
its tax rate, to whose left stands the amount and to whose right the tax.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from invoice_reading.amounts import MARK, currency_of, date_of, number_of, words_of
from invoice_reading.model import Box, Piece, Seen, plain, title_in
from invoice_reading.table import in_table, read_lines

SPACE = r"[\s\t]*"
MARGIN_WORDS = frozenset("购买方信息销售密码区备注下载次数名联记账抵扣发票")
PARTY = re.compile(rf"(?<![货项])(?<!项目)名{SPACE}称{SPACE}[:：;；]{SPACE}([^\t]+)")
TAX_ID_LABEL = re.compile(rf"(?:纳税人识别号|识别号){SPACE}[:：;；]?{SPACE}([0-9A-Z]{{15,20}})")
ID_PATTERN = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")


@dataclass
class Row:
    """Pieces that stand side by side, and their text, from whose places the pieces are found."""

    pieces: list[Piece]
    text: str
    starts: list[int]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "Row":
        """Put pieces in order from left to right."""
        ordered = sorted(pieces, key=lambda piece: piece.left)
        starts, text = [], ""
        for piece in ordered:
            starts.append(len(text))
            text += piece.text + "\t"
        return cls(ordered, text, starts)

    def under(self, start: int, end: int) -> list[Piece]:
        """Return the pieces that the text from start to end is of."""
        bounds = [*self.starts, len(self.text)]
        return [
            piece
            for piece, (first, after) in zip(self.pieces, pairwise(bounds), strict=True)
            if first < end and start < after
        ]


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Gather pieces into rows, from the top of the first page to the bottom of the last."""
    kept = [piece for piece in pieces if piece.text.strip() and not _on_the_margin(piece)]
    rows: list[list[Piece]] = []
    for piece in sorted(kept, key=lambda one: (one.page, one.middle)):
        last = rows[-1] if rows else None
        if last and last[0].page == piece.page and _beside(last, piece):
            last.append(piece)
        else:
            rows.append([piece])
    return [Row.of(row) for row in rows]


def _on_the_margin(piece: Piece) -> bool:
    bare = re.sub(r"\s", "", piece.text)
    return (
        len(bare) <= 5
        and set(bare) <= MARGIN_WORDS
        and piece.height > 0
        and (len(bare) == 1 or piece.height > (piece.right - piece.left))
    )


def _beside(row: Sequence[Piece], piece: Piece) -> bool:
    middle = sum(one.middle for one in row) / len(row)
    smallest = min(piece.height, *(one.height for one in row))
    return abs(piece.middle - middle) < 0.55 * smallest


def seen_in(pieces: Sequence[Piece], value: str, heights: Sequence[float]) -> Seen:
    """Return a value with the place and the confidence of the pieces it was read from."""
    page = pieces[0].page
    return Seen(value, min(piece.confidence for piece in pieces), page + 1, box_of(pieces, heights))


def box_of(pieces: Sequence[Piece], heights: Sequence[float]) -> Box:
    """Return the box around pieces of one page."""
    height = heights[pieces[0].page]
    return (
        _share(min(piece.left for piece in pieces)),
        _share(min(piece.top for piece in pieces) / height),
        _share(max(piece.right for piece in pieces)),
        _share(max(piece.bottom for piece in pieces) / height),
    )


def _share(part: float) -> int:
    return max(0, min(1000, round(part * 1000)))


Clean = Callable[[str], str | None]


def _money(text: str) -> str | None:
    number = number_of(text)
    return None if number is None else str(number)


def _day(text: str) -> str | None:
    day = date_of(text)
    return None if day is None else day.isoformat()


def _words(text: str) -> str | None:
    bare = re.sub(r"\s", "", text)
    return bare if words_of(bare) is not None else None


TITLE = re.compile(rf"((?:专{SPACE}用|普{SPACE}通){SPACE}发{SPACE}票(?!{SPACE}[代号]{SPACE}码))")
AMOUNT = rf"([-\s]*(?:{MARK}[-\s]*){{0,2}}[\d,]+\.\d{{2}})"
MARKED = re.compile(rf"[-\s]*({MARK})")
TOTAL = re.compile(rf"小{SPACE}写{SPACE}[)）]?{SPACE}[:：]?{SPACE}{AMOUNT}")
LABELS: tuple[tuple[str, re.Pattern[str], Clean], ...] = (
    ("code", re.compile(rf"发{SPACE}票{SPACE}代{SPACE}码{SPACE}[:：;]?{SPACE}(\d{{10,12}})"), str),
    ("number", re.compile(rf"发{SPACE}票{SPACE}号{SPACE}码{SPACE}[:：;]?{SPACE}(\d{{8,20}})"), str),
    ("issued_on", re.compile(rf"开{SPACE}票{SPACE}日{SPACE}期{SPACE}[:：;]?{SPACE}([^\t]+)"), _day),
    ("total", TOTAL, _money),
    (
        "total_in_words",
        re.compile(rf"大{SPACE}写{SPACE}[)）]?{SPACE}[⊗ⓧ○]?{SPACE}([^\t(（]*[元圆角分整正]+)"),
        _words,
    ),
)
SUMS = re.compile(rf"(?<!税)合{SPACE}计{SPACE}{AMOUNT}{SPACE}(?:{AMOUNT}|[*\uff0a]+)?")


def read_pieces(
    pieces: Sequence[Piece], heights: Sequence[float]
) -> tuple[dict[str, Seen], list[dict[str, Seen]]]:
    """Return the head and the lines that the pieces hold."""
    rows = rows_of([replace(piece, text=plain(piece.text)) for piece in pieces])
    head: dict[str, Seen] = {}
    for value, found in _titles(rows):
        head.setdefault("title", seen_in(found, value, heights))
    for row in rows:
        for name, value, found in _labelled(row):
            head.setdefault(name, seen_in(found, value, heights))
    for name, (value, found) in _parties(rows).items():
        head.setdefault(name, seen_in(found, value, heights))
    if marks := [mark for row in rows for mark in _marks(row)]:
        head["currency"] = seen_in(marks[-1][1], marks[-1][0], heights)
        if len({currency for currency, _ in marks}) > 1:
            # Nobody can be sure of one of them.
            head["currency"] = replace(head["currency"], confidence=0.0)
    lines = [
        {name: seen_in(found, value, heights) for name, (value, found) in line.items()}
        for line in read_lines(rows)
    ]
    return head, lines


def _titles(rows: Sequence[Row]) -> Iterator[tuple[str, list[Piece]]]:
    """Return what stands above all else of the first page: a remark may name a title too."""
    for row in takewhile(_may_be_title, rows):
        found = TITLE.search(row.text)
        if found and (value := title_in(found.group(1))) is not None:
            yield value, row.under(*found.span(1))


def _may_be_title(row: Row) -> bool:
    is_party = PARTY.search(row.text) or TAX_ID_LABEL.search(row.text)
    return row.pieces[0].page == 0 and not is_party and not in_table(row)


def _labelled(row: Row) -> Iterator[tuple[str, str, list[Piece]]]:
    for name, pattern, clean in LABELS:
        found = pattern.search(row.text)
        if found and (value := clean(found.group(1))) is not None:
            yield name, value, row.under(*found.span(1))
    sums = SUMS.search(row.text)
    if sums and "价税" not in row.text:
        for name, group in (("net", 1), ("tax", 2)):
            if sums.group(group) and (value := _money(sums.group(group))) is not None:
                yield name, value, row.under(*sums.span(group))


def _marks(row: Row) -> Iterator[tuple[str, list[Piece]]]:
    """Return the currencies whose marks stand before the sums of a row."""
    for pattern in (SUMS, TOTAL):
        found = pattern.search(row.text)
        if found is None:
            continue
        for group in range(1, pattern.groups + 1):
            if mark := MARKED.match(row.text, *found.span(group)):
                yield currency_of(mark.group(1)), row.under(*mark.span(1))


def _parties(rows: Sequence[Row]) -> dict[str, tuple[str, list[Piece]]]:
    names: list[tuple[str, list[Piece]]] = []
    ids: list[tuple[str, list[Piece]]] = []
    for row in rows:
        names.extend(
            (found.group(1).strip(), row.under(*found.span(1)))
            for found in PARTY.finditer(row.text)
        )
        ids.extend(
            (found.group(1), row.under(*found.span(1))) for found in TAX_ID_LABEL.finditer(row.text)
        )
    if len(ids) < 2:
        # A label that could not be read: the form of the number itself is telling.
        ids = [
            (found.group(), row.under(*found.span()))
            for row in rows
            for found in ID_PATTERN.finditer(row.text)
            if not found.group().isdigit() or found.group().startswith("9")
        ]
    result = dict(zip(("buyer_name", "seller_name"), _once(names), strict=False))
    return result | dict(zip(("buyer_tax_id", "seller_tax_id"), _once(ids), strict=False))


def _once(found: Sequence[tuple[str, list[Piece]]]) -> list[tuple[str, list[Piece]]]:
    """Leave out what is said again on a later page."""
    pages: dict[str, int] = {}
    return [
        (text, pieces)
        for text, pieces in found
        if pages.setdefault(text, pieces[0].page) == pieces[0].page
    ]
