"""What proves a field of an invoice that was looked at; what nothing proves is looked at again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from purchasing.recognition.domain.invoice import HEAD, LINE, number, value

SEEN = frozenset({"picture", "scan"})
"""Forms that were looked at, not read as text."""
DIGITAL = 20
"""Digits of the number of an invoice that has no code (数电票)."""


@dataclass(frozen=True)
class Check:
    """A check, the fields it is about, and whether it holds."""

    name: str
    fields: tuple[str, ...]
    holds: bool
    proves: bool = True
    """Whether it is no accident if it holds: to have twenty digits proves none of them."""
    doubts: bool = True
    """Whether its fields may have been misread if it doesn't hold."""


def unproven(reading: Mapping[str, Any], checks: Sequence[Check]) -> Iterator[str]:
    """Return the fields of a picture that nothing can be held against, seen or not.

    However sure the eye is, it may be wrong, and what it has not seen may be there. What comes as
    data or text is what its maker wrote. What one check proves and another contradicts is not
    proven.
    """
    if reading.get("form") not in SEEN:
        return
    proven = {path for check in checks if check.proves and check.holds for path in check.fields}
    proven -= {
        path for check in checks if check.doubts and not check.holds for path in check.fields
    }
    code = () if len(value(reading["head"], "number")) == DIGITAL else ("code",)
    # One title is not misread as the other: they share no sign but those that all have.
    wanted = [name for name in HEAD if name not in {"title", "code", "currency"}] + list(code)
    # Where no mark was seen, none contradicts what is owed.
    wanted += ["currency"] if value(reading["head"], "currency") else []
    for line_no, line in enumerate(reading["lines"], start=1):
        # A discount has neither quantity nor price.
        less = number(value(line, "amount")) or Decimal(0)
        names = ("name", "amount", "tax_rate", "tax") if less < 0 else LINE
        wanted += [f"lines.{line_no}.{name}" for name in names]
    yield from (path for path in wanted if path not in proven)
