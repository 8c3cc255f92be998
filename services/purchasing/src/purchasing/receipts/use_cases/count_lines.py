"""Make the lines of a receipt of what was counted or weighed, in whichever unit the item has."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders.domain import LineKind, OrderLine, PurchaseOrder
from purchasing.receipts.domain import CountMissing, ReceiptLine, RefusalReason, RefusedGoods
from purchasing.reference import store as reference
from purchasing.reference.domain import Devices, Item, Naming, Units, Weight, cost_per, naming_all
from servicekit.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class LineCounted:
    """How much of an order's line arrived: counted in a unit (the order's, if None), or weighed."""

    order_line_no: int
    naming: Naming
    quantity: Decimal | None = None
    unit: str | None = None
    weight: Weight | None = None


@dataclass(frozen=True, kw_only=True)
class LineRefused:
    """How much of an order's line was turned away, in a unit (the order's, if None), and why."""

    order_line_no: int
    quantity: Decimal
    reason: RefusalReason
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Known:
    """What is known of the items of an order and of the scales that weighed them."""

    items: Mapping[str, Item]
    units: Mapping[str, Units]
    scales: Devices


async def known_of(
    session: AsyncSession, order: PurchaseOrder, counted: Sequence[LineCounted]
) -> Known:
    """Load what it takes to count and to turn away goods of an order."""
    items = await reference.items_of(session, [line.item_id for line in order.lines])
    scales = {line.weight.scale_id for line in counted if line.weight is not None}
    return Known(
        items=items,
        units=await reference.units_of(session, items),
        scales=await reference.devices_of(session, order.site_id, scales),
    )


def count_lines(
    order: PurchaseOrder, counted: Sequence[LineCounted], known: Known
) -> list[ReceiptLine]:
    """Return the lines; raise for the first that can't be, and name all that can't."""
    lines, refusals = list[ReceiptLine](), list[Refusal]()
    for line_no, line in enumerate(counted, start=1):
        try:
            ordered = order.line(line.order_line_no, line_no)
            lines.append(_line(line_no, line, ordered, known))
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals:
        raise naming_all(refusals)
    return lines


def turn_away(
    order: PurchaseOrder, refused: Sequence[LineRefused], known: Known
) -> list[RefusedGoods]:
    """Return what was turned away; raise for units the items don't have."""
    return [_refused(no, one, order, known.units) for no, one in enumerate(refused, start=1)]


def _refused(
    refusal_no: int, refused: LineRefused, order: PurchaseOrder, units: Mapping[str, Units]
) -> RefusedGoods:
    ordered = order.line(refused.order_line_no, refusal_no)
    unit = refused.unit or ordered.unit
    units[ordered.item_id].measure(refused.quantity, unit, refusal_no)
    return RefusedGoods(
        refusal_no=refusal_no,
        order_line_no=ordered.line_no,
        item_id=ordered.item_id,
        unit=unit,
        quantity=refused.quantity,
        reason=refused.reason,
        note=refused.note,
    )


def _line(line_no: int, counted: LineCounted, ordered: OrderLine, known: Known) -> ReceiptLine:
    units = known.units[ordered.item_id]
    quantity, unit = _measure(line_no, counted, ordered, known)
    measured = units.measure(quantity, unit, line_no)
    item = known.items[ordered.item_id]
    item.must_be_named(counted.naming, measured.quantity, line_no)
    if ordered.kind is not LineKind.PURCHASE:
        item.must_be_free(ordered.kind.value, line_no)
    line = ReceiptLine(
        line_no=line_no,
        order_line_no=ordered.line_no,
        item_id=ordered.item_id,
        unit=measured.base_unit,
        quantity=measured.quantity,
        unit_cost=cost_per(ordered.unit_cost, ordered.quantity, ordered.base_quantity),
        counted_unit=unit,
        counted_quantity=quantity,
        unit_version=measured.version,
        **asdict(counted.naming),
    )
    if counted.weight is not None:
        line.weighed_by(counted.weight)
    return line


def _measure(
    line_no: int, counted: LineCounted, ordered: OrderLine, known: Known
) -> tuple[Decimal, str]:
    if counted.quantity is not None and counted.weight is None:
        return counted.quantity, counted.unit or ordered.unit
    if counted.weight is None or counted.quantity is not None:
        raise CountMissing(line_no=line_no)
    known.scales.find(counted.weight.scale_id).must_be_scale(line_no)
    units = known.units[ordered.item_id]
    wanted = [counted.unit] if counted.unit else [units.base_unit, *sorted(units.conversions)]
    return counted.weight.counted(ordered.item_id, wanted, line_no)
