"""What became of what was given, one thing or many."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeVar

from servicekit.errors import Refusal

T = TypeVar("T")


class Outcome(Enum):
    """What a description did."""

    ADDED = auto()
    CHANGED = auto()
    UNCHANGED = auto()


@dataclass
class ImportReport:
    """What became of each line."""

    accepted: int = 0
    unchanged: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> None:
        """Count a line that was taken."""
        if outcome is Outcome.UNCHANGED:
            self.unchanged += 1
        else:
            self.accepted += 1


async def take_each(
    lines: Mapping[int, T], key: Callable[[T], Any], take: Callable[[T], Awaitable[Outcome]]
) -> ImportReport:
    """Take line by line, in order of what they describe: rows are locked in that order."""
    report = ImportReport()
    for line, given in sorted(lines.items(), key=lambda one: (key(one[1]), one[0])):
        try:
            report.count(await take(given))
        except Refusal as refusal:
            report.refused[line] = refusal
    return report
