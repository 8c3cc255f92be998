"""GS1 element strings: what a bar code says of goods, by the GS1 General Specifications.

An element is an Application Identifier (AI) and its data. The length of an AI, and of data whose
length is fixed, follows from the AI's first two digits; other data end with FNC1, which scanners
send as the character GS, or with the bar code. People read the same with AIs in parentheses.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from servicekit.errors import Refusal

GS = "\x1d"
"""What FNC1 is sent as."""

DATA_LENGTH_MAX = 90
AI = re.compile(
    r"(?:0[0-4]|1[0-35-7]|2[0-2]|30|37|9[0-9])"
    r"|(?:2[345]|4[012]|71)[0-9]"
    r"|(?:3[1-69]|43|7[02]|8[0-2])[0-9]{2}"
)
"""Those of two, of three and of four digits."""
FIXED_LENGTHS = {
    "00": 18,
    "01": 14,
    "02": 14,
    "03": 14,
    "04": 16,
    "20": 2,
    "41": 13,
    **{str(kind): 6 for kind in (*range(11, 18), *range(31, 37))},
}
"""Digits of data whose length is fixed, by the first two digits of the AI."""
VARIABLE_LENGTHS = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8}
CHECKED = ("00", "01", "02", "03", "41")
"""Data that end with a check digit."""
NUMERIC = ("30", "37")

_READABLE = re.compile(r"\(([0-9]{2,4})\)")
_CHARACTERS = re.compile(r"[!\"%-?A-Z_a-z]+")
_NET_KILOGRAMS = re.compile(r"310[0-5]")


class BadCheckDigit(Refusal):
    """The code was misread, or misprinted."""

    code = "bad_check_digit"
    en = "The check digit of {digits} is wrong. Scan again; if it stays wrong, replace the label."
    zh = "{digits} 的校验位错误。请重新扫描；如仍错误，请更换标签。"


class MalformedCode(Refusal):
    """The code does not follow the specifications it claims to follow."""

    code = "malformed_code"
    en = "{part} is no GS1 element string: {cause}. Scan again, or type the item's code."
    zh = "{part} 不是有效的 GS1 元素串：{cause}。请重新扫描，或手工输入商品编码。"


def check_digit(digits: str) -> str:
    """Return the digit that belongs behind these: weights 3 and 1 in turn, from the right."""
    total = sum(int(one) * (3 - 2 * (at % 2)) for at, one in enumerate(reversed(digits)))
    return str(-total % 10)


def is_checked(digits: str) -> bool:
    """Tell whether the last digit is the check digit of those before it."""
    return digits[-1] == check_digit(digits[:-1])


@dataclass(frozen=True)
class Label:
    """What a bar code says of the goods it is on."""

    gtin: str | None = None
    """Of 14 digits, whatever length it was printed in."""
    sscc: str | None = None
    batch_id: str | None = None
    serial: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    count: Decimal | None = None
    net_kilograms: Decimal | None = None


def parse(text: str, today: date) -> Label:
    """Return what an element string says, or raise `MalformedCode` or `BadCheckDigit`."""
    readable = text.startswith("(")
    elements = _distinct(_parenthesised(text) if readable else _concatenated(text))
    for ai, data in elements.items():
        _must_fit(ai, data)
    day = partial(_date, elements, today)
    gtin = elements.get("01") or elements.get("02")
    count = elements.get("37") or elements.get("30")
    weight = next((ai for ai in elements if _NET_KILOGRAMS.fullmatch(ai)), None)
    return Label(
        gtin=gtin,
        sscc=elements.get("00"),
        batch_id=elements.get("10"),
        serial=elements.get("21"),
        manufactured_on=day("11"),
        expires_on=day("17") or day("15"),
        count=None if count is None else Decimal(count),
        net_kilograms=None if weight is None else Decimal(elements[weight]).scaleb(-int(weight[3])),
    )


def _parenthesised(text: str) -> Iterator[tuple[str, str]]:
    before, *parts = _READABLE.split(text)
    if before or not parts:
        raise MalformedCode(part=text, cause="no AI at its start")
    for ai, data in zip(parts[::2], parts[1::2], strict=True):
        if not AI.fullmatch(ai):
            raise MalformedCode(part=ai, cause="unknown AI")
        yield ai, data.strip()


def _concatenated(text: str) -> Iterator[tuple[str, str]]:
    rest = text.strip(GS)
    while rest:
        begun = AI.match(rest)
        if begun is None:
            raise MalformedCode(part=rest, cause="unknown AI")
        ai, rest = begun[0], rest[begun.end() :]
        fixed = FIXED_LENGTHS.get(ai[:2])
        data = rest.partition(GS)[0] if fixed is None else rest[:fixed]
        yield ai, data
        # Some printers put FNC1 behind data of fixed length too.
        rest = rest[len(data) :].removeprefix(GS)


def _distinct(elements: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for ai, data in elements:
        if found.setdefault(ai, data) != data:
            raise MalformedCode(part=f"({ai}){data}", cause="said twice, differently")
    return found


def _must_fit(ai: str, data: str) -> None:
    kind = ai[:2]
    fixed = FIXED_LENGTHS.get(kind)
    most = fixed or VARIABLE_LENGTHS.get(ai, DATA_LENGTH_MAX)
    if not (fixed or 1) <= len(data) <= most:
        raise MalformedCode(part=f"({ai}){data}", cause=f"{len(data)} of {most} characters")
    if not (_is_digits(data) if fixed or ai in NUMERIC else _CHARACTERS.fullmatch(data)):
        raise MalformedCode(part=f"({ai}){data}", cause="characters that may not be there")
    if kind in CHECKED and not is_checked(data):
        raise BadCheckDigit(digits=data)


def _is_digits(data: str) -> bool:
    return data.isascii() and data.isdigit()


def _date(elements: dict[str, str], today: date, ai: str) -> date | None:
    """Read YYMMDD; the day 00 is the last one of the month."""
    data = elements.get(ai)
    if data is None:
        return None
    year, month, day = _year(int(data[:2]), today), int(data[2:4]), int(data[4:])
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError as error:
        raise MalformedCode(part=f"({ai}){data}", cause="no date") from error


def _year(two_digits: int, today: date) -> int:
    """Return the year with these last digits that is nearest: 49 years back, 50 ahead."""
    century, present = today.year // 100 * 100, today.year % 100
    ahead = two_digits - present
    return century + two_digits + (100 if ahead <= -50 else -100 if ahead >= 51 else 0)
