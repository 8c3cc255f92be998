"""The types that travel between services and over HTTP, in one spelling each.

Decimals travel as strings: a JSON number passes through binary floating point in most readers,
and a cent lost there is lost for good.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

QUANTITY_DECIMALS = 6
MONEY_DECIMALS = 6
WHOLE_DIGITS = 12

_UNSIGNED = rf"^[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{QUANTITY_DECIMALS}}})?$"
_SIGNED = rf"^-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{QUANTITY_DECIMALS}}})?$"
_CENTS = rf"^-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,2}})?$"
_SUM = r"^-?[0-9]+(\.[0-9]+)?$"
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _only_text(pattern: str) -> BeforeValidator:
    """Refuse what the published pattern refuses; inside the process a Decimal is already exact.

    Without it the code would take more than it says: JSON numbers, exponents, `1_000`, and any
    number of zeros at either end.
    """
    compiled = re.compile(pattern.removeprefix("^").removesuffix("$"))

    def check(value: object) -> object:
        if isinstance(value, Decimal) or (isinstance(value, str) and compiled.fullmatch(value)):
            return value
        raise ValueError(
            f'a decimal travels as a plain string, such as "12.50", that matches {pattern}'
        )

    return BeforeValidator(check)


def _exact(value: object) -> object:
    """Take the integers that sums and counts come as: they are as exact as a Decimal."""
    return Decimal(value) if type(value) is int else value


def _plain(value: Decimal) -> str:
    """Write a decimal without exponent, without trailing zeros, and zero without a sign."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _only_rfc3339(value: object) -> object:
    """Refuse numbers and numerals, which would otherwise be read as seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise ValueError('a time travels as RFC 3339 text, such as "2026-11-22T10:00:00+08:00"')


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time outside of the years 1 to 9999 in UTC") from error


# The limits stand before the validator: pydantic then checks them in its core, which takes a third
# of the time it takes to check them in Python, and documents have hundreds of lines.
_limits = Field(allow_inf_nan=False, max_digits=WHOLE_DIGITS + QUANTITY_DECIMALS, decimal_places=6)
_written_plainly = PlainSerializer(_plain, return_type=str)

Quantity = Annotated[
    Decimal,
    _limits,
    Field(gt=0),
    _only_text(_UNSIGNED),
    _written_plainly,
    WithJsonSchema({"type": "string", "pattern": _UNSIGNED, "description": "greater than zero"}),
]
"""An amount of goods in the item's base unit: greater than zero, at most six decimals."""

SignedQuantity = Annotated[
    Decimal,
    _limits,
    _only_text(_SIGNED),
    _written_plainly,
    WithJsonSchema({"type": "string", "pattern": _SIGNED}),
]
"""An amount of goods that may be zero or negative (a balance, a movement)."""

Measure = Annotated[
    Decimal,
    _limits,
    _only_text(_SIGNED),
    _written_plainly,
    WithJsonSchema({"type": "string", "pattern": _SIGNED}),
]
"""What a device has measured, in the unit its field names; may be below zero."""

Latitude = Annotated[Measure, Field(ge=-90, le=90)]
"""Degrees north of the equator (WGS 84), below zero south of it."""

Longitude = Annotated[Measure, Field(ge=-180, le=180)]
"""Degrees east of Greenwich (WGS 84), below zero west of it."""

Total = Annotated[
    Decimal,
    Field(allow_inf_nan=False),
    _only_text(_SUM),
    BeforeValidator(_exact),
    _written_plainly,
    WithJsonSchema({"type": "string", "pattern": _SUM}),
]
"""A sum, for answers only: as many digits as it takes."""

UnitCost = Annotated[
    Decimal,
    _limits,
    Field(ge=0),
    _only_text(_UNSIGNED),
    _written_plainly,
    WithJsonSchema({"type": "string", "pattern": _UNSIGNED}),
]
"""Money per base unit, in whole currency units: zero or more, at most six decimals."""

Amount = Annotated[
    Decimal,
    Field(allow_inf_nan=False, max_digits=WHOLE_DIGITS + 2, decimal_places=2),
    _only_text(_CENTS),
    _written_plainly,
    WithJsonSchema({"type": "string", "pattern": _CENTS}),
]
"""Money in whole currency units, to the cent; may be negative."""

Moment = Annotated[AwareDatetime, BeforeValidator(_only_rfc3339), AfterValidator(_in_utc)]
"""A point in time with its offset, kept in UTC."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A name a business gives to a thing (item, site, supplier): also part of URLs and message keys."""

BatchCode = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$")]
"""The batch of goods of one item; empty where the item's batches are not told apart."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A title for people."""

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217 currency code."""
