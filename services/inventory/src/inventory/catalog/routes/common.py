"""What the catalog's routes share: who may, and how lines of an import are read and reported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from inventory.catalog.use_cases.report import ImportReport, Outcome
from inventory.settings import MASTER_DATA, READING
from servicekit.auth import Caller
from servicekit.errors import Refusal
from servicekit.http.problems import language_of
from servicekit.http.routing import allow

T = TypeVar("T")
Keeper = Annotated[Caller, Depends(allow(*MASTER_DATA))]
Reader = Annotated[Caller, Depends(allow(*READING))]

INVALID_LINE = "invalid_line"


class Body(BaseModel):
    """What commands take: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """What queries give, read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


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


def created_or_not(response: Response, outcome: Outcome) -> None:
    """Answer 201 for what is new, else 200."""
    response.status_code = 201 if outcome is Outcome.ADDED else 200
