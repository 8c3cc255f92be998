"""AsyncAPI 3.0: the document that tells consumers what they can subscribe to."""

import inspect
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from pydantic.json_schema import models_json_schema

from contracts.catalogue import EVENTS, TOPICS, topics_of
from contracts.envelope import SPEC_VERSION, Event, Topic, source_of
from contracts.schemas import Untitled

KAFKA_BINDING = "0.5.0"
HEADERS = "CloudEventsHeaders"
CONVENTIONS = """\
Events are JSON. Quantities and money are decimal strings, times carry their offset. Fields that
are not described here may be added at any time: ignore them. Events with the same key come in the
order in which they happened. An event may come more than once, each time with the same `ce_id`.
"""

Document = dict[str, Any]


def document(
    producer: str | None = None, subscriptions: Iterable[tuple[str, Topic]] = ()
) -> Document:
    """Describe what one service writes (or all do) and, by consumer group, what it reads."""
    owned = topics_of(producer) if producer else tuple(TOPICS.values())
    written = [topic for topic in owned if not topic.inbound]
    # What the platform as a whole takes in is shown with it; a service's groups show what it reads.
    taken = [] if producer else [topic for topic in owned if topic.inbound]
    read = tuple(subscriptions)
    topics = dict.fromkeys((*written, *taken, *(topic for _, topic in read)))
    events = [event for event in EVENTS if event.TOPIC in topics]
    payloads, schemas = _payloads(events)
    return {
        "asyncapi": "3.0.0",
        "id": f"urn:trueshelf:{producer}" if producer else "urn:trueshelf",
        "info": {
            "title": f"Trueshelf: {producer}" if producer else "Trueshelf",
            "version": version("trueshelf-contracts"),
            "description": CONVENTIONS,
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in topics},
        "operations": {
            **dict(map(_send, written)),
            **dict(map(_take, taken)),
            **dict(_receive(*each) for each in read),
        },
        "components": {
            "messages": {event.TYPE: _message(event, payloads[event]) for event in events},
            "schemas": {HEADERS: _headers(), **schemas},
        },
    }


def key_of(event: type[Event]) -> str:
    """Say in words what the message key is: the docstring of the property that makes it."""
    text = inspect.getdoc(inspect.getattr_static(event, "key")) or ""
    return text.removeprefix("Return ").removesuffix(".")


def _events_of(topic: Topic) -> list[type[Event]]:
    return [event for event in EVENTS if topic == event.TOPIC]


def _payloads(
    events: list[type[Event]],
) -> tuple[Mapping[type[Event], Document], dict[str, Document]]:
    """Return a reference to each event's schema, and all schemas, named apart where they clash."""
    references, schemas = models_json_schema(
        [(event, "validation") for event in events],
        ref_template="#/components/schemas/{model}",
        schema_generator=Untitled,
    )
    by_event = {event: references[(event, "validation")] for event in events}
    return by_event, schemas.get("$defs", {})


def _channel(topic: Topic) -> Document:
    said = "is told" if topic.inbound else "says"
    return {
        "address": topic.name,
        "description": f"What {topic.producer} {said} about each {topic.aggregate}.",
        "messages": {
            event.TYPE: {"$ref": f"#/components/messages/{event.TYPE}"}
            for event in _events_of(topic)
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _message(event: type[Event], payload: Document) -> Document:
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": inspect.cleandoc(event.__doc__ or "").partition("\n")[0],
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "allOf": [{"$ref": f"#/components/schemas/{HEADERS}"}],
            "properties": {
                "ce_type": {"type": "string", "const": event.TYPE},
                "ce_source": _source(event.TOPIC),
            },
        },
        "payload": payload,
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": key_of(event)},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _source(topic: Topic) -> Document:
    if topic.inbound:
        return {"type": "string", "format": "uri-reference", "description": "who writes it"}
    return {"type": "string", "const": source_of(topic.producer)}


def _headers() -> Document:
    return {
        "type": "object",
        "description": "CloudEvents 1.0 in binary mode: its attributes as Kafka headers.",
        "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type"],
        "properties": {
            "ce_specversion": {"type": "string", "const": SPEC_VERSION},
            "ce_id": {"type": "string", "format": "uuid", "description": "UUIDv7 of the event"},
            "ce_type": {"type": "string"},
            "ce_source": {"type": "string", "format": "uri-reference"},
            "ce_time": {"type": "string", "format": "date-time"},
            "content-type": {"type": "string", "const": "application/json"},
            "traceparent": {
                "type": "string",
                "description": "W3C trace context, if any",
            },
        },
    }


def _send(topic: Topic) -> tuple[str, Document]:
    return f"send.{topic.name}", {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": f"{topic.producer} publishes {topic.name}.",
        "messages": _messages(topic),
    }


def _take(topic: Topic) -> tuple[str, Document]:
    return f"receive.{topic.name}", {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": f"Integrators write {topic.name}; {topic.producer} reads it.",
        "messages": _messages(topic),
    }


def _receive(group: str, topic: Topic) -> tuple[str, Document]:
    return f"receive.{group}.{topic.name}", {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": f"Consumer group {group} reads {topic.name}.",
        "messages": _messages(topic),
        "bindings": {
            "kafka": {
                "groupId": {"type": "string", "enum": [group]},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _messages(topic: Topic) -> list[Document]:
    return [
        {"$ref": f"#/channels/{topic.name}/messages/{event.TYPE}"} for event in _events_of(topic)
    ]
