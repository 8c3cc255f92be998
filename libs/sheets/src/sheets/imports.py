"""Lines that come in: what each says, and what became of each, reported line by line."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from servicekit.errors import Refusal
from servicekit.http.problems import language_of

T = TypeVar("T")
INVALID_LINE = "invalid_line"


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


class RefusedLine(BaseModel):
    """A line that was left out, and why."""

    line: int
    id: str | None
    code: str
    detail: str


class ImportView(BaseModel):
    """What became of an import's lines: those of a list count from 1, those of a sheet as there."""

    accepted: int
    unchanged: int
    refused: list[RefusedLine]


@dataclass
class Lines(Generic[T]):
    """The lines of an import by number: what they say, or why that can't be."""

    language: str
    taken: dict[int, T] = field(default_factory=dict)
    ids: dict[int, str | None] = field(default_factory=dict)
    refused: list[RefusedLine] = field(default_factory=list)

    def refuse(self, line: int, code: str, detail: str) -> None:
        """Leave a line out."""
        given = RefusedLine(line=line, id=self.ids[line], code=code, detail=detail[:500])
        self.refused.append(given)

    def report(self, report: ImportReport) -> ImportView:
        """Return what became of all lines, in the caller's language."""
        for line, refusal in report.refused.items():
            self.refuse(line, refusal.code, refusal.text(self.language))
        refused = sorted(self.refused, key=lambda one: one.line)
        return ImportView(accepted=report.accepted, unchanged=report.unchanged, refused=refused)


def read_lines(
    request: Request,
    raw: Mapping[int, Mapping[str, Any]],
    id_name: str,
    read: Callable[[Mapping[str, Any]], T],
) -> Lines[T]:
    """Read line by line, so that a bad one doesn't keep the others out."""
    lines = Lines[T](language_of(request))
    for line, given in raw.items():
        id_ = given.get(id_name)
        lines.ids[line] = id_[:64] if isinstance(id_, str) else None
        try:
            lines.taken[line] = read(given)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False)
            said = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong)
            lines.refuse(line, INVALID_LINE, "; ".join(said))
        except Refusal as refusal:
            lines.refuse(line, refusal.code, refusal.text(lines.language))
    return lines
