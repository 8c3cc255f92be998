"""What a person may correct of what was read, by paths such as `total` and `lines.2.amount`."""

from collections.abc import Mapping
from typing import Any

from purchasing.recognition.domain.invoice import HEAD, LINE
from purchasing.recognition.domain.judging import field_at

SURE = "1.00"


def is_field(reading: Mapping[str, Any], path: str) -> bool:
    """Say whether there is such a field, or may be one."""
    parts = path.split(".")
    if len(parts) == 1:
        return path in HEAD
    if len(parts) != 3 or parts[0] != "lines" or not parts[1].isdecimal() or len(parts[1]) > 4:
        return False
    # One line further than there are: a line that was not seen can be added.
    return parts[2] in LINE and 1 <= int(parts[1]) <= len(reading["lines"]) + 1


def correct(reading: dict[str, Any], path: str, text: str, by: str) -> None:
    """Let a field be what a person says; what was read stays beside it."""
    field = field_at(reading, path)
    if field is None:
        field = {"value": "", "page": None, "box": None}
        *_, name = path.split(".")
        if path in HEAD:
            reading["head"][name] = field
        else:
            at = int(path.split(".")[1])
            if at > len(reading["lines"]):
                reading["lines"].append({})
            reading["lines"][at - 1][name] = field
    field |= {"read": field["value"], "value": text, "confidence": SURE, "corrected_by": by}
