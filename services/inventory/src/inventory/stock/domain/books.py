"""The books: gapless streams of entries, and the balances they explain."""

from dataclasses import dataclass, field
from decimal import Decimal

from inventory.catalog.domain import plain
from inventory.stock.domain.movements import Entry, Movement, Place, Status, Stream, hash_of
from servicekit.errors import Kind, Refusal

ZERO = Decimal(0)


class BalanceExceeded(Refusal):
    """More was to be taken than the books have: they and the document contradict each other."""

    code = "balance_exceeded"
    en = "{quantity} was to be taken from {figure}, which is {present}. Compare the books."
    zh = "需从 {figure} 中扣减 {quantity}，而其现值为 {present}。请核对账目。"


class LineExceedsBalance(BalanceExceeded):
    """A line of a document takes more than there is in the status it takes it from."""

    en = (
        "Line {line_no} takes {quantity} of item {item_id}, and of {figure} goods there are"
        " {present} in warehouse {warehouse_id} of site {site_id}. Count the goods, and find the"
        " documents that are not posted yet."
    )
    zh = (
        "第 {line_no} 行需要商品 {item_id} {quantity}，而门店 {site_id} 的仓库 {warehouse_id} 中"
        "状态为 {figure} 的仅有 {present}。请清点实物，并检查尚未过账的单据。"
    )

    @classmethod
    def of(cls, movement: Movement, exceeded: BalanceExceeded) -> "LineExceedsBalance":
        """Return the refusal with the place and the line that it is about."""
        place = movement.place
        return cls(
            line_no=movement.line_no,
            site_id=place.site_id,
            warehouse_id=place.warehouse_id,
            item_id=place.item_id,
            batch_id=place.batch_id,
            **exceeded.facts,
        )


class ItemHasStock(Refusal):
    """What is on a shelf is sold, moved or scrapped before its item is given up."""

    kind = Kind.CONFLICT
    code = "item_has_stock"
    en = "Item {item_id} is in stock in warehouse {warehouse_id} of site {site_id}. Clear it first."
    zh = "商品 {item_id} 在门店 {site_id} 的仓库 {warehouse_id} 仍有库存。请先清空库存。"


@dataclass
class Balance:
    """What is of an item at a place. No figure ever falls below zero."""

    on_hand: Decimal = ZERO
    allocated: Decimal = ZERO
    in_inspection: Decimal = ZERO
    frozen: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        """Return what can still be promised."""
        return self.on_hand - self.allocated - self.in_inspection - self.frozen

    def allocate(self, quantity: Decimal) -> None:
        """Promise goods; only what is available can be."""
        self.move(quantity, Status.AVAILABLE, Status.ALLOCATED)

    def free(self, quantity: Decimal) -> None:
        """Take a promise back; only what was promised can be."""
        self.move(quantity, Status.ALLOCATED, Status.AVAILABLE)

    def move(self, quantity: Decimal, source: Status | None, target: Status | None) -> None:
        """Let goods leave one status for another; only what is in it can."""
        if source is not None:
            present: Decimal = getattr(self, source)
            if quantity > present:
                raise BalanceExceeded(
                    figure=source.value, present=plain(present), quantity=plain(quantity)
                )
            self._add(source, -quantity)
        if target is not None:
            self._add(target, quantity)
        self.on_hand += quantity * ((source is None) - (target is None))

    def _add(self, status: Status, quantity: Decimal) -> None:
        if status is not Status.AVAILABLE:  # which is what the other figures leave
            setattr(self, status, getattr(self, status) + quantity)


@dataclass
class Head:
    """The end of a stream: the last number given, and the last entry's hash."""

    sequence: int = 0
    hash: bytes = b""


@dataclass
class Books:
    """The part of the books that one posting works on."""

    streams: dict[Stream, Head] = field(default_factory=dict)
    balances: dict[Place, Balance] = field(default_factory=dict)

    def book(self, movement: Movement) -> Entry:
        """Change the balance and return the entry that explains it, next in its stream."""
        balance = self.balances[movement.place]
        try:
            balance.move(movement.quantity, movement.source, movement.target)
        except BalanceExceeded as exceeded:
            raise LineExceedsBalance.of(movement, exceeded) from None
        head = self.streams[movement.place.stream]
        head.sequence += 1
        head.hash = hash_of(head.hash, head.sequence, movement)
        return Entry(head.sequence, movement, head.hash)
