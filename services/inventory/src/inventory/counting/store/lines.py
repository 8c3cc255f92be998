"""Loads lines with their counts and with what moved at their places meanwhile."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Integer,
    Row,
    Text,
    any_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Tracking
from inventory.catalog.tables import item
from inventory.counting.domain.counts import Count, Finding, Moved, Opening
from inventory.counting.domain.line import CountLine, Settlement
from inventory.counting.domain.refusals import PlaceBeingCounted
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.store.counts import counts_of
from inventory.counting.store.sheets import Scope
from inventory.counting.tables import count_line, count_sheet
from inventory.stock.domain import ON_HAND, Place
from inventory.stock.tables import ledger_entry, serial_unit, stock_balance, stock_stream

FOUND = ("counted_at", "counted", "expected", "gain", "loss", "found", "missing")
KEY = ("site_id", "sheet_id", "line_no")


async def places_to_count(
    session: AsyncSession, scope: Scope, most: int
) -> dict[Place, tuple[Opening, bool]]:
    """Return what the books hold at the places to count, and whether by units with numbers.

    One statement: quantity, units and the number of the last entry are of the same moment.
    """
    table, stream = stock_balance.c, stock_stream.c
    serial = item.c.tracking == Tracking.SERIAL
    query = (
        select(
            table.site_id,
            table.item_id,
            table.warehouse_id,
            table.batch_id,
            table.on_hand,
            stream.last_sequence,
            case((serial, _serials()), else_=array([], type_=Text)).label("serials"),
            serial.label("by_serial"),
        )
        .join(stock_stream, (stream.site_id == table.site_id) & (stream.item_id == table.item_id))
        .join(item, item.c.item_id == table.item_id)
        .where(table.site_id == scope.site_id, table.on_hand > 0)
        .order_by(table.warehouse_id, table.item_id, table.batch_id)
        .limit(most)
    )
    rows = await session.execute(_narrowed(query, scope))
    return {
        Place(*row[:4]): (
            Opening(row.on_hand, row.last_sequence, tuple(row.serials)),
            row.by_serial,
        )
        for row in rows
    }


def _serials() -> Any:
    unit, table = serial_unit.c, stock_balance.c
    held = select(func.coalesce(func.array_agg(unit.serial_no), array([], type_=Text))).where(
        unit.item_id == table.item_id,
        unit.batch_id == table.batch_id,
        unit.site_id == table.site_id,
        unit.warehouse_id == table.warehouse_id,
        unit.state.in_(sorted(ON_HAND)),
    )
    return held.scalar_subquery()


def _narrowed(query: Any, scope: Scope) -> Any:
    table = stock_balance.c
    for column, value in (
        (table.warehouse_id, scope.warehouse_id),
        (item.c.category, scope.category),
        (item.c.abc_class, scope.abc_class),
    ):
        if value is not None:
            query = query.where(column == value)
    if scope.goods:
        whole = [one.item_id for one in scope.goods if not one.batch_id]
        batches = [(one.item_id, one.batch_id) for one in scope.goods if one.batch_id]
        named = tuple_(table.item_id, table.batch_id).in_(batches)
        query = query.where(or_(table.item_id == any_(literal(whole, ARRAY(Text))), named))
    return query


async def add_lines(session: AsyncSession, sheet: CountSheet, lines: Sequence[CountLine]) -> None:
    """Add lines; raise `PlaceBeingCounted` for the first whose place is on another open sheet.

    In the order of places, so that two sheets that are opened at once don't wait for each other.
    """
    rows = [
        {"site_id": sheet.site_id, "sheet_id": sheet.sheet_id, "in_force": True, **_row(one)}
        for one in sorted(lines, key=lambda one: one.place)
    ]
    if not rows:
        return
    added = insert(count_line).on_conflict_do_nothing().returning(count_line.c.line_no)
    made = set((await session.scalars(added, rows)).all())
    missing = {line.place for line in lines if line.line_no not in made}
    for _, refusal in sorted((await counted_elsewhere(session, missing)).items()):
        raise refusal


async def counted_elsewhere(
    session: AsyncSession, places: Collection[Place]
) -> dict[Place, PlaceBeingCounted]:
    """Return, of those places that are on open sheets, why they can't be on another one."""
    line, sheet = count_line.c, count_sheet.c
    key = (line.site_id, line.item_id, line.warehouse_id, line.batch_id)
    rows = await session.execute(
        select(*key, sheet.number)
        .join(count_sheet, (line.site_id == sheet.site_id) & (line.sheet_id == sheet.sheet_id))
        .where(line.in_force, tuple_(*key).in_(list(places)))
    )
    return {
        place: PlaceBeingCounted(
            item_id=place.item_id,
            batch_id=place.batch_id or "-",
            warehouse_id=place.warehouse_id,
            other=row.number,
        )
        for row in rows
        for place in (Place(*row[:4]),)
    }


async def load_lines(
    session: AsyncSession, sheet: CountSheet, line_nos: Collection[int] | None = None
) -> dict[int, CountLine]:
    """Return lines by number (None: all), with their counts and what moved since the opening."""
    table = count_line.c
    query = _of_sheet(sheet).order_by(table.line_no)
    if line_nos is not None:
        query = query.where(table.line_no == any_(literal(list(line_nos), ARRAY(Integer))))
    return await _whole(session, sheet, (await session.execute(query)).all())


