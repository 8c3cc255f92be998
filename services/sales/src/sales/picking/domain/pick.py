"""A pick: goods of an order taken off the shelf, which wait to be shipped.

What is picked is what inventory holds for the order, by batch and serial number: those were named
when the order was placed, out of what inventory proposed by first expiry first out. Whoever picks
another batch is told so, instead of the books learning of it after it has left; if that is meant,
the order comes to hold what is in hand instead, before it is picked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sales.orders.domain.swapping import InHand
from sales.shipments.domain import PartWanted, Rest
from servicekit.errors import Kind, Refusal


class UnknownPick(Refusal):
    """There is no such pick."""

    kind = Kind.NOT_FOUND
    code = "unknown_pick"
    en = "There is no pick {pick_id}."
    zh = "没有拣货单 {pick_id}。"


class NothingToPick(Refusal):
    """All of the order is picked, or has left."""

    kind = Kind.CONFLICT
    code = "nothing_to_pick"
    en = "Nothing of order {number} is left to pick: all of it is picked or has left."
    zh = "订单 {number} 已无可拣货品：全部已拣货或已发出。"


class OtherBatchPicked(Refusal):
    """The goods in hand are not those that are held."""

    code = "other_batch_picked"
    en = (
        "Line {line_no}: batch {batch_held} is held for the order, and batch {batch_picked} was"
        " picked. Put it back and take the one that is held, or pick it with `exchange`."
    )
    zh = (
        "第 {line_no} 行：为该订单预留的是批次 {batch_held}，实际拣取了批次 {batch_picked}。"
        "请放回并改拣预留批次，或以 exchange 方式拣货。"
    )


class UnitsMiscounted(Refusal):
    """Units in hand that are told apart are named, each once."""

    code = "units_miscounted"
    en = "Line {line_no}: name the serial numbers of the {quantity} units in hand, each once."
    zh = "第 {line_no} 行：请列出所拣 {quantity} 件的序列号，不得重复。"


class OrderPicked(Refusal):
    """What somebody has in hand is not exchanged for something else."""

    kind = Kind.CONFLICT
    code = "order_picked"
    en = (
        "Goods of order {number} are picked and wait to be shipped. End the pick first: ship it, or"
        " put it back (`/picks/{{pick_id}}/cancel`)."
    )
    zh = "订单 {number} 有货品已拣出待发。请先结束拣货：发货，或放回（/picks/{{pick_id}}/cancel）。"


class PickNotDecided(Refusal):
    """Whether what is in hand may be held instead is not known yet."""

    kind = Kind.UNAVAILABLE
    code = "pick_not_decided"
    en = (
        "Inventory has not answered whether order {number} may have what was picked instead. Send"
        " the same request again, with its key."
    )
    zh = "库存服务尚未答复订单 {number} 能否改用所拣货品。请以相同的键重新发送该请求。"


class PickNotOpen(Refusal):
    """The pick has been shipped or put back."""

    kind = Kind.CONFLICT
    code = "pick_not_open"
    en = "This pick of order {number} is {pick_status} since {ended_at}."
    zh = "订单 {number} 的该拣货单自 {ended_at} 起状态为 {pick_status}。"


class PickStatus(StrEnum):
    """Where a pick stands."""

    OPEN = "open"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    """The goods are back on the shelf."""


@dataclass(frozen=True, kw_only=True)
class GoodsPicked(InHand):
    """What somebody has in hand of a line, in base units."""

    @property
    def part(self) -> PartWanted:
        """Return it as what is to leave."""
        return PartWanted(line_no=self.line_no, quantity=self.quantity, serials=self.serials)


@dataclass(frozen=True, kw_only=True)
class PickLine:
    """What was picked of a line that is held for the order."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    batch_id: str = ""
    serials: Sequence[str] = ()

    @property
    def part(self) -> PartWanted:
        """Return it as what is to leave."""
        return PartWanted(line_no=self.line_no, quantity=self.quantity, serials=tuple(self.serials))


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A pick with its lines: written once, and ended once."""

    pick_id: UUID
    order_id: UUID
    number: str
    """The order's."""
    site_id: str
    warehouse_id: str
    picked_at: datetime
    picked_by: str
    device_id: str | None = None
    lines: tuple[PickLine, ...]
    status: PickStatus = PickStatus.OPEN
    shipment_id: UUID | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    def must_be_open(self) -> None:
        """Raise if it was shipped or put back."""
        if self.status is not PickStatus.OPEN:
            raise PickNotOpen(
                number=self.number, pick_status=self.status.value, ended_at=self.ended_at
            )


def must_be_held(picked: Sequence[GoodsPicked], left: Mapping[int, Rest]) -> None:
    """Raise unless the batches picked are those that are held."""
    for one in picked:
        held = left[one.line_no].whole.batch_id
        if one.batch_id != held:
            raise OtherBatchPicked(
                line_no=one.line_no, batch_held=held or "-", batch_picked=one.batch_id or "-"
            )


def must_name_its_units(picked: GoodsPicked, held: Sequence[str]) -> None:
    """Raise unless units that are told apart are named, as many as are in hand and each once."""
    named = set(picked.serials)
    if (held or named) and not len(named) == len(picked.serials) == picked.quantity:
        raise UnitsMiscounted(line_no=picked.line_no, quantity=f"{picked.quantity.normalize():f}")
