"""What goes back to a supplier, from which status, and why it can't."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.stock.domain import ZERO, Balance, Document, Place, Status
from servicekit.errors import Kind, Refusal


class ReceiptNotInLedger(Refusal):
    """What goes back never came, as far as the ledger knows."""

    kind = Kind.CONFLICT
    code = "receipt_not_in_ledger"
    en = (
        "Line {line_no} of return {number}: the ledger has no such line of receipt {receipt}."
        " See whether that receipt waits among the parked messages."
    )
    zh = (
        "采购退货单 {number} 第 {line_no} 行：台账中没有收货单 {receipt} 的对应行。"
        "请检查该收货单是否在搁置消息中。"
    )


class GoodsNotThere(Refusal):
    """The shelf does not have what is to go back; `lines` says of each what it has."""

    kind = Kind.CONFLICT
    code = "goods_not_there"
    en = (
        "{lines_short} of the lines of return {number} name goods that the shelf does not have as"
        " they say. `lines` says of each what is on hand, allocated to which orders, in inspection"
        " and frozen. Name another status or warehouse, release what holds them, or return less."
    )
    zh = (
        "采购退货单 {number} 有 {lines_short} 行的货品在库状态不足。lines 列出各行的现存量、"
        "已分配量及其订单、质检中与冻结数量。请更改状态或仓库、释放占用，或减少退货数量。"
    )


class Held(StrEnum):
    """What goods may be that go back; what is allocated is promised to somebody."""

    AVAILABLE = "available"
    IN_INSPECTION = "in_inspection"
    FROZEN = "frozen"


@dataclass(frozen=True)
class ReturnedLine:
    """How much of a receipt's line goes back; without a status as it came, or as it is now."""

    line_no: int
    receipt_line_no: int
    item_id: str
    quantity: Decimal
    batch_id: str
    serials: tuple[str, ...]
    warehouse_id: str | None
    status: Held | None


@dataclass(frozen=True)
class SupplierReturn:
    """A return to a supplier, as purchasing decided it."""

    document: Document
    receipt_id: UUID
    receipt_number: str
    site_id: str
    cause: str
    is_reversal: bool
    lines: Sequence[ReturnedLine]


@dataclass(frozen=True)
class Source:
    """Where goods of a line lie, by which entry they came, and what they were then."""

    line: ReturnedLine
    place: Place
    came_by: int
    came_as: Status


def choose(
    sources: Sequence[Source], balances: Mapping[Place, Balance]
) -> tuple[Sequence[Status], Sequence[Source]]:
    """Return from which status each line takes, and the lines that the shelf is short for.

    Lines of the same goods draw on the same, in order. One that names no status takes what its
    goods came as if there is enough of it, else what they have become since.
    """
    left: dict[tuple[Place, Status], Decimal] = {
        (place, Status(one.value)): getattr(balance, one.value)
        for place, balance in balances.items()
        for one in Held
    }
    chosen, short = [], []
    for source in sources:
        quantity = source.line.quantity
        wanted = next(
            (one for one in _tried(source) if left.get((source.place, one), ZERO) >= quantity), None
        )
        if wanted is None:
            short.append(source)
            wanted = source.came_as
        else:
            left[source.place, wanted] -= quantity
        chosen.append(wanted)
    return chosen, short


def _tried(source: Source) -> Sequence[Status]:
    if source.line.status is not None:
        return [Status(source.line.status.value)]
    others = [Status(one.value) for one in Held]
    return [source.came_as, *(one for one in others if one is not source.came_as)]
