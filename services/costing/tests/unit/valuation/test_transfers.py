"""Goods in transit keep their value, whoever is heard of first (E1, E2, E5)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from costing.valuation.domain.books import Books
from costing.valuation.domain.movement import (
    ZERO,
    Destination,
    Entry,
    EntryKey,
    Kind,
    Movement,
    Stream,
)
from costing.valuation.domain.valuation import Valuation

AT = datetime(2026, 1, 1, tzinfo=UTC)
SITES = ("a", "b")
OUTWARD = (Kind.SHIPMENT, Kind.ISSUE, Kind.DISPATCH)


class World:
    """An inventory of two sites: it writes only what a real one would."""

    def __init__(self) -> None:
        self.told: list[Movement] = []
        self.there = dict.fromkeys(SITES, ZERO)
        self.under_way: dict[EntryKey, Decimal] = {}
        self.reversed: set[EntryKey] = set()

    def write(self, site: str, kind: Kind, quantity: Decimal, **more: Any) -> Movement:
        """Write an entry into the ledger of a site."""
        number = sum(one.site_id == site for one in self.told) + 1
        document = (UUID(int=number), f"{site}-{number}", 1, AT)
        one = Movement(site, "i", number, kind, quantity, *document, **more)
        inward = kind in (Kind.RECEIPT, Kind.GAIN, Kind.ARRIVAL)
        inward = inward or (kind is Kind.REVERSAL and one.inward)
        if kind is not Kind.STATUS:
            self.there[site] += quantity if inward else -quantity
        self.told.append(one)
        return one

    def send(self, site: str, to: str, quantity: Decimal) -> Movement:
        """Dispatch goods."""
        sent = self.write(site, Kind.DISPATCH, quantity, destination=Destination(to, "w"))
        self.under_way[sent.key] = quantity
        return sent

    def arrive(self, sent: Movement, quantity: Decimal) -> Movement:
        """Let goods arrive where they were sent."""
        assert sent.destination is not None
        self.under_way[sent.key] -= quantity
        last = self.under_way[sent.key] <= 0
        site = sent.destination.site_id
        return self.write(site, Kind.ARRIVAL, quantity, dispatch=sent.key, last=last)

    def reverse(self, one: Movement) -> Movement:
        """Take an entry back."""
        self.reversed.add(one.key)
        if one.kind is Kind.DISPATCH:
            del self.under_way[one.key]
        if one.dispatch is not None:
            self.under_way[one.dispatch] += one.quantity
        inward = one.kind in OUTWARD
        return self.write(
            one.site_id, Kind.REVERSAL, one.quantity, reverses=one.sequence, inward=inward
        )

    def reversible(self) -> list[Movement]:
        """Return the entries that may be taken back as things are."""
        return [
            one
            for one in self.told
            if one.kind not in (Kind.STATUS, Kind.REVERSAL)
            and one.key not in self.reversed
            and (one.kind in OUTWARD or self.there[one.site_id] >= one.quantity)
            and (one.kind is not Kind.DISPATCH or self.under_way[one.key] == one.quantity)
        ]


def books() -> Books:
    return Books({(site, "i"): Valuation(site, "i") for site in SITES})


def hear(into: Books, movements: Iterable[Movement], size: int = 1) -> list[Entry]:
    """Apply movements in batches, as they come; what is early waits."""
    arriving, entries = list(movements), []
    waiting: dict[Stream, dict[int, Movement]] = {stream: {} for stream in into.valuations}
    for at in range(0, len(arriving), size):
        for one in arriving[at : at + size]:
            if one.sequence > into.valuations[one.stream].sequence:
                waiting[one.stream][one.sequence] = one
        entries += into.advance(waiting)
    assert not into.refused
    return sorted(entries, key=lambda entry: entry.movement.key)


def left(into: Books) -> Decimal:
    """Return the value of all that is in transit."""
    transits = into.transits.values()
    return sum((one.value - one.arrived_value - one.returned_value for one in transits), ZERO)


def sent_ten() -> tuple[World, Movement]:
    world = World()
    world.write("a", Kind.RECEIPT, Decimal(10), unit_cost=Decimal("1.001"))
    return world, world.send("a", "b", Decimal(10))


def test_what_is_sent_is_in_transit_until_it_arrives() -> None:
    world, sent = sent_ten()
    seen = books()
    hear(seen, world.told)
    assert (left(seen), seen.valuations["a", "i"].value) == (Decimal("10.01"), 0)
    hear(seen, [*world.told, world.arrive(sent, Decimal(10))])
    assert (left(seen), seen.valuations["b", "i"].value) == (0, Decimal("10.01"))


def test_parts_have_their_share_and_the_last_takes_what_is_left() -> None:
    world, sent = sent_ten()
    parts = [world.arrive(sent, Decimal(n)) for n in (3, 3, 4)]
    entries = hear(books(), world.told)
    values = [one.value for one in entries if one.movement in parts]
    assert values == [Decimal("3.00"), Decimal("3.01"), Decimal("4.00")]


def test_an_arrival_waits_for_its_dispatch_and_its_stream_with_it() -> None:
    world, sent = sent_ten()
    arrival = world.arrive(sent, Decimal(10))
    sold = world.write("b", Kind.SHIPMENT, Decimal(1))
    seen = books()
    assert hear(seen, [arrival, sold]) == []
    entries = seen.advance(
        {one.stream: {} for one in world.told}
        | {
            ("a", "i"): {one.sequence: one for one in world.told if one.site_id == "a"},
            ("b", "i"): {1: arrival, 2: sold},
        }
    )
    assert [one.movement.key for one in entries][-2:] == [arrival.key, sold.key]


def test_goods_that_cross_on_their_way_don_t_wait_for_each_other() -> None:
    world = World()
    for site in SITES:
        world.write(site, Kind.RECEIPT, Decimal(5), unit_cost=Decimal(2))
    there, back = world.send("a", "b", Decimal(2)), world.send("b", "a", Decimal(3))
    world.arrive(back, Decimal(3))
    world.arrive(there, Decimal(2))
    seen = books()
    hear(seen, reversed(world.told))
    assert [seen.valuations[site, "i"].value for site in SITES] == [12, 8]


def test_a_transfer_within_a_site_keeps_its_value() -> None:
    world, _ = sent_ten()
    world.write("b", Kind.RECEIPT, Decimal(3), unit_cost=Decimal(1))
    world.arrive(world.send("b", "b", Decimal(2)), Decimal(2))
    seen = books()
    hear(seen, reversed(world.told))
    assert seen.valuations["b", "i"].value == Decimal(3)


def test_a_dispatch_taken_back_brings_its_value_home() -> None:
    world, sent = sent_ten()
    world.reverse(sent)
    seen = books()
    hear(seen, world.told)
    assert (left(seen), seen.valuations["a", "i"].value) == (0, Decimal("10.01"))


def test_an_arrival_taken_back_is_on_its_way_again_with_what_it_brought() -> None:
    world, sent = sent_ten()
    world.write("b", Kind.RECEIPT, Decimal(10), unit_cost=Decimal(5))
    arrival = world.arrive(sent, Decimal(10))
    world.write("b", Kind.SHIPMENT, Decimal(10))
    world.reverse(arrival)
    seen = books()
    entries = hear(seen, world.told)
    assert left(seen) == Decimal("10.01")
    # What was sold at the mixed average is missed when the goods go back at their own cost.
    assert (entries[-1].value, entries[-1].variance) == (Decimal("-30.01"), -20)
    world.reverse(sent)
    hear(seen, world.told)
    assert (left(seen), seen.valuations["a", "i"].value) == (0, Decimal("10.01"))


quantities = st.decimals("0.001", "50", places=3)
costs = st.decimals("0", "99", places=4)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw what two sites did with one item."""
    world = World()
    for _ in range(draw(st.integers(1, 25))):
        site = draw(st.sampled_from(SITES))
        act = draw(st.sampled_from(("in", "out", "send", "arrive", "reverse", "status")))
        if act == "out" and world.there[site] > 0:
            kind = draw(st.sampled_from((Kind.SHIPMENT, Kind.ISSUE)))
            world.write(site, kind, some(draw, world.there[site]))
        elif act == "send" and world.there[site] > 0:
            world.send(site, draw(st.sampled_from(SITES)), some(draw, world.there[site]))
        elif act == "arrive" and any(world.under_way.values()):
            key = draw(st.sampled_from([k for k, open_ in world.under_way.items() if open_]))
            sent = next(one for one in world.told if one.key == key)
            world.arrive(sent, some(draw, world.under_way[key]))
        elif act == "reverse" and world.reversible():
            world.reverse(draw(st.sampled_from(world.reversible())))
        elif act == "status":
            world.write(site, Kind.STATUS, draw(quantities))
        else:
            kind = draw(st.sampled_from((Kind.RECEIPT, Kind.GAIN)))
            cost = draw(costs) if kind is Kind.RECEIPT else draw(st.none() | costs)
            world.write(site, kind, draw(quantities), unit_cost=cost)
    return world


