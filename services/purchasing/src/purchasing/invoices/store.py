"""Loads invoices and their matches, and what suppliers call our items."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import (
    Invoice,
    InvoiceLine,
    InvoiceMatch,
    InvoiceStatus,
    MatchKind,
    MatchStatus,
    UnknownInvoice,
)
from purchasing.invoices.tables import invoice_lines, invoices, matches, names_of_items
from purchasing.settlement.domain import Accrual, AccrualStatus
from purchasing.settlement.tables import accruals

CANDIDATES_MAX = 500
NAME_MAX = 200


async def add_if_new(session: AsyncSession, invoice: Invoice) -> bool:
    """Insert the invoice unless it is there; of two at the same moment the second waits."""
    head = {column.name: getattr(invoice, column.name) for column in invoices.columns}
    inserted = await session.scalar(
        insert(invoices).values(head).on_conflict_do_nothing().returning(invoices.c.invoice_id)
    )
    if inserted is None:
        return False
    names = [column.name for column in invoice_lines.columns if column.name != "invoice_id"]
    rows = [_row(invoice.invoice_id, line, names) for line in invoice.lines]
    await session.execute(insert(invoice_lines), rows)
    return True


def _row(invoice_id: UUID, line: InvoiceLine, names: Sequence[str]) -> dict[str, object]:
    return {"invoice_id": invoice_id, **{name: getattr(line, name) for name in names}}


async def invoice_called(
    session: AsyncSession, seller_tax_id: str, code: str, number: str
) -> Invoice:
    """Return the invoice of that seller with that code and number."""
    table = invoices.c
    statement = select(Invoice).where(
        table.seller_tax_id == seller_tax_id,
        table.code == code,
        table.number == number,
        table.status != InvoiceStatus.REFUSED,
    )
    return (await session.scalars(statement)).one()


async def invoice_to_change(session: AsyncSession, invoice_id: UUID) -> Invoice:
    """Load an invoice with its lines and lock it; its matches change under its lock alone."""
    found = await session.get(Invoice, invoice_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownInvoice(invoice_id=invoice_id)
    return found


async def match_that_is(
    session: AsyncSession, invoice_id: UUID, status: MatchStatus
) -> InvoiceMatch:
    """Return the invoice's match in that status, of which there is one at most."""
    statement = select(InvoiceMatch).where(
        matches.c.invoice_id == invoice_id,
        matches.c.kind == MatchKind.MATCH,
        matches.c.status == status,
    )
    return (await session.scalars(statement)).one()


async def open_accruals(
    session: AsyncSession, supplier_id: str, *, claims: bool
) -> Sequence[Accrual]:
    """Return what the supplier is owed for, or what is claimed of it, the oldest first."""
    is_claim = accruals.c.return_id.is_not(None)
    statement = (
        select(Accrual)
        .where(
            accruals.c.supplier_id == supplier_id,
            accruals.c.status == AccrualStatus.OPEN,
            is_claim if claims else ~is_claim,
        )
        .order_by(accruals.c.accrual_id)
        .limit(CANDIDATES_MAX)
    )
    return (await session.scalars(statement)).all()


async def items_called(
    session: AsyncSession, supplier_id: str, names: Sequence[str]
) -> Mapping[str, str]:
    """Return the items that the supplier's names were matched with before."""
    table = names_of_items.c
    statement = select(table.name, table.item_id).where(
        table.supplier_id == supplier_id, table.name == any_(literal(list(names), ARRAY(Text)))
    )
    return {row.name: row.item_id for row in await session.execute(statement)}


async def remember_names(session: AsyncSession, supplier_id: str, names: Mapping[str, str]) -> None:
    """Keep what the supplier calls our items; the last match counts."""
    rows = [
        {"supplier_id": supplier_id, "name": name, "item_id": item_id}
        for name, item_id in sorted(names.items())
        if len(name) <= NAME_MAX
    ]
    if not rows:
        return
    statement = insert(names_of_items)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["supplier_id", "name"], set_={"item_id": statement.excluded.item_id}
        ),
        rows,
    )
