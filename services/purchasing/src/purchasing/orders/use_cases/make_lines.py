"""Make the lines of an order: known goods in units they have, at the prices agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders.domain import Delivery, LineKind, OrderLine, PriceSource, must_cost_nothing
from purchasing.reference import store as reference
from purchasing.reference.domain import Item, Units, naming_all
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import Goods, NoPriceAgreed, Price, price_for
from servicekit.errors import Refusal


@dataclass(frozen=True)
class LineWanted:
    """A line of the order; without a price it costs what was agreed in advance."""

    item_id: str
    quantity: Decimal
    unit: str
    unit_cost: Decimal | None = None
    kind: LineKind = LineKind.PURCHASE
    deliveries: Sequence[Delivery] = ()


@dataclass(frozen=True)
class Terms:
    """From whom lines are ordered, in which currency, on which day."""

    supplier_id: str
    currency: str
    day: date


async def make_lines(
    session: AsyncSession, terms: Terms, wanted: Sequence[LineWanted]
) -> list[OrderLine]:
    """Return the lines; raise for the first that can't be, and name all that can't."""
    item_ids = [line.item_id for line in wanted]
    items = await reference.items_of(session, item_ids)
    units = await reference.units_of(session, items)
    prices = await suppliers.prices_of(session, terms.supplier_id, item_ids)
    lines, refusals = list[OrderLine](), list[Refusal]()
    for line_no, line in enumerate(wanted, start=1):
        try:
            made = _line(line_no, line, items[line.item_id], units[line.item_id])
            _price(made, line, terms, prices)
            made.must_be_paid()
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            lines.append(made)
    if refusals:
        raise naming_all(refusals)
    return lines


def _line(line_no: int, wanted: LineWanted, item: Item, units: Units) -> OrderLine:
    item.must_be_orderable(line_no)
    if wanted.kind is not LineKind.PURCHASE:
        must_cost_nothing(wanted.kind, wanted.unit_cost or Decimal(0), line_no)
        item.must_be_free(wanted.kind.value, line_no)
    measured = units.measure(wanted.quantity, wanted.unit, line_no)
    line = OrderLine(
        line_no=line_no,
        item_id=wanted.item_id,
        unit=wanted.unit,
        quantity=wanted.quantity,
        unit_cost=wanted.unit_cost or Decimal(0),
        base_unit=measured.base_unit,
        base_quantity=measured.quantity,
        unit_version=measured.version,
        kind=wanted.kind,
    )
    line.plan(wanted.deliveries)
    return line


def _price(line: OrderLine, wanted: LineWanted, terms: Terms, prices: Sequence[Price]) -> None:
    if line.kind is not LineKind.PURCHASE:
        line.price_source = PriceSource.FREE
        return
    goods = Goods(line.item_id, line.unit, terms.currency)
    agreed = price_for(prices, goods, line.quantity, terms.day)
    if agreed is None:
        if wanted.unit_cost is None:
            raise NoPriceAgreed(
                line_no=line.line_no,
                supplier_id=terms.supplier_id,
                quantity=f"{line.quantity:f}",
                unit=line.unit,
                item_id=line.item_id,
                currency=terms.currency,
                day=str(terms.day),
            )
        return
    line.list_price_id = agreed.price_id
    if wanted.unit_cost is None:
        line.unit_cost = agreed.unit_cost
    same = line.unit_cost == agreed.unit_cost
    line.price_source = PriceSource.LIST if same else PriceSource.OFF_LIST
