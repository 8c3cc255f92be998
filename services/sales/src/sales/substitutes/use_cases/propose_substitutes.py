"""Propose substitutes: what stands in for goods that are short, is there, and what it costs."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from sales.inventory_client import Explained, GoodsAsked, inventory_of
from sales.prices.domain import NoPrice
from sales.prices.use_cases.price_lines import LineToPrice, Terms, price_lines
from sales.reference import store as reference
from sales.reference.domain import Item
from sales.substitutes import store
from sales.substitutes.domain import StandIn, stand_ins
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context

TOO_MUCH = Decimal(10**12)
"""More than can be written anywhere in the platform, of goods or of money."""
PER_LINE_MAX = 5
OFFERS_MAX = 20
"""So many are looked for in all, for each is a question to inventory."""


class Buying(Protocol):
    """A document that says who buys where."""

    @property
    def customer_id(self) -> str: ...
    @property
    def site_id(self) -> str: ...
    @property
    def warehouse_id(self) -> str: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who would buy where."""

    customer_id: str
    site_id: str
    warehouse_id: str
    currency: str

    @classmethod
    def of(cls, document: "Buying") -> "Buyer":
        """Return who would buy something else instead of what a document is for."""
        return cls(**{field.name: getattr(document, field.name) for field in fields(cls)})


@dataclass(frozen=True)
class Short:
    """What is short, in its base unit."""

    line_no: int
    item_id: str
    quantity: Decimal


@dataclass(frozen=True)
class Offer:
    """So much of another item, and its price for the buyer, if it has one."""

    short: Short
    item: Item
    quantity: Decimal
    amount: Decimal | None


async def offered(
    context: Context, buyer: Buyer, short: Sequence[Short]
) -> list[dict[str, Any]] | None:
    """Return substitutes that are there, the best of each line first; None if nobody can say."""
    try:
        return await propose_substitutes(context, buyer, short)
    except PeerUnavailable:
        return None


async def with_substitutes(
    context: Context, buyer: Buyer, problem: Mapping[str, Any]
) -> dict[str, Any]:
    """Add what could be had instead of what is short: told, and never put in its place."""
    short = [
        Short(int(one["line_no"]), one["item_id"], Decimal(str(one["requested"])))
        for one in problem.get("shortages", ())
        if not one.get("kit_item_id") and {"line_no", "item_id", "requested"} <= one.keys()
    ]
    return {**problem, "substitutes": await offered(context, buyer, short)}


async def propose_substitutes(
    context: Context, buyer: Buyer, short: Sequence[Short]
) -> list[dict[str, Any]]:
    """Return substitutes of which there is any; raise `PeerUnavailable` if inventory is away."""
    if not short:
        return []
    async with context.database.transaction() as session:
        offers = await _offers(session, buyer, short)
    inventory = inventory_of(context)
    found = await asyncio.gather(
        *(
            inventory.explain(
                buyer.site_id,
                buyer.warehouse_id,
                GoodsAsked(item_id=offer.item.item_id, quantity=offer.quantity),
            )
            for offer in offers
        )
    )
    told = [_told(offer, said) for offer, said in zip(offers, found, strict=True)]
    return [one for one in told if one is not None]


async def _offers(session: AsyncSession, buyer: Buyer, short: Sequence[Short]) -> list[Offer]:
    at = now()
    site = await reference.site_of(session, buyer.site_id)
    known = await store.substitutions_of(session, [one.item_id for one in short])
    pairs = [
        (one, stand_in)
        for one in short
        for stand_in in stand_ins(known, one.item_id, site.day_of(at))[:PER_LINE_MAX]
    ]
    terms = Terms(customer_id=buyer.customer_id, site=site, currency=buyer.currency, at=at)
    offers = [await _offer(session, terms, one, stand_in) for one, stand_in in pairs]
    return [offer for offer in offers if offer is not None][:OFFERS_MAX]


async def _offer(
    session: AsyncSession, terms: Terms, short: Short, stand_in: StandIn
) -> Offer | None:
    item = (await reference.items_of(session, [stand_in.item_id]))[stand_in.item_id]
    if item.disabled or not item.for_sale:
        return None
    quantity = stand_in.quantity_for(short.quantity, item.scale)
    if quantity >= TOO_MUCH:
        return None
    line = LineToPrice(line_no=short.line_no, item=item, unit=item.base_unit, quantity=quantity)
    try:
        (price,) = await price_lines(session, terms, [line])
    except NoPrice:
        return Offer(short, item, quantity, None)
    return Offer(short, item, quantity, price.amount if price.amount < TOO_MUCH else None)


def _told(offer: Offer, said: Explained) -> dict[str, Any] | None:
    available = _available(offer.quantity, said)
    if available <= 0:
        return None
    picks = said.facts.get("proposal", {}).get("picks", [])
    return {
        "line_no": offer.short.line_no,
        "item_id": offer.short.item_id,
        "substitute_id": offer.item.item_id,
        "unit": offer.item.base_unit,
        "quantity": f"{offer.quantity.normalize():f}",
        "available": f"{available.normalize():f}",
        "enough": available >= offer.quantity,
        "amount": None if offer.amount is None else f"{offer.amount:f}",
        "batches": [{"batch_id": one["batch_id"], "quantity": one["quantity"]} for one in picks],
    }


def _available(quantity: Decimal, said: Explained) -> Decimal:
    """Return how much there is; of a kit, or of batches, at most as much as would be needed."""
    if "proposal" in said.facts:
        return quantity - Decimal(str(said.facts["proposal"]["missing"]))
    if said.code is not None or not said.lines:
        return Decimal(0)
    if len(said.lines) == 1:
        return said.lines[0].available
    return quantity if said.can_ship else Decimal(0)
