"""What keeps a supplier from new orders: lines of its orders that are overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from servicekit.errors import Refusal

NAMED_MAX = 50
"""How many lines are named at once; all are counted."""


class SupplierIsSuspended(Refusal):
    """Who owes goods for too long gets no new orders."""

    code = "supplier_suspended"
    en = (
        "Supplier {supplier_id} gets no new orders: {count} order lines are overdue, {lines}."
        " Receive what is due of them, cancel the rest, move their day, or close the order; that"
        " lifts the suspension by itself."
    )
    zh = (
        "供应商 {supplier_id} 已暂停下单：{count} 个订单行逾期未到货，{lines}。"
        "请先完成到期收货、取消剩余数量、调整交期或关闭订单，之后自动解除暂停。"
    )


@dataclass(frozen=True, kw_only=True)
class OverdueLine:
    """An order's line that should have come long ago."""

    order_id: UUID
    line_no: int
    supplier_id: str
    number: str
    warning_id: UUID
    since: datetime

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{self.number}/{self.line_no}"


def must_take_orders(supplier_id: str, overdue: Sequence[OverdueLine]) -> None:
    """Raise if the supplier owes lines for too long, and name them."""
    if overdue:
        named = ", ".join(line.name for line in overdue[:NAMED_MAX])
        raise SupplierIsSuspended(supplier_id=supplier_id, count=len(overdue), lines=named)
