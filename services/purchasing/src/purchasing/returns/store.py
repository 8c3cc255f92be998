"""Loads returns, locked, and what has come and gone back of a receipt.

Whoever drafts a return, books or reverses one locks its receipt first: what goes back of it is
counted by one at a time. The order and what is owed are locked after the return.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, and_, any_, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import MatchKind, MatchStatus
from purchasing.invoices.tables import match_lines, matches
from purchasing.receipts import store as receipts
from purchasing.receipts.domain import Receipt
from purchasing.returns.domain import (
    VOID,
    Invoiced,
    PurchaseReturn,
    ReceivedLine,
    ReturnReversal,
    ReturnStatus,
    ReversalStatus,
    UnknownReturn,
    UnknownReversal,
)
from purchasing.returns.tables import return_lines, returns, reversals
from purchasing.settlement.tables import accrual_lines, accruals

ZERO = Decimal(0)
AT_ONCE = 32


async def return_to_change(session: AsyncSession, return_id: UUID) -> PurchaseReturn:
    """Load a return with its lines, locked, or raise."""
    found = await session.scalar(
        select(PurchaseReturn)
        .where(returns.c.return_id == return_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownReturn(return_id=return_id)
    return found


async def receipts_of(
    session: AsyncSession, return_ids: Collection[UUID]
) -> Sequence[tuple[UUID, UUID]]:
    """Return (receipt, return) of each return there is, in the order in which they are locked."""
    rows = await session.execute(
        select(returns.c.receipt_id, returns.c.return_id)
        .where(returns.c.return_id == any_(literal(list(return_ids), ARRAY(Uuid))))
        .order_by(returns.c.receipt_id, returns.c.return_id)
    )
    return [(row.receipt_id, row.return_id) for row in rows]


async def waiting(session: AsyncSession, before: datetime) -> Sequence[UUID]:
    """Return the returns that inventory was asked for before a moment, the oldest first."""
    statement = (
        select(returns.c.return_id)
        .where(returns.c.status == ReturnStatus.POSTING, returns.c.posted_at < before)
        .order_by(returns.c.posted_at, returns.c.return_id)
        .limit(AT_ONCE)
    )
    return (await session.scalars(statement)).all()


async def received_lines(session: AsyncSession, receipt: Receipt) -> Mapping[int, ReceivedLine]:
    """Return the lines of a receipt, which is locked, with what returns claim of each."""
    rows = await session.execute(
        select(return_lines.c.receipt_line_no, return_lines.c.quantity, return_lines.c.serials)
        .join(returns, returns.c.return_id == return_lines.c.return_id)
        .where(
            returns.c.receipt_id == receipt.receipt_id,
            returns.c.status.not_in(VOID),
        )
    )
    back: dict[int, list[Any]] = {}
    for row in rows:
        back.setdefault(row.receipt_line_no, []).append(row)
    return {
        line.line_no: ReceivedLine(
            line_no=line.line_no,
            order_line_no=line.order_line_no,
            item_id=line.item_id,
            unit=line.unit,
            quantity=line.quantity,
            warehouse_id=line.arrived_in or receipt.warehouse_id,
            batch_id=line.batch_id,
            serials=tuple(line.serials),
            claimed=sum((one.quantity for one in gone), ZERO),
            claimed_serials=frozenset(serial for one in gone for serial in one.serials),
        )
        for line in receipt.lines
        for gone in (back.get(line.line_no, []),)
    }


async def invoiced(session: AsyncSession, receipt_id: UUID) -> Mapping[int, Invoiced]:
    """Return how much of each line was invoiced and not claimed back, whose accrual is locked.

    Matches that were taken back count with those that did it. What a red-letter invoice said other
    than the claim that it cleared stays with the goods, as it does in the books of costing.
    """
    found: dict[int, Invoiced] = {}
    line, on_claim = match_lines.c, match_lines.c.return_id.is_not(None)
    said = select(
        line.receipt_line_no.label("line_no"),
        func.sum(case((on_claim, ZERO), else_=line.cleared_quantity)).label("quantity"),
        func.sum(line.net - case((on_claim, line.cleared_net), else_=ZERO)).label("net"),
        func.sum(line.difference + case((on_claim, ZERO), else_=line.cleared_books_net)).label(
            "books_net"
        ),
    )
    counted = and_(
        matches.c.match_id == line.match_id,
        (matches.c.kind == MatchKind.UNMATCH)
        | matches.c.status.in_([MatchStatus.APPLIED, MatchStatus.REVERSED]),
    )
    by_line = said.join(matches, counted).where(line.receipt_id == receipt_id)
    for statement in (by_line.group_by(line.receipt_line_no), _claimed(receipt_id)):
        for row in await session.execute(statement):
            before = found.get(row.line_no, Invoiced())
            found[row.line_no] = Invoiced(
                before.quantity + row.quantity,
                before.net + row.net,
                before.books_net + row.books_net,
            )
    return found


def _claimed(receipt_id: UUID) -> Select[Any]:
    """Return what reads the claims by line, as less than nothing."""
    return (
        select(
            accrual_lines.c.line_no,
            (-func.sum(accrual_lines.c.quantity)).label("quantity"),
            func.sum(accrual_lines.c.net).label("net"),
            func.sum(accrual_lines.c.books_net).label("books_net"),
        )
        .join(accruals, accruals.c.accrual_id == accrual_lines.c.accrual_id)
        .where(accruals.c.receipt_id == receipt_id, accruals.c.return_id.is_not(None))
        .group_by(accrual_lines.c.line_no)
    )


@dataclass(frozen=True)
class Undoing:
    """A reversal with what it takes back, all locked."""

    receipt: Receipt
    undone: PurchaseReturn
    reversal: ReturnReversal


async def return_to_undo(
    session: AsyncSession, return_id: UUID
) -> tuple[PurchaseReturn, ReturnReversal | None]:
    """Load a return, locked behind its receipt, with its reversal that was not cancelled."""
    for receipt_id, known in await receipts_of(session, [return_id]):
        await receipts.receipt_to_change(session, receipt_id)
        undone = await return_to_change(session, known)
        there = await session.scalars(
            select(ReturnReversal).where(
                reversals.c.return_id == return_id, reversals.c.status != ReversalStatus.CANCELLED
            )
        )
        return undone, there.one_or_none()
    raise UnknownReturn(return_id=return_id)


async def reversal_to_change(session: AsyncSession, reversal_id: UUID) -> Undoing:
    """Load a reversal, locked behind its receipt and its return, or raise."""
    rows = await session.execute(
        select(reversals.c.receipt_id, reversals.c.return_id).where(
            reversals.c.reversal_id == reversal_id
        )
    )
    named = rows.one_or_none()
    if named is None:
        raise UnknownReversal(reversal_id=reversal_id)
    receipt = await receipts.receipt_to_change(session, named.receipt_id)
    undone = await return_to_change(session, named.return_id)
    found = await session.scalars(
        select(ReturnReversal)
        .where(reversals.c.reversal_id == reversal_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return Undoing(receipt, undone, found.one())


async def reversals_in_order(session: AsyncSession, ids: Collection[UUID]) -> Sequence[UUID]:
    """Return those there are of these reversals, in the order in which they are locked."""
    rows = await session.scalars(
        select(reversals.c.reversal_id)
        .where(reversals.c.reversal_id == any_(literal(list(ids), ARRAY(Uuid))))
        .order_by(reversals.c.receipt_id, reversals.c.return_id)
    )
    return rows.all()


async def reversals_waiting(session: AsyncSession, before: datetime) -> Sequence[UUID]:
    """Return the reversals that inventory was asked for before a moment, the oldest first."""
    statement = (
        select(reversals.c.reversal_id)
        .where(reversals.c.status == ReversalStatus.POSTING, reversals.c.posted_at < before)
        .order_by(reversals.c.posted_at, reversals.c.reversal_id)
        .limit(AT_ONCE)
    )
    return (await session.scalars(statement)).all()
