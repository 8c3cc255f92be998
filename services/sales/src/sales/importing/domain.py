"""Orders in a file: rows with one reference of one customer are the lines of one order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from sales.orders.domain.states import Shortage
from servicekit.errors import Kind, Refusal

ORDERS_MAX = 500
LINES_MAX = 500

Key = tuple[str, str]
"""The customer, and what it calls the order."""


class TooManyOrders(Refusal):
    """A file is answered in one go, and so has its bounds."""

    code = "too_many_orders"
    en = "The file has {given} orders; at most {most} are taken at once. Split it."
    zh = "该文件包含 {given} 张订单，一次最多 {most} 张。请拆分文件。"


class OrderTorn(Refusal):
    """An order is placed with all its rows or not at all."""

    code = "order_torn"
    en = "Another row of order {reference} is refused, so the order is not placed."
    zh = "订单 {reference} 的其他行被拒绝，因此未下单。"


class OrderUnclear(Refusal):
    """Rows of one order say different things of it."""

    code = "order_unclear"
    en = (
        "Order {reference}: its rows differ in the site, the warehouse, the promised day or what to"
        " do about a shortage, and an order has one of each."
    )
    zh = "订单 {reference}：各行的门店、仓库、承诺交期或缺货处理方式不一致，一张订单只能各有一个。"


class OrderTooLong(Refusal):
    """An order has its bounds too."""

    code = "order_too_long"
    en = "Order {reference} has {given} rows; at most {most} fit one order."
    zh = "订单 {reference} 有 {given} 行，一张订单最多 {most} 行。"


class ReferenceTaken(Refusal):
    """What was placed under a reference is not changed by a file."""

    kind = Kind.CONFLICT
    code = "reference_taken"
    en = (
        "Customer {customer_id} ordered something else as {reference}: that is order {number}."
        " Choose another reference."
    )
    zh = "客户 {customer_id} 已用编号 {reference} 下过其他内容的订单 {number}。请使用其他编号。"


class NotTried(Refusal):
    """Inventory is silent, and what is left of the file would wait for it one by one."""

    kind = Kind.UNAVAILABLE
    code = "not_tried"
    en = "Inventory does not answer, so this order was not placed. Send the file again later."
    zh = "库存服务无响应，该订单未下单。请稍后重新发送该文件。"


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """A row: a line of an order, and which order it is of."""

    reference: str
    customer_id: str
    site_id: str
    warehouse_id: str
    item_id: str
    quantity: Decimal
    unit: str
    amount: Decimal | None = None
    batch_id: str = ""
    serials: tuple[str, ...] = ()
    shortage: Shortage = Shortage.REFUSE
    promised_on: date | None = None

    @property
    def said(self) -> list[str]:
        """Return what the row says; columns that came later count only where they say something."""
        later = {"serials": (), "shortage": Shortage.REFUSE, "promised_on": None}
        return [
            f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
            for name, value in vars(self).items()
            if name not in later or value != later[name]
        ]

    @property
    def of_order(self) -> tuple[str, str, Shortage, date | None]:
        """Return what it says of the order as a whole."""
        return self.site_id, self.warehouse_id, self.shortage, self.promised_on

    @property
    def key(self) -> Key:
        """Return whose order it is of, and which."""
        return self.customer_id, self.reference


@dataclass(frozen=True, kw_only=True)
class OrderInFile:
    """An order of a file, with its rows by their numbers there."""

    key: Key
    rows: Mapping[int, OrderRow]

    @property
    def head(self) -> OrderRow:
        """Return the first row, which says what all of them say of the order."""
        return next(iter(self.rows.values()))

    @property
    def content(self) -> bytes:
        """Return what tells this order from another one under the same reference."""
        said = ("\0".join(row.said) for row in self.rows.values())
        return sha256("\1".join(said).encode()).digest()

    def must_be_one(self, torn: Collection[Key]) -> None:
        """Raise unless all its rows are good, and say the same of it."""
        _, reference = self.key
        if self.key in torn:
            raise OrderTorn(reference=reference)
        if len(self.rows) > LINES_MAX:
            raise OrderTooLong(reference=reference, given=len(self.rows), most=LINES_MAX)
        if len({row.of_order for row in self.rows.values()}) > 1:
            raise OrderUnclear(reference=reference)

    def about(self, refusal: Refusal) -> Sequence[int]:
        """Return the rows that a refusal is about: all of them if it names none."""
        line_no, item_id = refusal.facts.get("line_no"), refusal.facts.get("item_id")
        if isinstance(line_no, int):
            return [list(self.rows)[line_no - 1]]
        named = [number for number, row in self.rows.items() if row.item_id == item_id]
        return named or list(self.rows)


def orders_in(rows: Mapping[int, OrderRow]) -> list[OrderInFile]:
    """Return the orders of a file in the order of their first rows; raise if there are too many."""
    found: dict[Key, dict[int, OrderRow]] = {}
    for number, row in sorted(rows.items()):
        found.setdefault(row.key, {})[number] = row
    must_be_few(found)
    return [OrderInFile(key=key, rows=one) for key, one in found.items()]


def must_be_few(keys: Iterable[Key]) -> None:
    """Raise if there are more orders than one file may have."""
    given = len(list(keys))
    if given > ORDERS_MAX:
        raise TooManyOrders(given=given, most=ORDERS_MAX)
