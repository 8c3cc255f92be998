"""Goods in transit: they have left one warehouse for another and have not arrived yet."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from inventory.catalog.domain import plain
from inventory.stock.domain.books import ZERO
from servicekit.errors import Kind, Refusal


class MoreThanInTransit(Refusal):
    """More is to arrive than is still in transit, beyond what the dispatch tolerates."""

    kind = Kind.CONFLICT
    code = "more_than_in_transit"
    en = (
        "{quantity} of item {item_id} are more than the {outstanding} still in transit; {tolerated}"
        " more are tolerated. Count again, or adjust the rest."
    )
    zh = (
        "商品 {item_id} 数量 {quantity} 超过在途数量 {outstanding}；最多允许多收 {tolerated}。"
        "请重新清点，或另行调整。"
    )


class ArrivedMeanwhile(Refusal):
    """A dispatch is not taken back once something of it has arrived."""

    kind = Kind.CONFLICT
    code = "dispatch_arrived"
    en = (
        "Of {dispatched} of item {item_id} only {outstanding} are still in transit. Reverse the"
        " arrivals and losses of this dispatch first."
    )
    zh = "商品 {item_id} 调出 {dispatched}，在途仅剩 {outstanding}。请先冲销该调出单的到货与损失。"


@dataclass(eq=False, kw_only=True)
class InTransit:
    """What one entry of a dispatch sent, and what of it has not arrived yet."""

    to_site_id: str
    document_id: UUID
    """The dispatch."""
    line_no: int
    item_id: str
    batch_id: str
    from_site_id: str
    from_warehouse_id: str
    to_warehouse_id: str
    dispatch_sequence: int
    """The entry that sent the goods, in the stream of their item where they came from."""
    dispatched_at: datetime
    expected_at: datetime | None
    dispatched: Decimal
    outstanding: Decimal
    tolerated: Decimal
    """How much more than dispatched may arrive."""
    surplus: Decimal = ZERO
    """How much more has arrived."""

    def arrive(self, quantity: Decimal) -> tuple[Decimal, Decimal]:
        """Return how much of the quantity was in transit, and how much is surplus."""
        arrived = min(quantity, self.outstanding)
        surplus = quantity - arrived
        if self.surplus + surplus > self.tolerated:
            raise self._too_much(quantity, self.tolerated - self.surplus)
        self.outstanding -= arrived
        self.surplus += surplus
        return arrived, surplus

    def lose(self, quantity: Decimal) -> None:
        """Some of the goods will never arrive."""
        if quantity > self.outstanding:
            raise self._too_much(quantity, ZERO)
        self.outstanding -= quantity

    def return_to_transit(self, quantity: Decimal) -> None:
        """An arrival or a loss is taken back: its goods are in transit again."""
        self.outstanding += quantity

    def return_surplus(self, quantity: Decimal) -> None:
        """A surplus is taken back."""
        self.surplus -= quantity

    def recall(self) -> None:
        """The dispatch is taken back, whole or not at all: nothing of it may arrive any more."""
        if (self.outstanding, self.surplus) != (self.dispatched, ZERO):
            raise ArrivedMeanwhile(
                item_id=self.item_id,
                dispatched=plain(self.dispatched),
                outstanding=plain(self.outstanding),
            )
        self.outstanding = self.tolerated = ZERO

    def _too_much(self, quantity: Decimal, tolerated: Decimal) -> MoreThanInTransit:
        return MoreThanInTransit(
            item_id=self.item_id,
            quantity=plain(quantity),
            outstanding=plain(self.outstanding),
            tolerated=plain(tolerated),
        )
