"""An invoice as it was read and confirmed, its fields checked for what they must be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from purchasing.recognition.domain.refusals import BadField

REQUIRED = ("number", "issued_on", "seller_name", "seller_tax_id", "net", "tax", "total")
LINE_REQUIRED = ("name", "amount")
HEAD = (*REQUIRED, "title", "code", "buyer_name", "buyer_tax_id", "total_in_words", "currency")
LINE = ("name", "specification", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax")
MONEY = frozenset({"net", "tax", "total", "amount", "quantity", "unit_price"})
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,13})?")
YUAN = "CNY"
CURRENCY = re.compile(r"[A-Z]{3}")
TITLES = {"增值税专用发票": True, "普通发票": False}
"""Whether the tax on an invoice of that title may be deducted."""
UNTAXED = frozenset({"免税", "不征税", "出口零税率", "***"})


@dataclass(frozen=True, kw_only=True)
class InvoiceLine:
    """A line of an invoice; a discount has an amount below zero and no quantity."""

    line_no: int
    name: str
    specification: str
    unit: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal
    tax_rate: Decimal | None
    """In percent; None where the goods are not taxed."""
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """An invoice with its lines; `code` is empty for those that have none (数电票)."""

    code: str
    number: str
    issued_on: date
    seller_name: str
    seller_tax_id: str
    buyer_name: str
    buyer_tax_id: str
    net: Decimal
    tax: Decimal
    total: Decimal
    special: bool | None
    """Whether its tax may be deducted (专用发票); None where its title was not seen."""
    currency: str
    """What its amounts are marked with; empty where they carry no mark: the form has no field."""
    total_in_words: str
    """Its total written out, as it is printed."""
    lines: tuple[InvoiceLine, ...]


def value(fields: Mapping[str, Any], name: str) -> str:
    """Return what a field says, which is nothing where it was not seen."""
    field = fields.get(name)
    return "" if field is None else str(field["value"])


def number(text: str) -> Decimal | None:
    """Return the number that a text is."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def rate(text: str) -> Decimal | None:
    """Return the percentage that a tax rate is."""
    return number(text.removesuffix("%")) if text.endswith("%") else None


def day(text: str) -> date | None:
    """Return the day that a text is."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def half_of_last_place(price: Decimal) -> Decimal:
    """Return by how much a price may have been rounded for print, if past two places."""
    exponent = int(price.as_tuple().exponent)
    return Decimal(5).scaleb(exponent - 1) if exponent < -2 else Decimal(0)


def bad_fields(reading: Mapping[str, Any]) -> list[str]:
    """Return the names of all fields that are missing or can't be what they say."""
    bad = [name for name in REQUIRED if not value(reading["head"], name)]
    bad += _malformed(reading["head"], "")
    for line_no, line in enumerate(reading["lines"], start=1):
        bad += [f"lines.{line_no}.{name}" for name in LINE_REQUIRED if not value(line, name)]
        bad += _malformed(line, f"lines.{line_no}.")
    return bad if reading["lines"] else [*bad, "lines"]


def _malformed(fields: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name in fields:
        text = value(fields, name)
        if not text:
            continue
        if (
            (name in MONEY and number(text) is None)
            or (name == "title" and text not in TITLES)
            or (name == "currency" and not CURRENCY.fullmatch(text))
            or (name == "issued_on" and day(text) is None)
            or (name == "tax_rate" and text not in UNTAXED and rate(text) is None)
        ):
            yield prefix + name


def invoice_of(reading: Mapping[str, Any]) -> Invoice:
    """Return the invoice, or raise `BadField` with the names of all that is wrong."""
    bad = bad_fields(reading)
    if bad:
        raise BadField(fields=", ".join(bad))
    head = reading["head"]
    return Invoice(
        code=value(head, "code"),
        number=value(head, "number"),
        issued_on=date.fromisoformat(value(head, "issued_on")),
        seller_name=value(head, "seller_name"),
        seller_tax_id=value(head, "seller_tax_id"),
        buyer_name=value(head, "buyer_name"),
        buyer_tax_id=value(head, "buyer_tax_id"),
        net=Decimal(value(head, "net")),
        tax=Decimal(value(head, "tax")),
        total=Decimal(value(head, "total")),
        special=TITLES.get(value(head, "title")),
        currency=value(head, "currency"),
        total_in_words=value(head, "total_in_words"),
        lines=tuple(_lines(reading["lines"])),
    )


def _lines(lines: Sequence[Mapping[str, Any]]) -> Iterator[InvoiceLine]:
    for line_no, line in enumerate(lines, start=1):
        yield InvoiceLine(
            line_no=line_no,
            name=value(line, "name"),
            specification=value(line, "specification"),
            unit=value(line, "unit"),
            quantity=number(value(line, "quantity")),
            unit_price=number(value(line, "unit_price")),
            amount=Decimal(value(line, "amount")),
            tax_rate=rate(value(line, "tax_rate")),
            tax=number(value(line, "tax")) or Decimal(0),
        )
