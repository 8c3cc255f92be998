"""Goods in transit: they have left one warehouse for another and have not arrived yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
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


class OtherThanInTransit(MoreThanInTransit):
    """Units came, or are lost, that the dispatch did not send, or that came before."""

    en = (
        "Of item {item_id}, {serials} are not among what is still in transit, {awaited};"
        " {tolerated} more are tolerated. Look at the numbers again, or adjust the rest."
    )
    zh = (
        "商品 {item_id} 的序列号 {serials} 不在在途序列号 {awaited} 之中；"
        "最多允许多收 {tolerated}。请重新核对序列号，或另行调整。"
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


class Part(NamedTuple):
    """Some goods, and which units, where they have numbers of their own."""

    quantity: Decimal
    serials: Sequence[str] = ()


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
    serials: Sequence[str] = ()
    """The units that were sent, where they have numbers of their own."""
    settled: Sequence[str] = ()
    """Those of them that arrived or are lost."""

    @property
    def awaited(self) -> list[str]:
        """Return the units that have not arrived yet."""
        return [one for one in self.serials if one not in self.settled]

    def arrive(self, given: Part) -> tuple[Part, Part]:
        """Return what of the goods was in transit, and what is surplus: units by their numbers."""
        arrived, surplus = self.split(given)
        if self.surplus + surplus.quantity > self.tolerated:
            raise self._too_much(given.quantity, self.tolerated - self.surplus, surplus.serials)
        self._settle(arrived)
        self.surplus += surplus.quantity
        return arrived, surplus

    def lose(self, given: Part) -> None:
        """Some of the goods will never arrive."""
        _, unknown = self.split(given)
        if unknown.quantity:
            raise self._too_much(given.quantity, ZERO, unknown.serials)
        self._settle(given)

    def split(self, given: Part) -> tuple[Part, Part]:
        """Return what of the goods is awaited, and what is not.

        Units that were sent without their numbers are told apart by how many they are.
        """
        awaited = set(self.awaited if self.serials else given.serials)
        ours = [one for one in given.serials if one in awaited]
        quantity = min(Decimal(len(ours)) if given.serials else given.quantity, self.outstanding)
        if given.serials:
            ours = ours[: int(quantity)]
        others = tuple(one for one in given.serials if one not in ours)
        return Part(quantity, tuple(ours)), Part(given.quantity - quantity, others)

    def return_to_transit(self, given: Part) -> None:
        """An arrival or a loss is taken back: its goods are in transit again."""
        self.outstanding += given.quantity
        self.settled = [one for one in self.settled if one not in given.serials]

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
        self.settled = list(self.serials)

    def _settle(self, part: Part) -> None:
        self.outstanding -= part.quantity
        self.settled = [*self.settled, *(one for one in part.serials if one in self.serials)]

    def _too_much(
        self, quantity: Decimal, tolerated: Decimal, others: Sequence[str]
    ) -> MoreThanInTransit:
        facts = {
            "item_id": self.item_id,
            "quantity": plain(quantity),
            "outstanding": plain(self.outstanding),
            "tolerated": plain(tolerated),
        }
        if not others or not self.serials:
            return MoreThanInTransit(**facts)
        awaited = ", ".join(self.awaited) or "-"
        return OtherThanInTransit(**facts, serials=", ".join(others), awaited=awaited)
