"""The frame every event travels in: CloudEvents 1.0 attributes beside a JSON body.

In binary mode the attributes are Kafka headers (`ce_id`, `ce_type`, ...) and the body is the
event alone, as the CloudEvents Kafka protocol binding says.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

SPEC_VERSION = "1.0"


def source_of(producer: str) -> str:
    """Return the CloudEvents source of a service's events."""
    return f"/trueshelf/{producer}"


@dataclass(frozen=True)
class Topic:
    """A stream of one aggregate's events, in order for each key."""

    producer: str
    aggregate: str
    major: int
    partitions: int = 6
    inbound: bool = False
    """Others write it and the service that owns it reads it: devices, integrators."""

    @property
    def name(self) -> str:
        """Return `<service>.<aggregate>.v<major>`."""
        return f"{self.producer}.{self.aggregate}.v{self.major}"


class Event(BaseModel):
    """A fact that has happened. Unknown fields are ignored, so that producers may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    TOPIC: ClassVar[Topic]
    TYPE: ClassVar[str]

    @property
    def key(self) -> str:
        """Name the aggregate whose events stay in order."""
        raise NotImplementedError


class Fact(Protocol):
    """What leaves as an event: the event itself, or what writes just the JSON it would write."""

    TOPIC: ClassVar[Topic]
    TYPE: ClassVar[str]

    @property
    def key(self) -> str:
        """Name the aggregate whose events stay in order."""

    def model_dump_json(self) -> str:
        """Return the body."""
