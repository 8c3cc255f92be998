"""Topics are made on purpose, never by accident of a first message."""

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from contracts.catalogue import topics_of
from servicekit.bus.parking import dead_letter_topic
from servicekit.bus.subscriptions import Subscription
from servicekit.settings import Settings

# Records carry the time their event happened: with a retention by time, one that had to wait in the
# outbox could be deleted before anybody reads it, and no lag would show.
KEPT = {"retention.ms": "-1"}


async def create_topics(
    service: str, settings: Settings, subscriptions: Sequence[Subscription]
) -> None:
    """Create what the service writes, and where its parked messages are shown; twice is fine."""
    wanted = {topic.name: topic.partitions for topic in topics_of(service)}
    for subscription in subscriptions:
        for topic in subscription.topics:
            wanted[dead_letter_topic(topic.name, subscription.group)] = 1
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap)
    await admin.start()
    try:
        replication = settings.topic_replication
        answer = await admin.create_topics(
            [
                NewTopic(name, partitions, replication, topic_configs=KEPT)
                for name, partitions in wanted.items()
            ]
        )
    finally:
        await admin.close()
    for name, code, *message in answer.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise SystemExit(
                f"topic {name} could not be created: {for_code(code).__name__} {message}"
            )
