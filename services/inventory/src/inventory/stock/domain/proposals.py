"""Proposals of batches by first expiry first out (FEFO). Nothing is ever picked silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalog.domain import Item, plain
from inventory.stock.domain.batches import Batch
from inventory.stock.domain.books import Balance
from servicekit.errors import Refusal


class BatchTaken(Refusal):
    """Nothing of the batch is free."""

    code = "batch_taken"
    en = (
        "Nothing of batch {batch_id} is available: {allocated} allocated, {in_inspection} in"
        " inspection, {frozen} frozen."
    )
    zh = "批次 {batch_id} 无可用数量：已分配 {allocated}，质检中 {in_inspection}，冻结 {frozen}。"


@dataclass(frozen=True)
class Offer:
    """What of a batch is at a place."""

    batch: Batch
    balance: Balance

    def must_be_free(self) -> None:
        """Raise `BatchTaken` if nothing of it can be promised."""
        if self.balance.available <= 0:
            raise BatchTaken(
                batch_id=self.batch.batch_id,
                allocated=plain(self.balance.allocated),
                in_inspection=plain(self.balance.in_inspection),
                frozen=plain(self.balance.frozen),
            )


@dataclass(frozen=True)
class Pick:
    """How much of a batch is proposed."""

    offer: Offer
    quantity: Decimal


@dataclass(frozen=True)
class LeftOut:
    """A batch that is not proposed, and why."""

    offer: Offer
    reason: Refusal


@dataclass(frozen=True)
class Proposal:
    """Batches to take, first expiry first; `missing` is what they don't cover."""

    picks: list[Pick]
    left_out: list[LeftOut]
    missing: Decimal


def first_expiry_first_out(
    item: Item, offers: Iterable[Offer], quantity: Decimal, on: date
) -> Proposal:
    """Propose batches for a quantity: the one that expires first goes first, undated ones last."""
    picks, left_out, missing = list[Pick](), list[LeftOut](), quantity
    for offer in sorted(offers, key=_by_expiry):
        try:
            offer.batch.must_be_sellable(item, on)
            offer.must_be_free()
        except Refusal as reason:
            left_out.append(LeftOut(offer, reason))
            continue
        taken = min(missing, offer.balance.available)
        missing -= taken
        if taken > 0:
            picks.append(Pick(offer, taken))
    return Proposal(picks, left_out, missing)


def _by_expiry(offer: Offer) -> tuple[date, str]:
    return offer.batch.expires_on or date.max, offer.batch.batch_id
