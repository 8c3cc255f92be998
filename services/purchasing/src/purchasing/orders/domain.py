"""Purchase orders: what may still arrive against each line, and what has arrived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from uuid import UUID

from servicekit.errors import Kind, Refusal

FINEST = Decimal("0.000001")
MOST_EVER = Decimal("999999999999.999999")
"""The largest quantity that can be written anywhere in the platform."""


class UnknownOrder(Refusal):
    """There is no such order."""

    kind = Kind.NOT_FOUND
    code = "unknown_order"
    en = "There is no purchase order {order_id}."
    zh = "没有采购订单 {order_id}。"


class UnknownOrderLine(Refusal):
    """The order has no such line."""

    kind = Kind.NOT_FOUND
    code = "unknown_order_line"
    en = "Line {line_no}: order {number} has no line {order_line_no}; it has lines 1 to {lines}."
    zh = "第 {line_no} 行：订单 {number} 没有第 {order_line_no} 行，其行号为 1 至 {lines}。"


class ForeignCurrency(Refusal):
    """The books are kept in one currency, and this is another."""

    code = "foreign_currency_unsupported"
    en = "Orders are taken in {books} only, the currency of the books; this one is in {currency}."
    zh = "目前只支持以账簿本位币 {books} 下单；该订单为 {currency}。"


class OverReceipt(Refusal):
    """More would arrive than was ordered, beyond what the supplier is allowed."""

    code = "over_receipt"
    en = (
        "Order {number}, line {order_line_no}: {requested} {unit} of {item_id} are too many. {most}"
        " may arrive in all; {received} are received and {arriving} are on receipts not posted yet,"
        " so {allowed} may come. Receive those and refuse the rest, cancel a receipt that will not"
        " be posted, or raise the supplier's tolerance."
    )
    zh = (
        "订单 {number} 第 {order_line_no} 行：商品 {item_id} 收货 {requested} {unit} 超量。"
        "最多可收 {most}，已收 {received}，未过账收货单占用 {arriving}，还可收 {allowed}。"
        "请按此数量收货并拒收其余部分，或作废不再过账的收货单，或提高该供应商的超收比例。"
    )


def plain(quantity: Decimal) -> str:
    """Write a quantity without exponent and trailing zeros."""
    return format(quantity.normalize() if quantity else Decimal(0), "f")


def document_number(prefix: str, site_id: str, day: date, count: int) -> str:
    """Return the number people call a document by: a count per site and day."""
    return f"{prefix}-{site_id}-{day:%Y%m%d}-{count}"


class OrderStatus(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    RECEIVED = "received"


@dataclass(eq=False, kw_only=True)
class OrderLine:
    """A line of an order: what was agreed, and what became of it."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    unit_cost: Decimal
    received: Decimal = Decimal(0)
    """On posted receipts."""
    arriving: Decimal = Decimal(0)
    """On receipts that are neither posted nor cancelled."""

    @property
    def open(self) -> Decimal:
        """What the supplier still owes."""
        return max(self.quantity - self.received, Decimal(0))

    def most(self, over_receipt_percent: Decimal) -> Decimal:
        """Return the quantity that may arrive in all."""
        share = self.quantity * (100 + over_receipt_percent) / 100
        return min(share.quantize(FINEST, ROUND_DOWN), MOST_EVER)


@dataclass(eq=False, kw_only=True)
class PurchaseOrder:
    """An order with its lines. Its agreed part never changes."""

    order_id: UUID
    number: str
    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: str
    due_date: date
    placed_at: datetime
    placed_by: str
    status: OrderStatus = OrderStatus.PLACED
    lines: list[OrderLine] = field(default_factory=list)

    def line(self, order_line_no: int, line_no: int) -> OrderLine:
        """Return a line of the order, which line `line_no` of another document names."""
        if 1 <= order_line_no <= len(self.lines):
            return self.lines[order_line_no - 1]
        raise UnknownOrderLine(
            line_no=line_no,
            number=self.number,
            order_line_no=order_line_no,
            lines=len(self.lines),
        )

    def expect(self, arrivals: Mapping[int, Decimal], over_receipt_percent: Decimal) -> None:
        """Let goods arrive, unless that makes more than the order and the tolerance allow.

        What waits on other receipts counts too: two clerks can't each take the last pallet.
        """
        excesses = []
        for line in self._lines_of(arrivals):
            most = line.most(over_receipt_percent)
            if line.received + line.arriving + arrivals[line.line_no] > most:
                excesses.append(_excess(line, arrivals[line.line_no], most))
        if excesses:
            raise OverReceipt(
                number=self.number,
                order_id=self.order_id,
                over_receipt_percent=plain(over_receipt_percent),
                lines=excesses,
                **excesses[0],
            )
        for line in self._lines_of(arrivals):
            line.arriving += arrivals[line.line_no]

    def receive(self, arrivals: Mapping[int, Decimal]) -> None:
        """Count what was expected as received; the order is done when nothing is open."""
        for line in self._lines_of(arrivals):
            line.arriving -= arrivals[line.line_no]
            line.received += arrivals[line.line_no]
        if all(not line.open for line in self.lines):
            self.status = OrderStatus.RECEIVED

    def expect_no_more(self, arrivals: Mapping[int, Decimal]) -> None:
        """Forget goods that were expected and will not be posted."""
        for line in self._lines_of(arrivals):
            line.arriving -= arrivals[line.line_no]

    def _lines_of(self, arrivals: Mapping[int, Decimal]) -> list[OrderLine]:
        return [line for line in self.lines if line.line_no in arrivals]


def _excess(line: OrderLine, quantity: Decimal, most: Decimal) -> dict[str, str | int]:
    left = max(most - line.received - line.arriving, Decimal(0))
    return {
        "order_line_no": line.line_no,
        "item_id": line.item_id,
        "unit": line.unit,
        "ordered": plain(line.quantity),
        "received": plain(line.received),
        "arriving": plain(line.arriving),
        "requested": plain(quantity),
        "most": plain(most),
        "allowed": plain(left),
    }
