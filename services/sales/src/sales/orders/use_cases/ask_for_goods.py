"""Ask inventory to hold the goods of an order, in the batches it proposes where that was agreed.

Nothing is picked silently: inventory proposes, the order says whether it takes that, and what was
taken stands on its lines. The first answer under a key is the answer for good, so whoever asks
again after a crash goes the same way and finds what is held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sales.inventory_client import Answer, Held, HoldWanted, LineWanted, Refused, inventory_of
from sales.orders import store
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.naming import Named, leave_it_to, name_batches
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import BATCH_MISSING
from servicekit.context import Context


@dataclass(frozen=True, kw_only=True)
class HeldAsProposed(Held):
    """Inventory holds goods in the batches it proposed."""

    named: Named
    """The lines of the order by these batches, those first that were asked for."""


async def ask_for_goods(
    context: Context, order: SalesOrder, lines: Sequence[OrderLine] | None = None
) -> Answer:
    """Return whether inventory holds the goods of an order, whose lines may be known already."""
    if lines is None:
        async with context.database.transaction() as session:
            lines = await store.lines_of(session, order)
    named, proposals = None, dict[str, Mapping[str, Decimal]]()
    while True:
        asked = lines if named is None else named.lines[: named.asked]
        wanted = _wanted(order, asked)
        answer = await inventory_of(context).reserve(wanted, order.round, len(proposals))
        if isinstance(answer, Held):
            return answer if named is None else HeldAsProposed(**vars(answer), named=named)
        item_id = str(answer.problem.get("item_id"))
        if answer.code != BATCH_MISSING or not leave_it_to(lines, item_id):
            return answer
        proposals[item_id] = _proposed(answer.problem)
        named = name_batches(lines, proposals)
        if not named.asked or (named.asked < len(named.lines) and not order.takes_part):
            return answer


def only_to_be_named(answer: Refused) -> bool:
    """Tell whether all goods are there of an item of which no batch is named."""
    missing = answer.problem.get("proposal", {}).get("missing")
    return answer.code == BATCH_MISSING and missing is not None and not Decimal(missing)


def lines_asked(lines: Sequence[OrderLine]) -> list[LineWanted]:
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


def _wanted(order: SalesOrder, lines: Sequence[OrderLine]) -> HoldWanted:
    return HoldWanted(
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        order_id=order.order_id,
        lines=lines_asked(lines),
        ttl_seconds=order.ttl_seconds,
        partial=True if order.takes_part else None,
    )


def _proposed(problem: Mapping[str, Any]) -> dict[str, Decimal]:
    picks = problem.get("proposal", {}).get("picks", ())
    return {str(one["batch_id"]): Decimal(one["quantity"]) for one in picks}
