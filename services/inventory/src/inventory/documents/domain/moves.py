"""What posting a document moves, and what reversing it moves back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inventory.documents.domain.document import StockDocument
from inventory.documents.domain.kinds import DocumentKind
from inventory.documents.domain.line import DocumentLine
from inventory.stock.domain import Entry, InTransit, Kind, Movement, Part

Transit = Mapping[int, InTransit]
"""What a dispatch sent, by the number of its line."""


@dataclass(frozen=True)
class Arrival:
    """Which dispatched goods arrive with a movement, as they stand after it."""

    from_site_id: str
    dispatch_sequence: int
    dispatched: Decimal
    outstanding: Decimal


@dataclass(frozen=True)
class Move:
    """A movement of a document's line, and what its fact says besides."""

    document: StockDocument
    line: DocumentLine
    movement: Movement
    reason: str = ""
    arrival: Arrival | None = None


def moves_of(document: StockDocument, transit: Transit) -> list[Move]:
    """Return what a posted document moves, line by line."""
    make = _MAKERS.get(document.kind, _plain)
    moves: list[Move] = []
    for line in document.lines:
        base = Movement(
            _kind_of(line),
            document.place_of(line),
            line.quantity,
            document.in_the_books(),
            line.line_no,
            line.source,
            line.target,
            rule=line.rule,
            serials=tuple(line.serials),
        )
        moves.extend(make(Move(document, line, base, document.rules.reason), transit))
    return moves


def _kind_of(line: DocumentLine) -> Kind:
    if line.source is not None and line.target is not None:
        return Kind.STATUS
    return Kind.GAIN if line.source is None else Kind.ISSUE


def _plain(move: Move, _: Transit) -> Iterator[Move]:
    yield move


def _dispatch(move: Move, _: Transit) -> Iterator[Move]:
    yield replace(move, movement=replace(move.movement, kind=Kind.DISPATCH))


def _arrive(move: Move, transit: Transit) -> Iterator[Move]:
    sent = transit[move.line.dispatch_line_no or 0]
    arrived, surplus = sent.arrive(_part(move.movement))
    if arrived.quantity:
        part = replace(move.movement, kind=Kind.ARRIVAL, **arrived._asdict())
        yield replace(move, movement=part, arrival=_arrival(sent))
    if surplus.quantity:
        yield replace(move, movement=replace(move.movement, **surplus._asdict()))


def _lose(move: Move, transit: Transit) -> Iterator[Move]:
    """What is lost arrives in the books of those who waited for it, and is gone from there.

    So its value goes the same way as that of all other goods of the dispatch, and the loss is a
    cost of the site that declares it.
    """
    sent = transit[move.line.dispatch_line_no or 0]
    sent.lose(_part(move.movement))
    arrived = replace(move.movement, kind=Kind.ARRIVAL)
    yield replace(move, movement=arrived, arrival=_arrival(sent))
    gone = replace(arrived, kind=Kind.ISSUE, source=arrived.target, target=None)
    yield replace(move, movement=gone)


_MAKERS = {
    DocumentKind.TRANSFER_DISPATCH: _dispatch,
    DocumentKind.TRANSFER_ARRIVAL: _arrive,
    DocumentKind.TRANSFER_LOSS: _lose,
}


def _part(movement: Movement) -> Part:
    return Part(movement.quantity, movement.serials)


def _arrival(sent: InTransit) -> Arrival:
    return Arrival(sent.from_site_id, sent.dispatch_sequence, sent.dispatched, sent.outstanding)


def sent_by(document: StockDocument, entries: Iterable[Entry]) -> list[InTransit]:
    """Return what is in transit once a document is booked with these entries."""
    if document.to_site_id is None or document.to_warehouse_id is None:
        return []
    return [
        InTransit(
            to_site_id=document.to_site_id,
            document_id=document.document_id,
            line_no=entry.movement.line_no,
            item_id=entry.movement.place.item_id,
            batch_id=entry.movement.place.batch_id,
            from_site_id=document.site_id,
            from_warehouse_id=document.warehouse_id,
            to_warehouse_id=document.to_warehouse_id,
            dispatch_sequence=entry.sequence,
            dispatched_at=entry.movement.document.effective_at,
            expected_at=document.expected_at,
            dispatched=entry.movement.quantity,
            outstanding=entry.movement.quantity,
            tolerated=entry.movement.quantity * document.over_percent / 100,
            serials=list(entry.movement.serials),
        )
        for entry in entries
    ]


def moves_back(reversal: StockDocument, entries: Sequence[Entry]) -> list[Move]:
    """Return what takes back the entries that another document made, the last one first."""
    lines = {line.line_no: line for line in reversal.lines}
    booked = reversal.in_the_books()
    return [
        Move(
            reversal,
            lines[taken.line_no],
            replace(
                taken,
                kind=Kind.REVERSAL,
                document=booked,
                source=taken.target,
                target=taken.source,
                reverses=entry.sequence,
                undoes=taken.kind,
            ),
        )
        for entry in reversed(entries)
        for taken in (entry.movement,)
    ]


def undo_transit(original: StockDocument, entries: Iterable[Entry], transit: Transit) -> None:
    """Let what is in transit be as it was before the document; raise if that can't be."""
    if original.kind is DocumentKind.TRANSFER_DISPATCH:
        for sent in transit.values():
            sent.recall()
    if original.dispatch_id is None:
        return
    lines = {line.line_no: line.dispatch_line_no or 0 for line in original.lines}
    for entry in entries:
        sent = transit[lines[entry.movement.line_no]]
        if entry.movement.kind is Kind.ARRIVAL:
            sent.return_to_transit(_part(entry.movement))
        elif entry.movement.kind is Kind.GAIN:
            sent.return_surplus(entry.movement.quantity)
