"""From a Kafka record to an event; what can't be read is said, never skipped."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from aiokafka import ConsumerRecord

from contracts.catalogue import BY_TYPE
from servicekit.bus.subscriptions import Received

# Names records that carry no readable id of their own, the same at every redelivery.
NAMELESS = UUID("5f1d7b0c-52a4-4a6e-9e3e-0c8f2f1f5a10")


@dataclass(frozen=True)
class Record:
    """A record as it came: enough to park it and to read it again."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    headers: dict[str, str]

    @cached_property
    def given_id(self) -> UUID | None:
        """Return the CloudEvents id; None if there is none that can be read."""
        try:
            return UUID(self.headers["ce_id"])
        except (KeyError, ValueError):
            return None

    @property
    def event_id(self) -> UUID:
        """Return the CloudEvents id, or a name made from where the record stands."""
        return self.given_id or uuid5(NAMELESS, f"{self.topic}/{self.partition}/{self.offset}")

    @property
    def type(self) -> str:
        """Return the CloudEvents type, or an empty string."""
        return self.headers.get("ce_type", "")


class Unreadable(Exception):
    """The record is not an event: what is wrong with it."""


def record_of(raw: ConsumerRecord[Any, Any]) -> Record:
    """Take a record apart; bytes that are not UTF-8 are shown as replacement characters."""
    headers = {name: bytes(value).decode(errors="replace") for name, value in raw.headers}
    key = bytes(raw.key or b"").decode(errors="replace")
    return Record(raw.topic, raw.partition, raw.offset, key, bytes(raw.value or b""), headers)


def read(record: Record) -> Received | None:
    """Return the event in a record; None for a type this version does not know.

    Raises `Unreadable` for a record without envelope or with a body that does not fit its type.
    """
    if "ce_id" not in record.headers or not record.type:
        raise Unreadable("the CloudEvents headers ce_id and ce_type are missing")
    if record.given_id is None:
        raise Unreadable("ce_id is not a UUID")
    model = BY_TYPE.get(record.type)
    if model is None:
        return None
    try:
        event = model.model_validate_json(record.value)
    except ValueError as error:
        raise Unreadable(f"the body does not fit {record.type}: {error}") from error
    return Received(
        event=event,
        id=record.given_id,
        type=record.type,
        time=_time(record.headers.get("ce_time")),
        topic=record.topic,
        key=record.key,
        traceparent=record.headers.get("traceparent"),
    )


def _time(text: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
