"""Returns that are taken back: which entries undo theirs, and why goods can't be taken out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from inventory.stock.domain import ZERO, Balance, Document, Entry, Place, Status
from servicekit.errors import Kind, Refusal

LINE_NO_MAX = 1_000_000
FROM = (Status.IN_INSPECTION, Status.AVAILABLE, Status.FROZEN)
"""What goods that came back can be, in the order in which they are looked for."""


class ReturnNotInLedger(Refusal):
    """What is taken back was never booked, as far as the ledger knows."""

    kind = Kind.CONFLICT
    code = "return_not_in_ledger"
    en = (
        "The ledger does not have the lines of return {return_number} that {number} takes back."
        " See whether that return waits among the parked messages."
    )
    zh = (
        "台账中没有 {number} 所冲销的退货单 {return_number} 的对应行。"
        "请检查该退货单是否在搁置消息中。"
    )


class ReturnedGoodsGone(Refusal):
    """The shelf does not have what came back any more; `lines` says of each line what it has."""

    kind = Kind.CONFLICT
    code = "returned_goods_gone"
    en = (
        "{lines_short} of the lines of return {return_number} name goods that are no longer where"
        " they came back to, or are promised to others. `lines` says of each what is on hand there,"
        " allocated to which orders, in inspection and frozen, and which units are elsewhere. Take"
        " back what moved them on, or release what holds them."
    )
    zh = (
        "退货单 {return_number} 有 {lines_short} 行的货品已不在退回的仓库或已被占用。"
        "lines 列出各行的现存量、已分配量及其订单、质检中与冻结数量，以及不在原处的序列号。"
        "请先撤回其后续单据，或释放占用。"
    )


class ReturnedUnit(NamedTuple):
    """Where a named unit is now, and what it is there."""

    place: Place
    status: Status | None
    """None of a unit that is not on hand."""


@dataclass(frozen=True)
class ReturnReversal:
    """The reversal of a return, as its owner decided it; the return is undone whole."""

    document: Document
    return_id: UUID
    return_number: str
    site_id: str
    about: UUID
    """The shipment that goods had come back of, or the receipt whose goods had gone back."""
    lines: Mapping[int, int]
    """By lines of the return: the lines of the shipment, or of the receipt."""
    order_id: UUID | None = None
    """Of customers' returns."""


@dataclass(frozen=True)
class Part:
    """What is taken out of one status by the reversal of a return's entry."""

    entry: Entry
    status: Status
    quantity: Decimal
    before: Decimal
    """How much of the entry the parts before it take."""
    serials: tuple[str, ...]


Left = dict[tuple[Place, Status], Decimal]


def parts_of(
    entries: Sequence[Entry],
    balances: Mapping[Place, Balance],
    units: Mapping[tuple[str, str], ReturnedUnit],
) -> tuple[list[Part], list[Entry]]:
    """Return what is taken out of which status, and the entries that the shelf is short for.

    Goods are where an inspection has put them: those still to be inspected are taken first, then
    those released, then those rejected. Named units are taken from wherever each of them is.
    """
    left: Left = {
        (place, status): getattr(balance, status.value)
        for place, balance in balances.items()
        for status in FROM
    }
    parts: list[Part] = []
    short: list[Entry] = []
    for entry in entries:
        found = list(_found(entry, left, units))
        if sum((one.quantity for one in found), ZERO) < entry.movement.quantity:
            short.append(entry)
            continue
        for one in found:
            left[entry.movement.place, one.status] -= one.quantity
        parts += found
    return parts, short


def _found(
    entry: Entry, left: Left, units: Mapping[tuple[str, str], ReturnedUnit]
) -> Iterator[Part]:
    movement, taken = entry.movement, ZERO
    for status in FROM:
        there = left[movement.place, status]
        named: tuple[str, ...] = ()
        wanted = movement.quantity - taken
        if movement.serials:
            item_id, here = movement.place.item_id, ReturnedUnit(movement.place, status)
            named = tuple(one for one in movement.serials if units.get((item_id, one)) == here)
            wanted = Decimal(len(named))
        quantity = min(wanted, there)
        if quantity > 0:
            yield Part(entry, status, quantity, taken, named[: int(quantity)] if named else ())
            taken += quantity
