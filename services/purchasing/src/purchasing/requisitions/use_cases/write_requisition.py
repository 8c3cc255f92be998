"""Write down what a site asks for, or, while it is a draft, ask for something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand import store
from purchasing.demand.domain import Requisition, RequisitionLine
from purchasing.demand.use_cases.tell_requisition import tell_step
from purchasing.orders import store as orders
from purchasing.reference import store as reference
from purchasing.reference.domain import Item, Site, Units, naming_all
from purchasing.requisitions.use_cases.step_requisition import Step, requisition_to_step
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import Goods, Price, price_for
from servicekit.clock import now
from servicekit.errors import Refusal
from servicekit.ids import new_id

PREFIX = "RQ"


@dataclass(frozen=True, kw_only=True)
class ItemWanted:
    """A line as the site writes it."""

    item_id: str
    warehouse_id: str
    quantity: Decimal
    unit: str
    needed_by: date
    supplier_id: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class WriteRequisition:
    """What a site asks for, and the currency in which its worth is told."""

    site_id: str
    lines: Sequence[ItemWanted]
    note: str | None
    currency: str


async def write_requisition(
    session: AsyncSession, wanted: WriteRequisition, author: str, *, draft: bool
) -> Requisition:
    """Return the requisition, submitted unless it is to stay a draft."""
    site = await reference.site_of(session, wanted.site_id)
    lines = await _lines(session, wanted, site)
    at = now()
    requisition = Requisition(
        requisition_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        site_id=site.site_id,
        author=author,
        created_at=at,
        note=wanted.note,
        lines=lines,
    )
    session.add(requisition)
    if not draft:
        requisition.submit()
        await tell_step(session, requisition, author)
    await store.add_step(session, requisition, author, None)
    return requisition


async def rewrite_requisition(
    session: AsyncSession, step: Step, wanted: WriteRequisition
) -> Requisition:
    """Return the draft as it is now."""
    requisition = await requisition_to_step(session, step)
    site = await reference.site_of(session, requisition.site_id)
    requisition.rewrite(await _lines(session, wanted, site), wanted.note)
    await store.add_step(session, requisition, step.caller.subject, None)
    return requisition


async def _lines(
    session: AsyncSession, wanted: WriteRequisition, site: Site
) -> list[RequisitionLine]:
    """Return the lines; raise for the first that can't be, and name all that can't."""
    items = await reference.items_of(session, [line.item_id for line in wanted.lines])
    units = await reference.units_of(session, items)
    for warehouse_id in sorted({line.warehouse_id for line in wanted.lines}):
        await reference.site_with_warehouse(session, site.site_id, warehouse_id)
    prices = dict[str, Sequence[Price]]()
    for supplier_id in sorted({one.supplier_id for one in wanted.lines if one.supplier_id}):
        await suppliers.supplier(session, supplier_id)
        prices[supplier_id] = await suppliers.prices_of(session, supplier_id, list(items))
    day = site.day_of(now())
    lines, refusals = list[RequisitionLine](), list[Refusal]()
    for line_no, line in enumerate(wanted.lines, start=1):
        try:
            made = _line(line_no, line, items[line.item_id], units[line.item_id])
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            made.unit_cost = _price(made, prices, wanted.currency, day)
            lines.append(made)
    if refusals:
        raise naming_all(refusals)
    return lines


def _line(line_no: int, wanted: ItemWanted, item: Item, units: Units) -> RequisitionLine:
    item.must_be_orderable(line_no)
    measured = units.measure(wanted.quantity, wanted.unit, line_no)
    return RequisitionLine(
        line_no=line_no,
        item_id=wanted.item_id,
        warehouse_id=wanted.warehouse_id,
        unit=wanted.unit,
        quantity=wanted.quantity,
        base_unit=measured.base_unit,
        base_quantity=measured.quantity,
        unit_version=measured.version,
        needed_by=wanted.needed_by,
        supplier_id=wanted.supplier_id,
        note=wanted.note,
    )


def _price(
    line: RequisitionLine, prices: Mapping[str, Sequence[Price]], currency: str, day: date
) -> Decimal | None:
    """Return what the supplier agreed in advance; what nobody agreed is not guessed."""
    if line.supplier_id is None:
        return None
    goods = Goods(line.item_id, line.unit, currency)
    agreed = price_for(prices[line.supplier_id], goods, line.quantity, day)
    return None if agreed is None else agreed.unit_cost
