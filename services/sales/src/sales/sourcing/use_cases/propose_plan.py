"""Say what would come from where; nothing is kept, and nothing is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sales.inventory_client import Refused
from sales.orders.domain.lines import LineWanted
from sales.orders.use_cases.place_order import check_lines
from sales.reference import store as reference
from sales.sourcing.domain.sources import Mode, Plan, Rule
from sales.sourcing.use_cases.choose_sources import LineAsked, choose_sources, considered
from servicekit.context import Context


@dataclass(frozen=True, kw_only=True)
class ProposePlan:
    """What is wanted where, and from where it may come."""

    site_id: str
    warehouse_id: str
    mode: Mode
    lines: Sequence[LineWanted]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The best plan there is just now, if there is one, and what was chosen from."""

    mode: Mode
    rule: Rule | None
    shipments: list[dict[str, Any]]
    considered: list[dict[str, Any]]


async def propose_plan(context: Context, wanted: ProposePlan) -> Proposal | dict[str, Any]:
    """Return the proposal, or inventory's reason why nothing could be shipped from anywhere."""
    async with context.database.transaction() as session:
        await reference.site_with_warehouse(session, wanted.site_id, wanted.warehouse_id)
        await check_lines(session, wanted.lines)
    lines = [
        LineAsked(
            item_id=line.item_id, unit=line.unit, quantity=line.quantity, batch_id=line.batch_id
        )
        for line in wanted.lines
    ]
    choice = await choose_sources(context, (wanted.site_id, wanted.warehouse_id), lines)
    if isinstance(choice, Refused):
        return choice.problem
    plan = next(choice.plans(wanted.mode), None)
    return Proposal(
        mode=wanted.mode,
        rule=None if plan is None else plan.rule,
        shipments=_shipments(plan),
        considered=considered(choice),
    )


def _shipments(plan: Plan | None) -> list[dict[str, Any]]:
    return [
        {
            "site_id": one.source.site_id,
            "warehouse_id": one.source.warehouse_id,
            "distance_m": one.source.distance_m,
            "lines": [
                {"line_no": line_no, "quantity": much} for line_no, much in one.lines.items()
            ],
        }
        for one in (plan.shippings if plan else ())
    ]
