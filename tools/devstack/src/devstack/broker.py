"""Apache Kafka, or, where it cannot be had, the loudly announced next best thing."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from devstack.jars import JarsUnavailableError
from devstack.kafka import KafkaServer
from devstack.kafka_jars import classpath
from devstack.mock_kafka import MockKafka
from devstack.processes import Program
from devstack.services import ServiceSpec

REQUIRE_KAFKA = "TRUESHELF_REQUIRE_KAFKA"
WARNING = """\
NO APACHE KAFKA: {reason}
Instead runs the mock broker of librdkafka: real protocol, but in memory. Messages are lost when
it stops, a partition holds 5 MiB, and a group has one member. Not fit to judge faults or speed.
Set {variable}=1 to make this an error."""


@dataclass(frozen=True)
class Broker:
    """What was chosen, and why if it is not the real one."""

    server: KafkaServer | MockKafka
    warning: str = ""

    @property
    def is_real(self) -> bool:
        """Tell whether it is Apache Kafka."""
        return isinstance(self.server, KafkaServer)

    def topic_step(self, service: ServiceSpec, environment: dict[str, str], log: Path) -> Program:
        """Return how to create a service's topics where the broker cannot be asked to."""
        options = ("--folder", str(self.server.folder), service.name)
        return Program(
            argv=(sys.executable, "-P", "-m", "devstack.mock_topics", *options),
            log=log,
            env=environment,
        )


def choose_broker(
    folder: Path, port: int | None = None, controller: int | None = None, *, brief: bool = False
) -> Broker:
    """Return the real broker if its jars can be had; the mock's data stand beside, not among."""
    try:
        classpath()
    except JarsUnavailableError as error:
        if os.environ.get(REQUIRE_KAFKA) == "1":
            raise StackError(f"{REQUIRE_KAFKA}=1, but {error}") from error
        mock = MockKafka(folder.with_name(f"{folder.name}-mock"), port)
        return Broker(mock, WARNING.format(reason=error, variable=REQUIRE_KAFKA))
    return Broker(KafkaServer(folder, port, controller, brief=brief))
