"""Lists in pages: an opaque cursor says where the next page begins."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from servicekit.errors import Kind, Refusal

T = TypeVar("T")
MAX_ROWS = 1000
FILE_ROWS = 10_000
BIGGEST = 2**63 - 1
"""The largest number a database column of 64 bits holds."""
LineNo = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""What a position may say of a column of 32 bits: a larger number would be the database's error."""


class BadCursor(Refusal):
    """The cursor is not one this list gave."""

    kind = Kind.INVALID
    code = "bad_cursor"
    en = "This cursor is not one of this list. Start again without a cursor."
    zh = "此游标不属于该列表。请不带游标重新查询。"


class Page(BaseModel, Generic[T]):
    """A part of a list; `next_cursor` is absent on the last one."""

    items: list[T]
    next_cursor: str | None = None


class Paging:
    """What the caller asked for: how many rows, after which position."""

    def __init__(self, limit: int, position: list[str] | None) -> None:
        self.limit = limit
        self.position = position

    def after(self, parts: int) -> list[str] | None:
        """Return the position's parts (None at the start), which must be so many."""
        if self.position is not None and len(self.position) != parts:
            raise BadCursor
        return self.position

    def after_as(self, shape: TypeAdapter[T]) -> T | None:
        """Return the position as what the list is ordered by (None at the start)."""
        try:
            return None if self.position is None else shape.validate_python(self.position)
        except ValidationError as error:
            raise BadCursor from error

    def after_id(self) -> UUID | None:
        """Return the position in a list that is ordered by one id (None at the start)."""
        position = self.after(1)
        try:
            return None if position is None else UUID(position[0])
        except ValueError as error:
            raise BadCursor from error

    def after_number(self) -> int:
        """Return the position in a list that is ordered by one number (0 at the start)."""
        position = self.after(1)
        return 0 if position is None else whole_number(position[0])

    def page(self, rows: Sequence[T], position_of: Callable[[T], Sequence[object]]) -> Page[T]:
        """Return a page of rows read with `limit + 1`: the one too many proves there is more."""
        kept = list(rows[: self.limit])
        if len(rows) <= self.limit:
            return Page(items=kept)
        parts = [str(part) for part in position_of(kept[-1])]
        return Page(items=kept, next_cursor=cursor_of(parts))


def whole_number(part: str) -> int:
    """Return the number that a part of a position stands for."""
    if not (part.isascii() and part.isdigit()) or int(part) > BIGGEST:
        raise BadCursor
    return int(part)


def cursor_of(parts: list[str]) -> str:
    """Return the cursor of a position, for lists that are not made by `page`."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _decode(cursor: str) -> list[str]:
    try:
        parts = json.loads(urlsafe_b64decode(cursor.encode()))
    except (ValueError, UnicodeError) as error:
        raise BadCursor from error
    if not isinstance(parts, list) or not all(
        isinstance(part, str) and "\0" not in part for part in parts
    ):
        raise BadCursor
    return parts


async def _paging(
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS)] = 100,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Paging:
    return Paging(limit, None if cursor is None else _decode(cursor))


async def _file(
    limit: Annotated[int, Query(ge=1, le=FILE_ROWS)] = FILE_ROWS,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Paging:
    return await _paging(limit, cursor)


FilePaging = Annotated[Paging, Depends(_file)]
"""The part of a list a caller wants as a file."""
CurrentPaging = Annotated[Paging, Depends(_paging)]
"""The page a caller asked for."""
