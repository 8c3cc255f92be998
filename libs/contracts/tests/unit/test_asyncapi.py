"""The AsyncAPI document holds together: what it refers to is there, and nothing is left out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from contracts.asyncapi import document, key_of
from contracts.catalogue import BY_TYPE, EVENTS, TOPICS
from contracts.costing import COST
from contracts.exporting import GOLDEN
from contracts.inventory import (
    CONDITION,
    STOCK,
    ConditionRead,
    StockReceived,
    WarehouseDefined,
)

ROOT = Path(__file__).parents[4]
SERVICES = ("inventory", "purchasing", "sales", "costing")
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]+")
DOCUMENTS = {
    "all": document(),
    **{service: document(service) for service in SERVICES},
    "costing, reading": document("costing", [("costing.valuation", STOCK)]),
}
every_document = pytest.mark.parametrize("name", DOCUMENTS)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def at(content: Any, reference: str) -> Any:
    assert reference.startswith("#/")
    for step in reference.removeprefix("#/").split("/"):
        content = content[step]
    return content


@every_document
def test_every_reference_leads_somewhere(name: str) -> None:
    found = set(references(DOCUMENTS[name]))
    assert found
    for reference in found:
        assert at(DOCUMENTS[name], reference), reference


@every_document
def test_nothing_is_described_that_nobody_refers_to(name: str) -> None:
    content = DOCUMENTS[name]
    described = {
        f"#/components/{kind}/{part}"
        for kind in content["components"]
        for part in content["components"][kind]
    }
    assert described == {each for each in references(content) if each.startswith("#/components/")}


@every_document
def test_every_channel_has_an_address_messages_and_an_operation(name: str) -> None:
    content = DOCUMENTS[name]
    used = {operation["channel"]["$ref"] for operation in content["operations"].values()}
    for topic, channel in content["channels"].items():
        assert channel["address"] == topic
        assert channel["messages"]
        assert f"#/channels/{topic}" in used
        assert channel["bindings"]["kafka"]["partitions"] == TOPICS[topic].partitions


@every_document
def test_operations_name_the_messages_of_their_own_channel(name: str) -> None:
    for operation in DOCUMENTS[name]["operations"].values():
        assert operation["action"] in {"send", "receive"}
        channel = operation["channel"]["$ref"]
        messages = [message["$ref"] for message in operation["messages"]]
        assert messages
        assert all(message.startswith(f"{channel}/messages/") for message in messages)
        assert len(messages) == len(at(DOCUMENTS[name], channel)["messages"])


@every_document
def test_the_frame_is_what_asyncapi_3_asks_for(name: str) -> None:
    content = DOCUMENTS[name]
    assert content["asyncapi"] == "3.0.0"
    assert content["info"]["title"]
    assert content["info"]["version"]
    assert content.keys() <= {
        "asyncapi", "id", "info", "defaultContentType", "channels", "operations", "components",
    }  # fmt: skip
    for kind in content["components"].values():
        assert all(IDENTIFIER.fullmatch(part) for part in kind)
    for operation in content["operations"].values():
        assert operation.keys() <= {"action", "channel", "summary", "messages", "bindings"}


def test_the_whole_document_has_every_topic_and_event() -> None:
    content = DOCUMENTS["all"]
    assert content["channels"].keys() == TOPICS.keys()
    assert content["components"]["messages"].keys() == BY_TYPE.keys()
    for event in EVENTS:
        assert event.TYPE in content["channels"][event.TOPIC.name]["messages"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_alone_shows_what_it_writes(service: str) -> None:
    content = DOCUMENTS[service]
    assert {name.partition(".")[0] for name in content["channels"]} == {service}
    assert {operation["action"] for operation in content["operations"].values()} == {"send"}


def test_what_a_service_reads_is_shown_with_its_consumer_group() -> None:
    content = DOCUMENTS["costing, reading"]
    assert content["channels"].keys() == {COST.name, STOCK.name}
    reading = content["operations"]["receive.costing.valuation.inventory.stock.v1"]
    assert reading["action"] == "receive"
    assert reading["bindings"]["kafka"]["groupId"]["enum"] == ["costing.valuation"]
    assert f"send.{STOCK.name}" not in content["operations"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_a_message_tells_its_headers_key_and_payload(event: Any) -> None:
    content = DOCUMENTS["all"]
    message = content["components"]["messages"][event.TYPE]
    assert message["title"] == event.__name__
    assert message["summary"]
    assert message["headers"]["properties"]["ce_type"]["const"] == event.TYPE
    source = message["headers"]["properties"]["ce_source"]
    if not event.TOPIC.inbound:
        assert source["const"].endswith(event.TOPIC.producer)
    assert len(message["bindings"]["kafka"]["key"]["description"]) > 3
    assert at(content, message["payload"]["$ref"])["title"] == event.__name__


def test_what_others_write_is_received_and_never_sent() -> None:
    """H2: gateways find in the document what to write, and where."""
    operations = DOCUMENTS["all"]["operations"]
    assert operations[f"receive.{CONDITION.name}"]["action"] == "receive"
    assert f"send.{CONDITION.name}" not in operations
    message = DOCUMENTS["all"]["components"]["messages"][ConditionRead.TYPE]
    assert "const" not in message["headers"]["properties"]["ce_source"]
    assert CONDITION.name not in DOCUMENTS["inventory"]["channels"]


def test_the_key_is_told_in_words() -> None:
    assert key_of(StockReceived) == "`site:item`"
    assert key_of(WarehouseDefined).startswith("the site's id")


def test_headers_are_those_of_cloudevents() -> None:
    content = DOCUMENTS["all"]
    headers = {
        "ce_specversion": "1.0",
        "ce_id": "019ab0c4-11a0-7a1e-9c3d-5be2f0000001",
        "ce_type": StockReceived.TYPE,
        "ce_source": "/trueshelf/inventory",
        "ce_time": "2026-11-22T02:00:00+00:00",
        "content-type": "application/json",
    }
    schema = {
        **content["components"]["messages"][StockReceived.TYPE]["headers"],
        "components": content["components"],
    }
    validator = Draft7Validator(schema)
    assert validator.is_valid(headers)
    assert validator.is_valid({**headers, "traceparent": "00-0af7-b7ad-01"})
    for name in headers:
        assert not validator.is_valid({k: v for k, v in headers.items() if k != name}), name
    assert not validator.is_valid({**headers, "ce_source": "/trueshelf/sales"})
    assert not validator.is_valid({**headers, "ce_type": WarehouseDefined.TYPE})


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_golden_payloads_fit_the_document(event: Any) -> None:
    """AsyncAPI reads payload schemas as draft 7, which is not what the exported schemas are."""
    content = DOCUMENTS["all"]
    payload = content["components"]["messages"][event.TYPE]["payload"]
    schema = {**payload, "components": content["components"]}
    Draft7Validator.check_schema(schema)
    assert not Draft7Validator(schema).is_valid({})
    for file in sorted((ROOT / GOLDEN / event.TYPE).glob("*.json")):
        assert list(Draft7Validator(schema).iter_errors(json.loads(file.read_text("utf-8")))) == []
