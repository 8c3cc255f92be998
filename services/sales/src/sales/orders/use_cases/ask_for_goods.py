"""Ask inventory to hold the goods of an order, in the batches it proposes where that was agreed.

Nothing is picked silently: inventory proposes, the order says whether it takes that, and what was
taken stands on its lines. The first answer under a key is the answer for good, so whoever asks
again after a crash goes the same way and finds what is held.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sales.inventory_client import Answer, Held, HoldWanted, LineWanted, Refused, inventory_of
from sales.orders import store
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.naming import (
    Named,
    Proposal,
    leave_it_to,
    name_batches,
)
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import NoBatchCovers
from sales.orders.domain.shortages import told_as_ordered
from sales.orders.domain.states import BATCH_MISSING
from sales.orders.domain.swapping import SwapLine
from sales.orders.store import changes
from servicekit.context import Context

SHORT_STATUS = 409


@dataclass(frozen=True, kw_only=True)
class HeldAsProposed(Held):
    """Inventory holds goods in the batches it proposed."""

    named: Named
    """The lines of the order by these batches, those first that were asked for."""


Question = Callable[[list[LineWanted], int], Awaitable[Answer]]
"""Asks inventory for lines, which take so many of its proposals."""


async def ask_for_goods(
    context: Context, order: SalesOrder, lines: Sequence[OrderLine] | None = None
) -> Answer:
    """Return whether inventory holds the goods of an order, whose lines may be known already."""
    if lines is None:
        async with context.database.transaction() as session:
            lines = await store.lines_of(session, order)

    async def reserve(wanted: list[LineWanted], proposals: int) -> Answer:
        asked = _wanted(order, wanted)
        return await inventory_of(context).reserve(asked, order.round, proposals)

    return await _ask(order, lines, reserve, {}, in_part=order.takes_part)


async def ask_to_exchange(context: Context, order: SalesOrder, reservation_id: UUID) -> Answer:
    """Return whether inventory holds what a change wants instead; if not, all is as it was."""
    async with context.database.transaction() as session:
        change = await changes.present_of(session, order)
        others = await changes.swap_lines_of(session, order, change)
        lines = await changes.lines_of(session, order, change)
        held = await store.held_lines_of(session, order)
    own = dict[str, dict[str, Decimal]]()
    for line in (one for one in held if one.batch_id):
        its = own.setdefault(line.item_id, {})
        its[line.batch_id] = its.get(line.batch_id, Decimal(0)) + line.quantity

    async def exchange(wanted: list[LineWanted], proposals: int) -> Answer:
        key = order.order_id, reservation_id
        return await inventory_of(context).exchange(key, wanted, order.round, proposals)

    if change.swap:
        return await exchange(lines_asked(others), 0)
    return await _ask(order, lines, exchange, own, in_part=False)


async def _ask(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    question: Question,
    own: Mapping[str, Proposal],
    *,
    in_part: bool,
) -> Answer:
    """Ask for lines until inventory has no proposal more that they take.

    What the order holds itself is free for it too, and taken before what is proposed.
    """
    named, proposals = None, dict[str, Proposal]()
    while True:
        asked = lines if named is None else named.lines[: named.asked]
        answer = await question(lines_asked(asked), len(proposals))
        if isinstance(answer, Held):
            return answer if named is None else _held(order, lines, named, answer)
        item_id = str(answer.problem.get("item_id"))
        to_name = answer.code == BATCH_MISSING and item_id not in proposals
        if not to_name or not leave_it_to(lines, item_id):
            return answer if named is None else _refused(order, lines, named, answer)
        proposals[item_id] = _proposed(answer.problem, own.get(item_id, {}))
        named = name_batches(lines, proposals)
        if not named.asked or (named.asked < len(named.lines) and not in_part):
            return _short(order, lines, named, answer.problem)


def _held(
    order: SalesOrder, lines: Sequence[OrderLine], named: Named, answer: Held
) -> HeldAsProposed:
    """Return what is held, with what is short told by the places of the lines as ordered."""
    told = told_as_ordered(order, lines, named, answer.shortages)
    return HeldAsProposed(**{**vars(answer), "shortages": tuple(told)}, named=named)


def _refused(
    order: SalesOrder, lines: Sequence[OrderLine], named: Named, answer: Refused
) -> Refused:
    """Return a refusal of lines by batch, told by the places of the lines as ordered."""
    if "shortages" not in answer.problem:
        return answer
    told = told_as_ordered(order, lines, named, answer.problem["shortages"])
    return Refused(answer.code, {**answer.problem, "lines_short": len(told), "shortages": told})


def _short(
    order: SalesOrder, lines: Sequence[OrderLine], named: Named, problem: Mapping[str, Any]
) -> Refused:
    """Refuse lines that no batch covers: nobody has to be asked for those."""
    told = told_as_ordered(order, lines, named, ())
    why = NoBatchCovers(
        number=order.number,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        lines_short=len(told),
        shortages=told,
        proposal=problem.get("proposal", {}),
    )
    said = {"code": why.code, "status": SHORT_STATUS, "detail": why.text("en")}
    return Refused(why.code, said | why.facts)


def only_to_be_named(answer: Refused) -> bool:
    """Tell whether all goods are there of an item of which no batch is named."""
    missing = answer.problem.get("proposal", {}).get("missing")
    return answer.code == BATCH_MISSING and missing is not None and not Decimal(missing)


def lines_asked(lines: Sequence[OrderLine | SwapLine]) -> list[LineWanted]:
    """Return lines as inventory is asked for them."""
    return [
        LineWanted(
            item_id=line.item_id,
            quantity=line.quantity,
            unit=line.unit,
            batch_id=line.batch_id,
            serials=tuple(line.serials),
            gift=line.gift or None,
        )
        for line in lines
    ]


def _wanted(order: SalesOrder, lines: list[LineWanted]) -> HoldWanted:
    return HoldWanted(
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        order_id=order.order_id,
        lines=lines,
        ttl_seconds=order.ttl_seconds,
        partial=True if order.takes_part else None,
    )


def _proposed(problem: Mapping[str, Any], own: Proposal) -> dict[str, Decimal]:
    there = dict(own)
    for one in problem.get("proposal", {}).get("picks", ()):
        batch_id = str(one["batch_id"])
        there[batch_id] = there.get(batch_id, Decimal(0)) + Decimal(one["quantity"])
    return there
