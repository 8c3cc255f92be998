"""Waits until the bus is empty: all that was published has been applied by all who listen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from demo.client import Api, Json
from demo.waiting import wait_for

SERVICES = ("inventory", "purchasing", "sales", "costing")
# Who must have listened to what for the chain to work: a consumer that has not even begun has no
# tally, and must not look as if it were done.
LISTENERS = (
    ("purchasing", "inventory.item.v1"),
    ("purchasing", "inventory.site.v1"),
    ("purchasing", "inventory.booking.v1"),
    ("sales", "inventory.item.v1"),
    ("sales", "inventory.site.v1"),
    ("sales", "inventory.reservation.v1"),
    ("inventory", "purchasing.receipt.v1"),
    ("inventory", "sales.shipment.v1"),
    ("costing", "inventory.stock.v1"),
)
DRAIN_SECONDS = 300.0


@dataclass(frozen=True)
class BusTotals:
    """What went over the bus."""

    published: int
    applied: int
    suppressed: int
    parked: dict[str, int]


async def read_bus(api: Api) -> dict[str, Json]:
    """Return the state of every service's bus."""
    return {service: await api.get(service, "/ops/bus") for service in SERVICES}


async def drain(api: Api) -> BusTotals:
    """Wait until nothing is under way; what was parked would never arrive, and ends the wait."""
    states: dict[str, Json] = {}

    async def missing() -> list[str]:
        states.update(await read_bus(api))
        return [] if totals(states).parked else under_way(states)

    await wait_for(
        missing,
        DRAIN_SECONDS,
        "the bus to drain",
        "See /ops/bus and /ops/parked of the services named, and the logs of their workers"
        " (applying) and relays (sending)",
    )
    return totals(states)


def under_way(states: Mapping[str, Json]) -> list[str]:
    """Say what has not been sent or not been applied yet."""
    missing = [
        f"{service} has {state['pending']} events to send"
        for service, state in states.items()
        if state["pending"]
    ]
    heard = set()
    for service, state in states.items():
        for tally in state["consumed"]:
            topic = tally["topic"]
            heard.add((service, topic))
            sent = _sent(states, topic, tally["kinds"])
            if tally["applied"] != sent:
                missing.append(f"{tally['consumer']} applied {tally['applied']} of {sent} {topic}")
    missing += [
        f"{service} applied none of {_sent(states, topic)} {topic}"
        for service, topic in LISTENERS
        if (service, topic) not in heard and _sent(states, topic)
    ]
    return missing


def _sent(states: Mapping[str, Json], topic: str, kinds: Collection[str] = ()) -> int:
    """Count the events of a topic that were sent, or those of the kinds that somebody takes."""
    producer = topic.partition(".")[0]
    published = states.get(producer, {}).get("published_kinds", {}).get(topic, {})
    return sum(count for kind, count in published.items() if not kinds or kind in kinds)


def totals(states: Mapping[str, Json]) -> BusTotals:
    """Sum up what went over the bus."""
    tallies = [tally for state in states.values() for tally in state["consumed"]]
    parked: dict[str, int] = {}
    for state in states.values():
        for consumer, count in state["parked"].items():
            parked[consumer] = parked.get(consumer, 0) + count
    return BusTotals(
        published=sum(sum(state["published"].values()) for state in states.values()),
        applied=sum(tally["applied"] for tally in tallies),
        suppressed=sum(tally["suppressed"] for tally in tallies),
        parked=parked,
    )
