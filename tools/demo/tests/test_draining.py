"""The bus counts as empty only when everything sent has been applied by all who listen."""

from collections.abc import Collection
from typing import Any

from demo.drain import LISTENERS, SERVICES, totals, under_way

Json = dict[str, Any]


def bus(**changes: Json) -> dict[str, Json]:
    """Return the states of a bus over which ten stock facts went, all applied."""
    state: dict[str, Json] = {
        service: {
            "pending": 0,
            "published": {},
            "published_kinds": {},
            "consumed": [],
            "parked": {},
        }
        for service in SERVICES
    }
    state["inventory"]["published"] = {"inventory.stock.v1": 10}
    state["inventory"]["published_kinds"] = {"inventory.stock.v1": {"received": 4, "shipped": 6}}
    state["costing"]["consumed"] = [tally(10)]
    for service, change in changes.items():
        state[service] |= change
    return state


def tally(applied: int, suppressed: int = 0, kinds: Collection[str] = ()) -> Json:
    """Return what costing did with stock facts."""
    return {
        "consumer": "costing.valuation",
        "topic": "inventory.stock.v1",
        "kinds": list(kinds),
        "applied": applied,
        "suppressed": suppressed,
    }


def test_a_bus_where_all_is_applied_is_empty() -> None:
    assert under_way(bus()) == []


def test_events_still_to_be_sent_are_under_way() -> None:
    assert under_way(bus(sales={"pending": 3})) == ["sales has 3 events to send"]


def test_events_still_to_be_applied_are_under_way() -> None:
    missing = under_way(bus(costing={"consumed": [tally(9)]}))
    assert missing == ["costing.valuation applied 9 of 10 inventory.stock.v1"]


def test_of_a_consumer_that_takes_some_kinds_no_others_are_awaited() -> None:
    assert under_way(bus(costing={"consumed": [tally(4, kinds=["received"])]})) == []
    missing = under_way(bus(costing={"consumed": [tally(3, kinds=["received"])]}))
    assert missing == ["costing.valuation applied 3 of 4 inventory.stock.v1"]


def test_an_event_applied_twice_is_seen_too() -> None:
    assert under_way(bus(costing={"consumed": [tally(11)]}))


def test_a_consumer_that_has_not_even_begun_is_missed() -> None:
    missing = under_way(bus(costing={"consumed": []}))
    assert missing == ["costing applied none of 10 inventory.stock.v1"]
    assert ("costing", "inventory.stock.v1") in LISTENERS


def test_totals_are_those_of_all_services() -> None:
    found = totals(bus(costing={"consumed": [tally(10, 2)], "parked": {"costing.valuation": 1}}))
    assert (found.published, found.applied, found.suppressed) == (10, 10, 2)
    assert found.parked == {"costing.valuation": 1}
