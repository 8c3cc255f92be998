"""Amounts and dates as invoices write them."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

DIGITS = {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"两": 2, "陸": 6}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}
MONEY = re.compile(r"-?[¥￥]?-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
SIGNS = {
    "¥": "CNY",
    "￥": "CNY",
    "RMB": "CNY",
    "人民币": "CNY",
    "US$": "USD",
    "HK$": "HKD",
    "$": "USD",
    "美元": "USD",
    "€": "EUR",
    "£": "GBP",
}
MARK = rf"(?:{'|'.join(re.escape(sign) for sign in SIGNS)}|[A-Z]{{3}})"
"""What says before an amount which currency it is in: a sign, or the code itself."""
DATE = re.compile(r"(20\d{2})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})")


def number_of(text: str) -> Decimal | None:
    """Return the number that the text is, whatever marks of currency it carries."""
    bare = re.sub(rf"^(-?){MARK}(?=[-\d])", r"\1", re.sub(r"[¥￥,，\s]", "", text))
    try:
        return Decimal(bare) if re.fullmatch(r"-?\d{1,15}(\.\d{1,13})?", bare) else None
    except InvalidOperation:
        return None


def currency_of(mark: str) -> str:
    """Return the currency that a mark before an amount stands for."""
    return SIGNS.get(mark, mark)


def date_of(text: str) -> date | None:
    """Return the day that the text names."""
    found = DATE.search(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def words_of(text: str) -> Decimal | None:
    """Return the amount that is written out (大写), or None if it can't be read."""
    text = re.sub(r"[\s⊗ⓧ○整正]", "", text)
    text = text.replace("圆", "元").replace("人民币", "")
    negative = text.startswith(("负", "(负数)", "（负数）"))
    text = re.sub(r"^[（(]?负数?[)）]?", "", text)
    whole, has_whole, rest = text.rpartition("元")
    value = Decimal(0)
    if has_whole:
        amount = _whole(whole)
        if amount is None:
            return None
        value = Decimal(amount)
    found = re.fullmatch(r"零?(?:(.)角)?零?(?:(.)分)?", rest)
    if not found or not (has_whole or any(found.groups())):
        return None
    for digit, share in zip(found.groups(), (Decimal("0.1"), Decimal("0.01")), strict=True):
        if digit is not None:
            if digit not in DIGITS:
                return None
            value += DIGITS[digit] * share
    return -value if negative else value


def _whole(text: str) -> int | None:
    total = section = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in UNITS:
            section, digit = section + (digit or 1) * UNITS[character], 0
        elif character in {"万", "亿"}:
            if character == "万":
                total += (section + digit) * 10_000
            else:
                total = (total + section + digit) * 100_000_000
            section = digit = 0
        else:
            return None
    return total + section + digit
