"""Cross checks: fields that prove each other are surer, and those that don't are in doubt."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from purchasing.recognition.domain.holding import Held
from purchasing.recognition.domain.invoice import (
    LINE_REQUIRED,
    MONEY,
    REQUIRED,
    YUAN,
    bad_fields,
    half_of_last_place,
    number,
    rate,
    value,
)
from purchasing.recognition.domain.proving import Check, unproven

CENT = Decimal("0.01")
HUNDREDTH = Decimal("0.01")
GAIN = Decimal("0.6")
"""How much of what is missing to certainty a check that holds gives."""
LOSS = Decimal("0.5")
"""What is left of the confidence where a check fails."""
TAX_ID = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
OLD_TAX_ID = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{17}|[0-9A-Z]{20}")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def judge(
    reading: Mapping[str, Any],
    words: Decimal | None,
    *,
    seller_known: bool | None = None,
    seller_name: str | None = None,
    held: Sequence[Held] = (),
) -> dict[str, Any]:
    """Return the reading with its checks, and with confidences that follow from them.

    `words` is the total that is written out, as a number; `seller_known` says whether the seller's
    tax id is that of a supplier, None where nothing can be said of it; `seller_name` is what the
    supplier with that tax id is called; `held` is what its lines agree with.
    """
    checks = list(_checks(reading, words))
    if seller_known is not None:
        checks.append(Check("seller_is_the_supplier", ("seller_tax_id",), seller_known))
    if seller_name is not None:
        same = value(reading["head"], "seller_name") == seller_name
        checks.append(Check("seller_has_the_suppliers_name", ("seller_name",), same))
    head = {name: dict(field) for name, field in reading["head"].items()}
    lines = [{name: dict(field) for name, field in line.items()} for line in reading["lines"]]
    judged = {**reading, "head": head, "lines": lines}
    checks += [check for one in held for check in one.checks(reading.get("form", ""))]
    judged["proposed"] = [one for one in (line.proposal() for line in held) if one is not None]
    for path, said in _expected(held):
        if (field := field_at(judged, path)) is not None:
            field["expected"] = said
    for check in sorted(checks, key=lambda one: not one.holds):
        for path in check.fields:
            field = field_at(judged, path)
            if field is not None and (check.holds or check.doubts):
                field["confidence"] = str(_changed(Decimal(field["confidence"]), check.holds))
    judged["checks"] = [
        {"name": check.name, "fields": list(check.fields), "holds": check.holds} for check in checks
    ]
    judged["unproven"] = list(unproven(judged, checks))
    return judged


def _expected(held: Sequence[Held]) -> Iterator[tuple[str, str]]:
    for line in held:
        for name, said in line.expected.items():
            yield f"lines.{line.line_no}.{name}", said


def _changed(confidence: Decimal, holds: bool) -> Decimal:  # noqa: FBT001 - the check's outcome
    after = confidence + (1 - confidence) * GAIN if holds else confidence * LOSS
    return after.quantize(HUNDREDTH, ROUND_HALF_UP)


def field_at(reading: Mapping[str, Any], path: str) -> dict[str, Any] | None:
    """Return the field that a path such as `total` or `lines.2.amount` names."""
    if not path.startswith("lines."):
        found: dict[str, Any] | None = reading["head"].get(path)
        return found
    _, at, name = path.split(".")
    lines = reading["lines"]
    if not at.isdecimal() or not 1 <= int(at) <= len(lines):
        return None
    line: dict[str, dict[str, Any]] = lines[int(at) - 1]
    return line.get(name)


def doubts_of(reading: Mapping[str, Any], confidence_min: Decimal) -> list[str]:
    """Return the fields that a person has to look at."""
    doubts = {*bad_fields(reading), *reading.get("unproven", ())}
    for path in paths_of(reading):
        field = field_at(reading, path)
        if field is not None and Decimal(field["confidence"]) < confidence_min:
            doubts.add(path)
    return sorted(doubts, key=_place)


def paths_of(reading: Mapping[str, Any]) -> Iterator[str]:
    """Return the paths of all fields that were read or have to be there."""
    yield from dict.fromkeys((*REQUIRED, *reading["head"]))
    for line_no, line in enumerate(reading["lines"], start=1):
        for name in dict.fromkeys((*LINE_REQUIRED, *line)):
            yield f"lines.{line_no}.{name}"


def _place(path: str) -> tuple[int, str]:
    parts = path.split(".")
    return (int(parts[1]), path) if len(parts) == 3 else (0, path)


def _checks(reading: Mapping[str, Any], words: Decimal | None) -> Iterator[Check]:
    head, lines = reading["head"], reading["lines"]
    net, tax, total = (number(value(head, name)) for name in ("net", "tax", "total"))
    if net is not None and tax is not None and total is not None:
        yield Check("net_and_tax_make_total", ("net", "tax", "total"), net + tax == total)
    if words is not None and total is not None:
        yield Check("total_is_as_written_out", ("total", "total_in_words"), words == total)
    if words is not None and (currency := value(head, "currency")):
        # Amounts are written out in yuan alone.
        yield Check("currency_is_as_written_out", ("currency",), currency == YUAN)
    for name, column, whole in (("net", "amount", net), ("tax", "tax", tax)):
        parts = [number(value(line, column)) for line in lines]
        if whole is not None and parts:
            known = [part for part in parts if part is not None]
            holds = len(known) == len(parts) and sum(known) == whole
            fields = (name, *(f"lines.{at}.{column}" for at in range(1, len(lines) + 1)))
            yield Check(f"lines_make_{name}", fields, holds)
    for line_no, line in enumerate(lines, start=1):
        yield from _checks_of_line(line_no, line)
    yield from _checks_of_form(head)
    for name, said in reading.get("code_says", {}).items():
        read = value(head, name)
        same = number(read) == number(said) if name in MONEY else read == said
        yield Check("the_code_says_so", (name,), same)


def _checks_of_line(line_no: int, line: Mapping[str, Any]) -> Iterator[Check]:
    names = ("quantity", "unit_price", "amount", "tax")
    quantity, price, amount, tax = (number(value(line, name)) for name in names)
    share = rate(value(line, "tax_rate"))

    def fields(*wanted: str) -> tuple[str, ...]:
        return tuple(f"lines.{line_no}.{name}" for name in wanted)

    if quantity is not None and price is not None and amount is not None:
        # Prices are rounded for print, so that the more pieces there are, the more is allowed.
        allowed = CENT + abs(quantity) * half_of_last_place(price)
        holds = abs(quantity * price - amount) <= allowed
        yield Check("quantity_and_price", fields("quantity", "unit_price", "amount"), holds)
    if amount is not None and tax is not None and share is not None:
        holds = abs(amount * share / 100 - tax) <= CENT
        yield Check("tax_rate", fields("tax_rate", "tax"), holds)


def _checks_of_form(head: Mapping[str, Any]) -> Iterator[Check]:
    code, own = value(head, "code"), value(head, "number")
    if own:
        holds = len(own) == 20 if not code else len(own) == 8 and len(code) in {10, 12}
        holds = own.isdigit() and holds
        yield Check("number_has_its_digits", ("number", "code"), holds, proves=False)
    for name in ("seller_tax_id", "buyer_tax_id"):
        if text := value(head, name):
            proves = TAX_ID.fullmatch(text) is not None
            yield Check(f"{name}_is_well_formed", (name,), is_tax_id(text), proves)


def is_tax_id(text: str) -> bool:
    """Say whether a tax id is well formed; the usual ones end in a check digit (GB 32100)."""
    if not TAX_ID.fullmatch(text):
        return OLD_TAX_ID.fullmatch(text) is not None
    total = sum(ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(text[:17]))
    return text[17] == ALPHABET[(31 - total % 31) % 31]