async def lines_at(
    session: AsyncSession, sheet: CountSheet, places: Collection[Place]
) -> dict[Place, CountLine]:
    """Return those lines of a sheet that are about these places."""
    table = count_line.c
    key = tuple_(table.warehouse_id, table.item_id, table.batch_id)
    wanted = [(one.warehouse_id, one.item_id, one.batch_id) for one in places]
    rows = (await session.execute(_of_sheet(sheet).where(key.in_(wanted)))).all()
    lines = await _whole(session, sheet, rows)
    return {line.place: line for line in lines.values()}


def _of_sheet(sheet: CountSheet) -> Any:
    table = count_line.c
    return select(count_line).where(
        table.site_id == sheet.site_id, table.sheet_id == sheet.sheet_id
    )


async def _whole(
    session: AsyncSession, sheet: CountSheet, rows: Sequence[Row[Any]]
) -> dict[int, CountLine]:
    line_nos = [row.line_no for row in rows]
    counts: dict[int, list[Count]] = {line_no: [] for line_no in line_nos}
    moved: dict[int, list[Moved]] = {line_no: [] for line_no in line_nos}
    for count in await counts_of(session, sheet, line_nos):
        counts[count.line_no].append(count)
    for row in await session.execute(_moves(sheet, line_nos)):
        moved[row.line_no].append(Moved(row.posted_at, row.change, tuple(row.serials or ())))
    return {row.line_no: _line(row, counts[row.line_no], moved[row.line_no]) for row in rows}


def _moves(sheet: CountSheet, line_nos: Sequence[int]) -> Any:
    """Return the entries after the opening, each stream read on from there by its key."""
    line, entry = count_line.c, ledger_entry.c
    return (
        select(line.line_no, entry.posted_at, entry.change, entry.serials)
        .join(
            ledger_entry,
            (entry.site_id == line.site_id)
            & (entry.item_id == line.item_id)
            & (entry.sequence > line.opening_sequence)
            & (entry.warehouse_id == line.warehouse_id)
            & (entry.batch_id == line.batch_id)
            & (entry.change != 0),
        )
        .where(
            line.site_id == sheet.site_id,
            line.sheet_id == sheet.sheet_id,
            line.line_no == any_(literal(line_nos, ARRAY(Integer))),
        )
        .order_by(line.line_no, entry.sequence)
    )


async def save_lines(session: AsyncSession, sheet: CountSheet, lines: Iterable[CountLine]) -> None:
    """Write back what was decided on lines."""
    names = ("rounds", "left_alone", *FOUND, *_settled_as(None, None))
    change = update(count_line).values({name: bindparam(f"new_{name}") for name in names})
    rows = [
        {f"key_{name}": value for name, value in zip(KEY, _key(sheet, line), strict=True)}
        | {f"new_{name}": value for name, value in _row(line).items() if name in names}
        for line in lines
    ]
    if rows:
        for name in KEY:
            change = change.where(count_line.c[name] == bindparam(f"key_{name}"))
        connection = await session.connection()
        await connection.execute(change, rows)


async def release_lines(
    session: AsyncSession, sheet: CountSheet, settled_at: datetime | None
) -> None:
    """Let the places be counted on other sheets; where they were settled, say when."""
    table = count_line.c
    counted = case((table.counted_at.is_not(None), literal(settled_at, table.settled_at.type)))
    await session.execute(
        update(count_line)
        .where(table.site_id == sheet.site_id, table.sheet_id == sheet.sheet_id)
        .values(in_force=False, settled_at=null() if settled_at is None else counted)
    )


def _key(sheet: CountSheet, line: CountLine) -> tuple[Any, ...]:
    return sheet.site_id, sheet.sheet_id, line.line_no


def _row(line: CountLine) -> dict[str, Any]:
    found = line.result
    return {
        "line_no": line.line_no,
        "warehouse_id": line.place.warehouse_id,
        "item_id": line.place.item_id,
        "batch_id": line.place.batch_id,
        "by_serial": line.by_serial,
        "added": line.added,
        "opening_quantity": line.opening.quantity,
        "opening_sequence": line.opening.sequence,
        "opening_serials": list(line.opening.serials),
        "rounds": line.rounds,
        "left_alone": line.left_alone,
        **{name: _listed(getattr(found, name, None)) for name in FOUND},
        **_settled_as(line.gain, line.loss),
    }


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _settled_as(gain: Settlement | None, loss: Settlement | None) -> dict[str, Any]:
    return {
        "gain_document_id": gain and gain.document_id,
        "gain_line_no": gain and gain.line_no,
        "loss_document_id": loss and loss.document_id,
        "loss_line_no": loss and loss.line_no,
    }


def _line(row: Row[Any], counts: list[Count], moved: Sequence[Moved]) -> CountLine:
    result = None
    if row.counted_at is not None:
        figures = {name: getattr(row, name) for name in FOUND}
        result = Finding(**{**figures, "found": tuple(row.found), "missing": tuple(row.missing)})
    return CountLine(
        line_no=row.line_no,
        place=Place(row.site_id, row.item_id, row.warehouse_id, row.batch_id),
        by_serial=row.by_serial,
        added=row.added,
        opening=Opening(row.opening_quantity, row.opening_sequence, tuple(row.opening_serials)),
        rounds=list(row.rounds),
        left_alone=row.left_alone,
        result=result,
        gain=_settlement(row.gain_document_id, row.gain_line_no),
        loss=_settlement(row.loss_document_id, row.loss_line_no),
        counts=counts,
        moved=moved,
    )


def _settlement(document_id: Any, line_no: int | None) -> Settlement | None:
    return None if document_id is None or line_no is None else Settlement(document_id, line_no)
