"""The table of goods: its rows are known by their tax rate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from invoice_reading.amounts import number_of
from invoice_reading.model import Piece

Found = tuple[str, list[Piece]]
HEADING = re.compile(r"税率|征收率")
NAME_HEADING = re.compile(r"(项目|货物|服务).{0,12}名\s*称|货物或应税劳务|项目名称")
END = re.compile(r"^\s*(合\s*计|小\s*计|价\s*税\s*合\s*计|备\s*注)|价税合计|[大小]写")
RATE = re.compile(r"\d{1,2}(?:\.\d{1,2})?[%％]|免税|不征税|出口零税率")
TOKEN = re.compile(r"\S+")
NUMBER = re.compile(r"-?[¥￥]?-?\d[\d,]*(?:\.\d+)?")


class Line(Protocol):
    """A row of pieces."""

    pieces: list[Piece]
    text: str


def read_lines(rows: Sequence[Line]) -> list[dict[str, Found]]:
    """Return the lines of the table, on however many pages it stands."""
    lines: list[dict[str, Found]] = []
    inside, page, columns = False, -1, dict[str, float]()
    for row in rows:
        if row.pieces[0].page != page:
            page, inside = row.pieces[0].page, False
        if HEADING.search(row.text) and NAME_HEADING.search(re.sub(r"[\s\t]", "", row.text)):
            inside, columns = True, _columns(row)
        elif inside and END.search(re.sub(r"[\s\t]", "", row.text)):
            inside = False
        elif inside:
            line = read_line(row, columns)
            if line:
                lines.append(line)
            elif lines:
                _go_on(lines[-1], row)
    return lines


def in_table(row: Line) -> bool:
    """Return whether a row is the heading of the table, one of its rows, or what ends it."""
    bare = re.sub(r"[\s\t]", "", row.text)
    heading = HEADING.search(row.text) and NAME_HEADING.search(bare)
    return bool(heading or END.search(bare)) or read_line(row, {}) is not None


def _columns(row: Line) -> dict[str, float]:
    """Return where the columns that hold words have their middle."""
    found = {}
    for piece in _tokens(_joined(row.pieces)):
        bare = re.sub(r"\s", "", piece.text)
        for name, label in (("specification", "规格"), ("unit", "单位"), ("quantity", "数量")):
            if bare.startswith(label):
                found[name] = (piece.left + piece.right) / 2
    return found


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Put headings together whose characters stand apart (单 价)."""
    result: list[Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        if last and len(last.text) == 1 and len(piece.text) == 1:
            result[-1] = replace(last, text=last.text + piece.text, right=piece.right)
        else:
            result.append(replace(piece, text=re.sub(r"(?<=^.)\s+(?=.$)", "", piece.text)))
    return result


def _tokens(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Part pieces at their spaces; a part's place is guessed from its share of the text."""
    for piece in pieces:
        width = (piece.right - piece.left) / max(1, len(piece.text))
        for part in TOKEN.finditer(piece.text):
            yield replace(
                piece,
                text=part.group(),
                left=piece.left + width * part.start(),
                right=piece.left + width * part.end(),
            )


def read_line(row: Line, columns: dict[str, float]) -> dict[str, Found] | None:
    """Return the fields of a row, or None if it is none of the table's own rows."""
    tokens = _parted(_tokens(row.pieces))
    at = next(
        (place for place in range(len(tokens) - 1, 0, -1) if RATE.fullmatch(tokens[place].text)),
        None,
    )
    if at is None or not _is_number(tokens[at - 1]):
        return None
    line = {"tax_rate": _one(tokens[at]), "amount": _money(tokens[at - 1])}
    if at + 1 < len(tokens) and _is_number(tokens[at + 1]):
        line["tax"] = _money(tokens[at + 1])
    elif at + 1 < len(tokens) and set(tokens[at + 1].text) <= {"*", "\uff0a"}:
        line["tax"] = ("0", [tokens[at + 1]])
    words = list(tokens[: at - 1])
    numbers: list[Piece] = []
    # The numbers next to the amount; a specification may look like one, but stands further left.
    while words and len(numbers) < 2 and _is_number(words[-1]):
        numbers.insert(0, words.pop())
    if len(numbers) == 2:
        line |= {"quantity": _money(numbers[0]), "unit_price": _money(numbers[1])}
    elif numbers:
        words += numbers
    return _with_words(line, words, columns)


def _parted(tokens: Iterator[Piece]) -> list[Piece]:
    """Part what reading ran together: an amount and the rate behind it."""
    result: list[Piece] = []
    for token in tokens:
        found = re.fullmatch(r"(-?[\d,]+\.\d{2})(\d{1,2}[%％])(-?[\d,]+\.\d{2})?", token.text)
        parts = [part for part in found.groups() if part] if found else [token.text]
        result.extend(replace(token, text=part) for part in parts)
    return result


def _with_words(
    line: dict[str, Found], words: list[Piece], columns: dict[str, float]
) -> dict[str, Found]:
    quantity_at = columns.get("quantity")
    kept: dict[str, list[Piece]] = {}
    for place, word in enumerate(words):
        name = "name" if place == 0 else _column_of(word, columns, kept)
        kept.setdefault(name, []).append(word)
    if quantity_at is None and "quantity" in line and len(kept.get("name", [])) > 1:
        kept["unit"] = [kept["name"].pop()]
    for name, pieces in kept.items():
        line[name] = (" ".join(piece.text for piece in pieces), pieces)
    return line


def _column_of(word: Piece, columns: dict[str, float], kept: dict[str, list[Piece]]) -> str:
    places = {name: at for name, at in columns.items() if name in {"specification", "unit"}}
    if not places:
        return "name"
    middle = (word.left + word.right) / 2
    named = kept["name"][-1]
    if middle - named.right < 0 or word.left - named.right < 0.5 * word.height:
        return "name"
    return min(places, key=lambda name: abs(places[name] - middle))


def _go_on(line: dict[str, Found], row: Line) -> None:
    """Add a row without numbers to the name above it, which was too long for one row."""
    pieces = [piece for piece in row.pieces if not _is_number(piece)]
    if "name" not in line or not pieces or pieces[0].left > line["name"][1][0].left + 0.05:
        return
    text, above = line["name"]
    if above[0].page == pieces[0].page:
        line["name"] = (text + pieces[0].text.strip(), [*above, pieces[0]])


def _is_number(piece: Piece) -> bool:
    return NUMBER.fullmatch(piece.text) is not None and number_of(piece.text) is not None


def _one(piece: Piece) -> Found:
    return piece.text.replace("％", "%"), [piece]


def _money(piece: Piece) -> Found:
    return str(number_of(piece.text)), [piece]
