"""Where goods came from and where they went: stretches of streams, joined by transfers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from inventory.stock.domain.movements import Place, Stream
from servicekit.errors import Kind, Refusal

Position = tuple[Stream, int]
"""An entry that a page has ended with."""
LAST = 2**63 - 1
STRETCHES_MAX = 1_000
"""Goods that are not told apart reach ever more places: a trace shows so many, and says so."""


class TraceUnclear(Refusal):
    """It was not said, or said twice, what is to be traced."""

    kind = Kind.INVALID
    code = "trace_unclear"
    en = (
        "Trace one thing: a document_id, or a warehouse_id with its site_id, or an item_id,"
        " to which a batch_id or a serial_no may be added."
    )
    zh = (
        "请只指定一个追踪对象：document_id；或 warehouse_id 及 site_id；"
        "或 item_id（可附 batch_id 或 serial_no）。"
    )


class UnknownDocument(Refusal):
    """No entry of the ledger names this document."""

    kind = Kind.NOT_FOUND
    code = "document_not_booked"
    en = "The ledger has no entry of document {document_id}. It may not be posted yet."
    zh = "台账中没有单据 {document_id} 的分录，该单据可能尚未过账。"


class Direction(StrEnum):
    """Which way a trace goes: backward to where goods came from, forward to where they went."""

    BACKWARD = "backward"
    FORWARD = "forward"


@dataclass(frozen=True, order=True)
class Point:
    """An entry of a place."""

    place: Place
    sequence: int


@dataclass(frozen=True)
class Transfer:
    """Goods that left a place by one entry, and came to another by one."""

    left: Point
    came: Point


@dataclass(frozen=True)
class Touch:
    """An entry of the document that is traced: whether goods went out of the place, or came in."""

    point: Point
    takes: bool
    brings: bool


@dataclass(frozen=True)
class Stretch:
    """Entries of a stream from one number to another; None means any warehouse, or batch."""

    stream: Stream
    first: int = 1
    last: int = LAST
    warehouse_id: str | None = None
    batch_id: str | None = None

    def ahead(self, after: Position | None, direction: Direction) -> "Stretch | None":
        """Return what of it lies beyond a position, or None where nothing does."""
        if after is None:
            return self
        stream, sequence = after
        if self.stream == stream:
            first, last = (
                (max(self.first, sequence + 1), self.last)
                if direction is Direction.FORWARD
                else (self.first, min(self.last, sequence - 1))
            )
            return replace(self, first=first, last=last) if first <= last else None
        return self if (self.stream > stream) is (direction is Direction.FORWARD) else None


class _Way:
    """The transfers, seen in the direction of the trace."""

    def __init__(self, transfers: Iterable[Transfer], direction: Direction) -> None:
        self.forward = direction is Direction.FORWARD
        self._ends: dict[Place, list[tuple[int, Point]]] = defaultdict(list)
        for one in transfers:
            near, far = (one.left, one.came) if self.forward else (one.came, one.left)
            self._ends[near.place].append((near.sequence, far))

    def across(self, point: Point) -> list[Point]:
        """Return the other ends of what this very entry transferred."""
        return [far for sequence, far in self._ends[point.place] if sequence == point.sequence]

    def beyond(self, point: Point) -> list[Point]:
        """Return the other ends of what was transferred here, at this entry or on from it."""
        ends = self._ends[point.place]
        return [far for sequence, far in ends if self.reaches(point.sequence, sequence)]

    def reaches(self, edge: int, sequence: int) -> bool:
        """Tell whether an entry lies on from the edge of a place."""
        return edge <= sequence if self.forward else edge >= sequence


def stretches_of(
    touches: Iterable[Touch], transfers: Iterable[Transfer], direction: Direction
) -> tuple[list[Stretch], bool]:
    """Return all that a document's goods may have passed through, and whether that is all.

    Forward, goods that came to a place may leave it by any later entry there; backward, goods
    that left it may have come by any earlier one. A transfer carries on at its other end.
    """
    own, way = list(touches), _Way(transfers, direction)
    reached: dict[Place, int] = {}
    waiting = [one.point for one in own if (one.brings if way.forward else one.takes)]
    waiting += [far for one in own for far in way.across(one.point)]
    while waiting and len(reached) < STRETCHES_MAX:
        point = waiting.pop()
        edge = reached.get(point.place)
        if edge is None or not way.reaches(edge, point.sequence):
            reached[point.place] = point.sequence
            waiting += way.beyond(point)
    stretches = [_stretch(place, edge, way.forward) for place, edge in reached.items()]
    for one in own:
        place, sequence = one.point.place, one.point.sequence
        if place not in reached or not way.reaches(reached[place], sequence):
            stretches.append(_part(place, sequence, sequence))
    return sorted(stretches, key=_order), not waiting


def _stretch(place: Place, edge: int, forward: bool) -> Stretch:  # noqa: FBT001 - of two ways
    return _part(place, edge, LAST) if forward else _part(place, 1, edge)


def _part(place: Place, first: int, last: int) -> Stretch:
    return Stretch(place.stream, first, last, place.warehouse_id, place.batch_id)


def _order(one: Stretch) -> tuple[str, str, str, str, int]:
    return (*one.stream, one.warehouse_id or "", one.batch_id or "", one.first)
