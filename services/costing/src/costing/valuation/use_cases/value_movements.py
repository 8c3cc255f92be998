"""Value movements: each stream's facts in ledger order, however they came.

A fact that was applied before is passed over, one that comes before its turn is kept until the gap
closes. So the same facts give the same costs in any order and with any repeats.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.catalogue import BY_TYPE
from contracts.costing import GoodsSoldCosted
from contracts.inventory import StockFact, StockReceived, StockShipped
from costing.valuation import store
from costing.valuation.domain import Entry, Kind, Movement, OtherCurrency
from costing.valuation.store import Pending, Stream
from servicekit import outbox
from servicekit.clock import now


async def value_movements(session: AsyncSession, facts: Sequence[StockFact], currency: str) -> None:
    """Apply a batch of stock facts to the values of their streams."""
    at = now()
    arrived: dict[Stream, dict[int, StockFact]] = {}
    for fact in facts:
        _must_be_in(currency, fact)
        arrived.setdefault((fact.site_id, fact.item_id), {})[fact.sequence] = fact
    valuations = await store.lock_valuations(session, arrived.keys())
    waiting = await store.take_pending(session, arrived.keys())
    entries: list[Entry] = []
    early: list[tuple[Stream, int, Pending]] = []
    for stream, fresh in arrived.items():
        known = {n: _revived(one) for n, one in waiting.get(stream, {}).items()}
        movements = {n: movement_of(fact) for n, fact in (known | fresh).items()}
        entries += valuations[stream].advance(movements)
        early += _early(stream, fresh, valuations[stream].sequence)
    await store.keep_pending(session, early, at)
    if entries:
        moved = {(e.movement.site_id, e.movement.item_id) for e in entries}
        changed = [valuations[stream] for stream in sorted(moved)]
        await store.append(session, entries, at)
        await store.save_valuations(session, changed)
        await store.drop_pending(session, [v for v in changed if (v.site_id, v.item_id) in waiting])
        await outbox.add(session, _costed(entries, currency, at))


def movement_of(fact: StockFact) -> Movement:
    """Return a fact as the domain knows it."""
    return Movement(
        site_id=fact.site_id,
        item_id=fact.item_id,
        sequence=fact.sequence,
        kind=Kind.RECEIPT if isinstance(fact, StockReceived) else Kind.SHIPMENT,
        quantity=fact.quantity,
        unit_cost=fact.unit_cost if isinstance(fact, StockReceived) else None,
        document_id=fact.document_id,
        document_number=fact.document_number,
        line_no=fact.line_no,
        order_id=fact.order_id if isinstance(fact, StockShipped) else None,
        posted_at=fact.posted_at,
    )


def _must_be_in(currency: str, fact: StockFact) -> None:
    if isinstance(fact, StockReceived) and fact.currency != currency:
        raise OtherCurrency(books=currency, given=fact.currency)


def _early(
    stream: Stream, fresh: Mapping[int, StockFact], sequence: int
) -> Iterable[tuple[Stream, int, Pending]]:
    for number, fact in fresh.items():
        if number > sequence:
            yield stream, number, Pending(fact.TYPE, fact.model_dump_json())


def _revived(kept: Pending) -> StockFact:
    fact = BY_TYPE[kept.type].model_validate_json(kept.payload)
    if not isinstance(fact, StockFact):
        raise TypeError(f"{kept.type} is no stock fact")
    return fact


def _costed(entries: Sequence[Entry], currency: str, at: datetime) -> Iterable[GoodsSoldCosted]:
    for entry in entries:
        movement = entry.movement
        if movement.order_id is not None:
            yield GoodsSoldCosted(
                site_id=movement.site_id,
                item_id=movement.item_id,
                sequence=movement.sequence,
                shipment_id=movement.document_id,
                line_no=movement.line_no,
                order_id=movement.order_id,
                quantity=movement.quantity,
                unit_cost=entry.unit_cost,
                cost=-entry.value,
                currency=currency,
                costed_at=at,
            )
