"""Documents with their lines as files: a row for each line, which repeats what its document says.

The oldest come first, by the ids of the documents, which sort by the time of their drafts; a file
that was full names the address of the next one (RFC 8288).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import ColumnElement, Select, Table, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import Code, Moment
from servicekit.auth import Caller
from servicekit.http.pages import LineNo, Paging
from sheets import Form
from sheets.lists import ListFile

POSITION = TypeAdapter(tuple[UUID, LineNo])
RANDOM_BITS = 80
"""What follows the milliseconds in an id (RFC 9562, version 7)."""


class DocumentLine(BaseModel):
    """What a row shows at least."""

    line_no: int


class FileQuery(BaseModel):
    """Which documents are wanted, by the moment they were drafted, and in what form."""

    model_config = ConfigDict(extra="ignore")

    form: Form = "csv"
    site_id: Code | None = None
    since: Moment | None = None
    until: Moment | None = None
    """Up to, and without, this moment."""


@dataclass(frozen=True)
class Documents:
    """A kind of document: its tables, the column both have its id in, and what a row shows."""

    name: str
    head: Table
    line: Table
    key: str
    row: type[DocumentLine]
    counts: ColumnElement[bool] | None = None
    """Which lines are the document's, where others have taken the place of some."""

    def lines(
        self, sites: Collection[str] | None, wanted: FileQuery, after: tuple[UUID, int] | None
    ) -> Select[Any]:
        """Return what reads the lines behind a position, in their order."""
        head, line = self.head.c, self.line.c
        both = [name for name in ("site_id", self.key) if name in line]
        cells = [line[one] if one in line else head[one] for one in self.row.model_fields]
        key, place = head[self.key], (head[self.key], line.line_no)
        statement = select(*cells).where(*(head[name] == line[name] for name in both))
        if self.counts is not None:
            statement = statement.where(self.counts)
        if sites is not None:
            statement = statement.where(head.site_id.in_(sites))
        if wanted.since is not None:
            statement = statement.where(key >= first_id(wanted.since))
        if wanted.until is not None:
            statement = statement.where(key < first_id(wanted.until))
        if after is not None:
            statement = statement.where(tuple_(*place) > tuple_(*map(literal, after)))
        return statement.order_by(*place)


@dataclass(frozen=True)
class Export:
    """Somebody wants documents as a file."""

    request: Request
    session: AsyncSession
    caller: Caller
    paging: Paging
    wanted: FileQuery

    async def file(self, documents: Documents) -> Response:
        """Return as many lines as one file takes, of the sites the caller may see."""
        rows = await self.session.execute(
            documents.lines(self._sites(), self.wanted, self.paging.after_as(POSITION)).limit(
                self.paging.limit + 1
            )
        )
        file = ListFile(self.request, self.paging, self.wanted.form)
        return await file.of(
            documents.name,
            documents.row,
            rows.mappings().all(),
            lambda one: [getattr(one, documents.key), one.line_no],
        )

    def _sites(self) -> Collection[str] | None:
        if self.wanted.site_id is None:
            return self.caller.covered()
        self.caller.must_cover(self.wanted.site_id)
        return [self.wanted.site_id]


def first_id(at: datetime) -> UUID:
    """Return the smallest id that a document drafted at a moment can have."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << RANDOM_BITS)
