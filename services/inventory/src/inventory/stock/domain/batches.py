"""Batches: when they were made, when they expire, and until when they may be sold."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from inventory.catalog.domain import Item
from servicekit.errors import Kind, Refusal


class UnknownBatch(Refusal):
    """The item has no such batch."""

    kind = Kind.NOT_FOUND
    code = "unknown_batch"
    en = "Item {item_id} has no batch {batch_id}. Check it against the label, or register it."
    zh = "商品 {item_id} 没有批次 {batch_id}。请与标签核对，或先登记该批次。"


class BatchDiffers(Refusal):
    """The batch is known with another description; one of the two is wrong."""

    kind = Kind.CONFLICT
    code = "batch_differs"
    en = (
        "Batch {batch_id} of item {item_id} is known with {figure} {present}, not {given}."
        " Check the label; another batch needs another name."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 已登记 {figure} 为 {present}，而不是 {given}。"
        "请核对标签；不同批次须使用不同编号。"
    )


class BatchDatesCrossed(Refusal):
    """Nothing expires before it is made."""

    code = "batch_dates_crossed"
    en = "Batch {batch_id} can't expire on {expires_on}: it was made on {manufactured_on}."
    zh = "批次 {batch_id} 的到期日 {expires_on} 早于生产日期 {manufactured_on}。"


class BatchUndated(Refusal):
    """The item has a shelf life: without a date it could be sold for ever."""

    code = "batch_undated"
    en = "Item {item_id} has a shelf life: give batch {batch_id} a date of manufacture or expiry."
    zh = "商品 {item_id} 有保质期：请为批次 {batch_id} 填写生产日期或到期日。"


class BatchExpired(Refusal):
    """The batch is past its date."""

    code = "batch_expired"
    en = (
        "Batch {batch_id} of item {item_id} expired on {expires_on}, and it is {today} at the site."
        " Take another batch, and scrap this one."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 已于 {expires_on} 到期，门店当前日期为 {today}。"
        "请改用其他批次，并报损该批次。"
    )


class BatchInNoSaleWindow(Refusal):
    """The batch is too near its date to be sold."""

    code = "batch_in_no_sale_window"
    en = (
        "Batch {batch_id} of item {item_id} expires on {expires_on} and could be sold until"
        " {sellable_until}; it is {today} at the site. Take another batch."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 将于 {expires_on} 到期，最晚可售日为 {sellable_until}，"
        "门店当前日期为 {today}。请改用其他批次。"
    )


class BatchBlocked(Refusal):
    """The batch is called back."""

    kind = Kind.CONFLICT
    code = "batch_blocked"
    en = (
        "Batch {batch_id} of item {item_id} is called back by recall {recall} ({reason}): nobody"
        " gets it. Take another batch."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 已由召回单 {recall} 召回（{reason}），不得发出。"
        "请改用其他批次。"
    )


BatchKey = tuple[str, str]
"""Item and batch."""
STATED = ("manufactured_on", "expires_on", "process_version")


@dataclass(eq=False)
class Batch:
    """Goods of an item that were made together."""

    item_id: str
    batch_id: str
    manufactured_on: date | None = None
    expires_on: date | None = None
    """The last day on which it may be used."""
    process_version: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    blocked: bool = False
    """Whether it is called back, and promised to nobody therefore."""
    blocked_by: str | None = None
    """The number of the recall."""
    blocked_because: str | None = None

    @property
    def key(self) -> BatchKey:
        """Return item and batch."""
        return self.item_id, self.batch_id

    @property
    def why_blocked(self) -> dict[str, str]:
        """Return what a refusal says of a batch that is called back."""
        return {
            "item_id": self.item_id,
            "batch_id": self.batch_id,
            "recall": self.blocked_by or "-",
            "reason": self.blocked_because or "-",
        }

    def block(self, recall: str, reason: str) -> None:
        """Call the batch back."""
        self.blocked, self.blocked_by, self.blocked_because = True, recall, reason

    def unblock(self) -> None:
        """The batch is good after all."""
        self.blocked, self.blocked_by, self.blocked_because = False, None, None

    def dated(self, item: Item) -> "Batch":
        """Return this batch with its expiry, computed where only the manufacture is known."""
        if self.expires_on is None and self.manufactured_on and item.shelf_life_days is not None:
            self.expires_on = self.manufactured_on + timedelta(days=item.shelf_life_days)
        made, expires = self.manufactured_on, self.expires_on
        if made and expires and expires < made:
            raise BatchDatesCrossed(
                batch_id=self.batch_id, manufactured_on=str(made), expires_on=str(expires)
            )
        return self

    def must_be_dated(self, item: Item) -> None:
        """Raise `BatchUndated` for an item with a shelf life, if nobody knows when it ends."""
        if item.shelf_life_days is not None and self.expires_on is None:
            raise BatchUndated(item_id=self.item_id, batch_id=self.batch_id)

    def complete(self, given: "Batch") -> bool:
        """Take over what was not known of the batch; raise if something else was known."""
        learnt = False
        for figure in STATED:
            present, new = getattr(self, figure), getattr(given, figure)
            if present is not None and new is not None and present != new:
                raise BatchDiffers(
                    item_id=self.item_id,
                    batch_id=self.batch_id,
                    figure=figure,
                    present=str(present),
                    given=str(new),
                )
            if present is None and new is not None:
                setattr(self, figure, new)
                learnt = True
        if not given.attributes.items() <= self.attributes.items():
            self.attributes = {**self.attributes, **given.attributes}
            learnt = True
        return learnt

    def sellable_until(self, item: Item) -> date | None:
        """Return the last day on which the batch may be sold; None means for ever."""
        if self.expires_on is None:
            return None
        return self.expires_on - timedelta(days=item.no_sale_days)

    def must_not_be_blocked(self) -> None:
        """Raise `BatchBlocked` if it is called back."""
        if self.blocked:
            raise BatchBlocked(**self.why_blocked)

    def must_be_sellable(self, item: Item, on: date) -> None:
        """Raise unless the batch may be sold on this day, which is the site's."""
        self.must_not_be_blocked()
        until = self.sellable_until(item)
        if self.expires_on is None or until is None or on <= until:
            return
        facts = {
            "item_id": self.item_id,
            "batch_id": self.batch_id,
            "expires_on": str(self.expires_on),
            "today": str(on),
        }
        if on > self.expires_on:
            raise BatchExpired(**facts)
        raise BatchInNoSaleWindow(sellable_until=str(until), **facts)
