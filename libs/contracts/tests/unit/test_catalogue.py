"""Every event has a name, a topic and a key, and stands in the catalogue once."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

from contracts import costing, inventory, purchasing, sales
from contracts.catalogue import BY_TYPE, EVENTS, TOPICS, topics_of
from contracts.envelope import Event, Topic, source_of

SERVICES = ("inventory", "purchasing", "sales", "costing")
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)


def descendants(model: type[Event]) -> Iterator[type[Event]]:
    for child in model.__subclasses__():
        yield child
        yield from descendants(child)


def models_within(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_within(field.annotation)
    for argument in get_args(annotation):
        yield from models_within(argument)


def test_no_event_is_missing_from_the_catalogue() -> None:
    modules = {module.__name__ for module in (costing, inventory, purchasing, sales)}
    named = {
        event
        for event in descendants(Event)
        if event.__module__ in modules and "TYPE" in vars(event)
    }
    assert named == set(EVENTS)


def test_types_are_unique() -> None:
    assert [name for name, times in Counter(e.TYPE for e in EVENTS).items() if times > 1] == []
    assert len(BY_TYPE) == len(EVENTS)


def test_class_names_are_unique() -> None:
    """They title the schemas, and code generators take them as names."""
    assert len({event.__name__ for event in EVENTS}) == len(EVENTS)


@every_event
def test_a_type_names_producer_fact_and_version(event: type[Event]) -> None:
    pattern = rf"trueshelf\.{event.TOPIC.producer}\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*"
    assert re.fullmatch(pattern, event.TYPE)


@every_event
def test_an_event_is_written_where_its_producer_is(event: type[Event]) -> None:
    assert event.__module__ == f"contracts.{event.TOPIC.producer}"
    assert event.TOPIC in topics_of(event.TOPIC.producer)


def test_topics_are_named_after_service_aggregate_and_version() -> None:
    for name, topic in TOPICS.items():
        assert name == topic.name == f"{topic.producer}.{topic.aggregate}.v{topic.major}"
        assert re.fullmatch(r"[a-z]+\.[a-z_]+\.v[1-9][0-9]*", name)
        assert topic.partitions > 0


def test_two_topics_never_share_a_name() -> None:
    topics = {event.TOPIC for event in EVENTS}
    assert len({topic.name for topic in topics}) == len(topics)


def test_each_topic_has_one_producer_and_each_service_its_topics() -> None:
    assert {topic.producer for topic in TOPICS.values()} == set(SERVICES)
    written = [topic for service in SERVICES for topic in topics_of(service)]
    assert sorted(topic.name for topic in written) == sorted(TOPICS)
    assert topics_of("nobody") == ()


def test_a_source_is_a_uri_reference() -> None:
    assert source_of("inventory") == "/trueshelf/inventory"


def test_a_new_major_version_is_another_topic() -> None:
    assert Topic("inventory", "stock", 2).name == "inventory.stock.v2"
    assert Topic("inventory", "stock", 2) != inventory.STOCK


@every_event
def test_unknown_fields_are_ignored_and_facts_never_change(event: type[Event]) -> None:
    for model in models_within(event):
        assert model.model_config.get("extra") == "ignore", model
        assert model.model_config.get("frozen"), model


@every_event
def test_an_event_says_what_it_means(event: type[Event]) -> None:
    for model in models_within(event):
        assert "__doc__" in vars(model)
        assert len(inspect.getdoc(model) or "") > 10


@every_event
def test_no_event_has_a_float(event: type[Event]) -> None:
    for model in models_within(event):
        for name, field in model.model_fields.items():
            assert field.annotation is not float, f"{model.__name__}.{name}"


SHIPPED = inventory.StockShipped(
    site_id="SH-012",
    item_id="TEA",
    sequence=7,
    warehouse_id="BACK",
    quantity=Decimal("2.50"),
    document_id=UUID(int=1),
    document_number="SH-1",
    line_no=1,
    effective_at="2026-11-22T10:00:00+08:00",  # type: ignore[arg-type]
    posted_at="2026-11-22T10:00:01+08:00",  # type: ignore[arg-type]
    order_id=UUID(int=2),
)


def test_stock_facts_stay_in_order_for_each_site_and_item() -> None:
    """A2: the gapless numbers of a stream only help if the stream keeps its order."""
    assert SHIPPED.key == "SH-012:TEA"
    elsewhere = SHIPPED.model_copy(update={"warehouse_id": "FRONT", "document_id": UUID(int=9)})
    assert elsewhere.key == SHIPPED.key
    assert SHIPPED.model_copy(update={"site_id": "SH-013"}).key != SHIPPED.key


def test_a_warehouse_stays_in_order_with_its_site() -> None:
    site = inventory.SiteDefined(site_id="S1", name="One", time_zone="Asia/Shanghai")
    warehouse = inventory.WarehouseDefined(site_id="S1", warehouse_id="W1", name="Back")
    assert site.key == warehouse.key == "S1"
    assert site.TOPIC == warehouse.TOPIC


def test_the_whole_life_of_a_reservation_has_one_key() -> None:
    facts = [event for event in EVENTS if event.TOPIC == inventory.RESERVATION]
    common = {"order_id": UUID(int=2), "site_id": "S1", "at": "2026-11-22T10:00:00Z"}
    particular: dict[str, Any] = {
        "warehouse_id": "W1",
        "expires_at": "2026-11-22T12:00:00Z",
        "lines": (),
        "reason": "expired",
        "shipment_id": UUID(int=3),
    }
    body = {"reservation_id": UUID(int=1), **common, **particular}
    assert {event.model_validate(body).key for event in facts} == {str(UUID(int=1))}


def test_a_fact_can_not_be_altered() -> None:
    with pytest.raises(ValidationError):
        SHIPPED.sequence = 8


def test_a_fact_comes_back_from_the_wire_as_it_was() -> None:
    text = SHIPPED.model_dump_json()
    assert '"quantity":"2.5"' in text
    assert '"effective_at":"2026-11-22T02:00:00Z"' in text
    assert inventory.StockShipped.model_validate_json(text) == SHIPPED


def test_a_release_has_one_of_the_known_reasons() -> None:
    body = {
        "reservation_id": UUID(int=1),
        "order_id": UUID(int=2),
        "site_id": "S1",
        "at": "2026-11-22T10:00:00Z",
    }
    with pytest.raises(ValidationError):
        inventory.ReservationReleased.model_validate({**body, "reason": "bored"})


@pytest.mark.parametrize("missing", ["unit_cost", "currency", "sequence", "quantity"])
def test_goods_received_without_what_costing_needs_are_no_fact(missing: str) -> None:
    body = {**SHIPPED.model_dump(), "unit_cost": "2.083333", "currency": "CNY"}
    assert inventory.StockReceived.model_validate(body).unit_cost == Decimal("2.083333")
    del body[missing]
    with pytest.raises(ValidationError):
        inventory.StockReceived.model_validate(body)
