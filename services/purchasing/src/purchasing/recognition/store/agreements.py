"""Loads what is to be invoiced by a seller, and what it calls our items; keeps such names."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts.tables import receipt_lines
from purchasing.recognition.domain import Agreed, Named, Names
from purchasing.recognition.tables import names_of_items
from purchasing.reference import store as reference
from purchasing.repricing import store as repricing
from purchasing.settlement import store as settlement
from purchasing.suppliers.tables import suppliers

NAMES_MAX = 5_000
NAME_MAX = 200
SELLERS_MAX = 5


async def seller_of(session: AsyncSession, tax_id: str, supplier_id: str | None) -> str | None:
    """Return which supplier a tax id is that of; None if there are several, or it is another's."""
    if supplier_id is not None:
        own = select(suppliers.c.tax_id).where(suppliers.c.supplier_id == supplier_id)
        return supplier_id if await session.scalar(own) in (None, tax_id) else None
    found = await sellers_of(session, tax_id)
    return found[0] if len(found) == 1 else None


async def sellers_of(session: AsyncSession, tax_id: str) -> Sequence[str]:
    """Return the suppliers that have a tax id, or the first of them."""
    if not tax_id:
        return []
    table = suppliers.c
    anybody = select(table.supplier_id).where(table.tax_id == tax_id).order_by(table.supplier_id)
    return (await session.scalars(anybody.limit(SELLERS_MAX))).all()


async def agreed_with(
    session: AsyncSession, supplier_id: str, currency: str, *, claims: bool = False
) -> list[Agreed]:
    """Return what the supplier has still to invoice, or to take back, the oldest first."""
    owed = await settlement.open_accruals(session, supplier_id, currency, claims=claims)
    receipt_ids = {one.receipt_id for one in owed}
    costs = await repricing.prices_of(session, receipt_ids)
    counted = await _counted_units(session, receipt_ids)
    item_ids = sorted({line.item_id for accrual in owed for line in accrual.lines})
    items = await reference.items_of(session, item_ids)
    units = await reference.units_of(session, items)
    return [
        Agreed(
            receipt_id=accrual.receipt_id,
            return_id=accrual.return_id,
            line_no=line.line_no,
            item_id=line.item_id,
            item_name=items[line.item_id].name,
            unit=counted.get((accrual.receipt_id, line.line_no)) or units[line.item_id].base_unit,
            units=units[line.item_id],
            quantity=line.open_quantity,
            unit_cost=costs[accrual.receipt_id, line.line_no],
        )
        for accrual in owed
        for line in accrual.lines
        if line.open_quantity > 0
    ]


async def _counted_units(
    session: AsyncSession, receipt_ids: Iterable[UUID]
) -> Mapping[tuple[UUID, int], str]:
    lines = receipt_lines.c
    rows = await session.execute(
        select(lines.receipt_id, lines.line_no, lines.counted_unit).where(
            lines.receipt_id == any_(literal(list(receipt_ids), ARRAY(Uuid)))
        )
    )
    return {(row.receipt_id, row.line_no): row.counted_unit for row in rows}


async def names_of(session: AsyncSession, supplier_id: str, printed: Sequence[Named]) -> Names:
    """Return what the supplier calls our items: all of it, or these names and many others."""
    table = names_of_items.c
    its = select(table.name, table.specification, table.item_id).where(
        table.supplier_id == supplier_id
    )
    ordered = its.order_by(table.name, table.specification)
    first = (await session.execute(ordered.limit(NAMES_MAX + 1))).all()
    complete = len(first) <= NAMES_MAX
    if not complete:
        texts = literal(sorted({name for name, _ in printed}), ARRAY(Text))
        first = [*first, *(await session.execute(its.where(table.name == any_(texts)))).all()]
    return Names({(name, kind): item_id for name, kind, item_id in first}, complete)


async def remember_names(
    session: AsyncSession, supplier_id: str, names: Mapping[Named, str]
) -> None:
    """Keep what the supplier calls our items; what was said last counts."""
    rows = [
        {
            "supplier_id": supplier_id,
            "name": name,
            "specification": specification,
            "item_id": item_id,
        }
        for (name, specification), item_id in sorted(names.items())
        if len(name) <= NAME_MAX and len(specification) <= NAME_MAX
    ]
    if not rows:
        return
    statement = insert(names_of_items)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["supplier_id", "name", "specification"],
            set_={"item_id": statement.excluded.item_id},
        ),
        rows,
    )
