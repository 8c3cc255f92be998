"""Tables as files: what a service keeps, row by row, in the order of the primary key.

For masters and records that no list shows as a whole: their files have the columns that are kept.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from types import GenericAlias
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, create_model
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Interval,
    Numeric,
    Select,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import Code, Moment, Total
from servicekit.auth import EVERYWHERE, Caller
from servicekit.http.pages import BIGGEST, LineNo
from servicekit.http.routing import Session, allow, query_router
from sheets.lists import ListFile, WantedFile


def _texts(value: Any) -> Any:
    return value if value is None else [str(one) for one in value]


def _exact(value: Any) -> Any:
    return value if value is None else f"{value:f}"


def _duration(value: Any) -> Any:
    return value if value is None else _DURATION.dump_python(value, mode="json")


_DURATION = TypeAdapter(timedelta)
Duration = Annotated[str, BeforeValidator(_duration)]
"""As ISO 8601 writes it: ten minutes are PT10M."""
Number = Annotated[int, Field(ge=-BIGGEST, le=BIGGEST)]
Texts = Annotated[list[str], BeforeValidator(_texts)]
Exact = Annotated[str, BeforeValidator(_exact)]
"""A number with more decimals than the columns of numbers in a sheet have."""
# In this order: a column of 64 bits is one of whole numbers to SQLAlchemy.
_CELLS: tuple[tuple[type, Any], ...] = (
    (Boolean, bool),
    (BigInteger, Number),
    (Integer, Number),
    (Numeric, Total),
    (DateTime, Moment),
    (Date, date),
    (Uuid, UUID),
    (ARRAY, Texts),
    (Text, str),
)
SCALE_MAX = 6
"""Decimals that a column of numbers has in every form."""


@dataclass(frozen=True)
class TableFile:
    """A table as a file; `without` are columns that are nobody else's business."""

    name: str
    table: Table
    without: Collection[str] = ()
    place: str = "site_id"
    """The column that says of which site a row is: callers see those of theirs."""
    everywhere: bool = False
    """Whether rows are of sites that they don't name: only who may see every site gets them."""

    @property
    def has_site(self) -> bool:
        """Tell whether rows are of sites."""
        return self.place in self.table.c

    @cached_property
    def row(self) -> type[BaseModel]:
        """Return what a row shows."""
        fields: dict[str, Any] = {
            column.name: (_cell(column) | None if column.nullable else _cell(column), ...)
            for column in self._shown
        }
        named = "".join(word.capitalize() for word in self.name.split("-"))
        return create_model(f"{named}Row", __config__=ConfigDict(from_attributes=True), **fields)

    def rows(self, sites: Collection[str] | None, after: tuple[Any, ...] | None) -> Select[Any]:
        """Return what reads the rows behind a position."""
        wanted = select(*self._shown).order_by(*self._key)
        if sites is not None and self.has_site:
            # What names no site, where it need not, holds at every one.
            site = self.table.c[self.place]
            wanted = wanted.where(or_(site.in_(sites), site.is_(None)))
        if after is not None:
            place = (literal(part, one.type) for part, one in zip(after, self._key, strict=True))
            wanted = wanted.where(tuple_(*self._key) > tuple_(*place))
        return wanted

    async def file(
        self, session: AsyncSession, file: ListFile, sites: Collection[str] | None
    ) -> Response:
        """Return the rows of the sites that the caller may see, as many as a file takes."""
        wanted = self.rows(sites, file.paging.after_as(self._position))
        found = (await session.execute(wanted.limit(file.paging.limit + 1))).all()
        names = [column.name for column in self._key]
        return await file.of(
            self.name, self.row, found, lambda one: [_told(getattr(one, name)) for name in names]
        )

    @property
    def _shown(self) -> list[Column[Any]]:
        return [column for column in self.table.c if column.name not in self.without]

    @property
    def _key(self) -> list[Column[Any]]:
        return list(self.table.primary_key.columns)

    @cached_property
    def _position(self) -> TypeAdapter[tuple[Any, ...]]:
        """Return what a position is: a number must fit into its column."""
        parts = tuple(LineNo if type(one.type) is Integer else _cell(one) for one in self._key)
        return TypeAdapter(cast("Any", GenericAlias(tuple, parts)))


def tables_router(tag: str, roles: Collection[str], tables: Iterable[TableFile]) -> APIRouter:
    """Return a router that gives each table as a file to callers in one of the roles."""
    router = query_router(tag)
    for one in tables:
        endpoint = (_of_sites if one.has_site else _of_all)(one, allow(*roles))
        endpoint.__name__ = f"export_{one.name.replace('-', '_')}"
        endpoint.__doc__ = f"Return {one.name.replace('-', ' ')} as a file."
        router.add_api_route(f"/exports/{one.name}", endpoint, response_class=Response)
    return router


def _of_sites(listed: TableFile, permitted: Any) -> Callable[..., Awaitable[Response]]:
    async def export(
        session: Session,
        file: WantedFile,
        caller: Annotated[Caller, Depends(permitted)],
        site_id: Code | None = None,
    ) -> Response:
        if site_id is None:
            return await listed.file(session, file, caller.covered())
        caller.must_cover(site_id)
        return await listed.file(session, file, [site_id])

    return export


def _of_all(listed: TableFile, permitted: Any) -> Callable[..., Awaitable[Response]]:
    async def export(
        session: Session, file: WantedFile, caller: Annotated[Caller, Depends(permitted)]
    ) -> Response:
        if listed.everywhere:
            caller.must_cover(EVERYWHERE)
        return await listed.file(session, file, None)

    return export


def _told(part: Any) -> Any:
    return part.isoformat() if isinstance(part, datetime) else part


def _cell(column: Column[Any]) -> Any:
    """Return what is in the cells of a column; raise a TypeError for what fits into none."""
    kept = column.type
    # It is a decorator of a moment, and is none.
    if isinstance(kept, Interval):
        return Duration
    kind = kept.impl_instance if isinstance(kept, TypeDecorator) else kept
    if isinstance(kind, Numeric) and (kind.scale or 0) > SCALE_MAX:
        return Exact
    for known, cell in _CELLS:
        if isinstance(kind, known):
            return cell
    raise TypeError(f"{column} fits into no cell of a sheet")