def some(draw: st.DrawFn, most: Decimal) -> Decimal:
    """Draw all of it, or a part."""
    return most if draw(st.booleans()) else min(draw(quantities), most)


@settings(max_examples=300, deadline=None)
@given(worlds(), st.data())
def test_any_order_with_any_repeats_gives_the_same_costs(world: World, data: st.DataObject) -> None:
    """E2: of both streams and of what is in transit, however the batches are cut."""
    straight, mixed = books(), books()
    expected = hear(straight, world.told)
    repeats = data.draw(st.lists(st.sampled_from(world.told), max_size=10))
    arriving = data.draw(st.permutations([*world.told, *repeats]))
    found = hear(mixed, arriving, data.draw(st.integers(1, len(arriving))))
    assert found == expected
    assert (mixed.valuations, mixed.transits) == (straight.valuations, straight.transits)
    assert len(found) == len(world.told)


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_no_cent_is_made_or_lost_on_the_way(world: World) -> None:
    """E5: values and transit are what came in, less what went out, to the cent."""
    seen = books()
    entries = hear(seen, world.told)
    sums = dict.fromkeys(SITES, ZERO)
    outside = ZERO
    for entry in entries:
        sums[entry.movement.site_id] += entry.value
        outside += (ZERO if entry.dispatch else entry.value) + entry.variance * bool(entry.dispatch)
        assert entry.value_after >= 0
        assert entry.quantity_after > 0 or entry.value_after == 0
    assert sums == {site: seen.valuations[site, "i"].value for site in SITES}
    assert sum(sums.values(), ZERO) + left(seen) == outside
    for key, quantity in world.under_way.items():
        transit = seen.transits[key]
        assert transit.quantity - transit.arrived_quantity == quantity
        assert quantity > 0 or transit.value == transit.arrived_value
