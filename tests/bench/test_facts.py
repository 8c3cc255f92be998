"""The facts that fill outbox and topic are such as the inventory publishes."""

from collections import defaultdict
from itertools import pairwise

from bench.facts import message, stock_facts
from contracts.catalogue import BY_TYPE
from contracts.inventory import StockReceived, StockShipped


def test_every_stream_is_without_a_gap_and_begins_with_a_receipt() -> None:
    streams = defaultdict(list)
    for fact in stock_facts("S1", events=100, keys=10):
        streams[fact.key].append(fact)
    assert len(streams) == 10
    for facts in streams.values():
        assert [fact.sequence for fact in facts] == list(range(1, 11))
        assert isinstance(facts[0], StockReceived)
        assert all(isinstance(fact, StockShipped) for fact in facts[1:])


def test_neighbours_are_of_different_streams() -> None:
    keys = [fact.key for fact in stock_facts("S1", events=30, keys=10)]
    assert all(one != next_one for one, next_one in pairwise(keys))


def test_a_message_can_be_read_as_the_event_it_names() -> None:
    fact = next(stock_facts("S1", events=1, keys=1))
    record = message(fact)
    model = BY_TYPE[dict(record.headers)["ce_type"].decode()]
    assert model.model_validate_json(record.value) == fact
    assert record.key == b"S1:item-1"


def test_no_two_messages_have_the_same_id() -> None:
    ids = {dict(message(f).headers)["ce_id"] for f in stock_facts("S1", events=50, keys=5)}
    assert len(ids) == 50
