"""What the QR code of an invoice says: the tax bureau's form, which all kinds share."""

import re
from collections.abc import Mapping

CODE = re.compile(
    r"01,(?P<kind>\d{2}),(?P<code>\d{0,12}),(?P<number>\d{8,20}),(?P<amount>-?\d+(?:\.\d{1,2})?),"
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2}),.*"
)
FULLY_DIGITAL = 20
"""Digits of the number of an invoice without code (数电票)."""


def fields_of(text: str) -> Mapping[str, str]:
    """Return the fields that the code's text names; none if it is no invoice's.

    The sum is the total on invoices without code, and the net sum on the older ones.
    """
    found = CODE.fullmatch(text)
    if found is None:
        return {}
    digital = len(found["number"]) == FULLY_DIGITAL
    day = f"{found['year']}-{found['month']}-{found['day']}"
    fields = {"number": found["number"], "issued_on": day}
    fields["total" if digital else "net"] = found["amount"]
    return fields | ({"code": found["code"]} if found["code"] else {})
