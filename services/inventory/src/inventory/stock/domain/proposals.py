"""Proposals of batches by first expiry first out (FEFO). Nothing is ever picked silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalog.domain import Item
from inventory.stock.domain.batches import Batch
from servicekit.errors import Refusal


@dataclass(frozen=True)
class Offer:
    """What of a batch could be promised at a place."""

    batch: Batch
    available: Decimal


@dataclass(frozen=True)
class Pick:
    """What of a batch is proposed."""

    batch: Batch
    available: Decimal
    quantity: Decimal


@dataclass(frozen=True)
class LeftOut:
    """A batch that is not proposed, and why."""

    batch: Batch
    available: Decimal
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
        except Refusal as reason:
            left_out.append(LeftOut(offer.batch, offer.available, reason))
            continue
        taken = min(missing, offer.available)
        missing -= taken
        if taken > 0:
            picks.append(Pick(offer.batch, offer.available, taken))
    return Proposal(picks, left_out, missing)


def _by_expiry(offer: Offer) -> tuple[date, str]:
    return offer.batch.expires_on or date.max, offer.batch.batch_id
