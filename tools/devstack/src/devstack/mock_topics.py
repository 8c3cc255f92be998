"""`topics` for the mock broker: what the service's own command would ask of a real one.

The mock knows no request to create topics, so the service's wishes are read and left for it.
"""

import argparse
import asyncio
import time
from importlib import import_module
from pathlib import Path

from aiokafka.client import AIOKafkaClient

from contracts.catalogue import topics_of
from devstack.errors import StackError
from devstack.mock_kafka import ask_for_topics
from servicekit.bus.parking import dead_letter_topic
from servicekit.context import Context
from servicekit.service import Service

SECONDS = 20.0


def main() -> int:
    """Ask for the topics of a service, and wait until they are there."""
    parser = argparse.ArgumentParser(prog="devstack.mock_topics")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("service")
    options = parser.parse_args()
    service = _find(options.service)
    settings = service.settings()
    topics = {topic.name: topic.partitions for topic in topics_of(service.name)}
    for subscription in service.subscriptions(Context(service.name, settings)):
        for topic in subscription.topics:
            topics[dead_letter_topic(topic.name, subscription.group)] = 1
    ask_for_topics(options.folder, service.name, topics)
    asyncio.run(_wait_for(set(topics), settings.kafka_bootstrap))
    return 0


def _find(name: str) -> Service:
    for thing in vars(import_module(f"{name}.main")).values():
        if isinstance(thing, Service):
            return thing
    raise StackError(f"{name}.main defines no Service")


async def _wait_for(topics: set[str], bootstrap: str) -> None:
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    await client.bootstrap()
    deadline = time.monotonic() + SECONDS
    try:
        while missing := topics - set((await client.fetch_all_metadata()).topics()):
            if time.monotonic() > deadline:
                raise StackError(f"the mock broker does not have {', '.join(sorted(missing))}")
            await asyncio.sleep(0.1)
    finally:
        await client.close()


if __name__ == "__main__":
    raise SystemExit(main())
