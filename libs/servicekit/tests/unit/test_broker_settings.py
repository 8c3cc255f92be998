"""The bus is set up so that it loses nothing: its library's defaults would."""

from faststream import AckPolicy

from contracts.inventory import STOCK
from servicekit.bus.broker import SUBSCRIBER, new_broker, subscribe
from servicekit.bus.consumer import Consumer
from servicekit.bus.subscriptions import Subscription
from servicekit.context import Context
from servicekit.settings import Settings


def test_a_subscriber_starts_at_the_beginning_and_acknowledges_last() -> None:
    assert SUBSCRIBER["ack_policy"] is AckPolicy.NACK_ON_ERROR
    assert SUBSCRIBER["auto_offset_reset"] == "earliest"
    assert SUBSCRIBER["isolation_level"] == "read_committed"
    assert SUBSCRIBER["batch"] is True


def test_the_consumer_made_from_it_has_those_settings_and_one_worker() -> None:
    settings = Settings(
        environment="local",
        database_url="postgresql://a:b@127.0.0.1:1/c",
        kafka_bootstrap="127.0.0.1:1",
        redis_url="redis://127.0.0.1:1/0",
        oidc_issuer="x",
        oidc_jwks_url="file:///x",
    )
    broker = new_broker(settings, "sample")

    async def handle(_session: object, _batch: object) -> None: ...

    consumer = Consumer(
        Subscription("sample.stock", (STOCK,), handle), Context("sample", settings).database
    )
    subscriber = subscribe(broker, consumer, [STOCK.name], settings)
    made_with = subscriber._connection_args
    assert made_with["auto_offset_reset"] == "earliest"
    assert made_with["enable_auto_commit"] is False
    assert made_with["isolation_level"] == "read_committed"
    assert made_with["session_timeout_ms"] == 30_000
    assert subscriber.ack_policy is AckPolicy.NACK_ON_ERROR
    assert not hasattr(subscriber, "max_workers")
