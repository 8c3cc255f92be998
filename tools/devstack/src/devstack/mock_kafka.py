"""The broker inside librdkafka, for machines where Kafka's jars cannot be had.

It speaks the real protocol but keeps everything in memory, and creates no topics on request: a
step of ours leaves them as files, which it picks up. It also chooses its port by itself, so
that a door stands at ours, through which clients find it.
"""

import argparse
import asyncio
import contextlib
import ctypes
import sys
from pathlib import Path

from devstack.errors import StackError
from devstack.files import read_json, write_json
from devstack.kafka import has_brokers
from devstack.packaged import folder_of
from devstack.ports import LOOPBACK, free_port, is_open
from devstack.processes import Program
from devstack.server import Server
from devstack.waiting import run_async

POLL_SECONDS = 0.1
CHUNK = 65_536


class MockKafka(Server):
    """The same interface as Kafka's, for as far as it goes."""

    name = "kafka"
    kind = "librdkafka mock (in memory)"

    def __init__(self, folder: Path, port: int | None = None) -> None:
        super().__init__(folder)
        self.port = port or free_port()

    @property
    def bootstrap(self) -> str:
        """Where clients begin."""
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        _topics_folder(self.folder).mkdir(parents=True, exist_ok=True)

    def program(self) -> Program:
        options = ("--port", str(self.port), "--folder", str(self.folder))
        return Program(
            argv=(sys.executable, "-P", "-m", "devstack.mock_kafka", *options),
            log=self.folder.parent / "logs" / "kafka.log",
            cwd=self.folder,
        )

    def is_ready(self) -> bool:
        return is_open(self.port) and run_async(has_brokers(self.bootstrap))


def ask_for_topics(folder: Path, asker: str, topics: dict[str, int]) -> None:
    """Leave the topics (with their partitions) for the broker to find."""
    write_json(_topics_folder(folder) / f"{asker}.json", topics)


class _Cluster:
    """librdkafka's mock cluster, through its C interface: Python's has no word for topics."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(str(_library()))
        for name in ("rd_kafka_new", "rd_kafka_mock_cluster_new"):
            getattr(self._library, name).restype = ctypes.c_void_p
        self._library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        said = ctypes.create_string_buffer(512)
        handle = self._library.rd_kafka_new(0, None, said, ctypes.c_size_t(512))
        if not handle:
            raise StackError(f"librdkafka: {said.value.decode()}")
        self._cluster = ctypes.c_void_p(
            self._library.rd_kafka_mock_cluster_new(ctypes.c_void_p(handle), 1)
        )
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)

    @property
    def port(self) -> int:
        """The port it chose."""
        found: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return int(found.decode().partition(",")[0].rpartition(":")[2])

    def create_topic(self, name: str, partitions: int) -> None:
        """Create a topic; a second time changes nothing."""
        self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1)


async def _serve(port: int, folder: Path) -> None:
    cluster = _Cluster()

    async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, cluster.port)
        await asyncio.gather(_pass_on(reader, inner_writer), _pass_on(inner_reader, writer))

    server = await asyncio.start_server(enter, LOOPBACK, port)
    done: dict[Path, float] = {}
    async with server:
        while True:
            for file in _topics_folder(folder).glob("*.json"):
                if done.get(file) != (changed := file.stat().st_mtime):
                    done[file] = changed
                    for name, partitions in read_json(file).items():
                        cluster.create_topic(name, partitions)
            await asyncio.sleep(POLL_SECONDS)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


def _library() -> Path:
    beside = folder_of("confluent_kafka").with_name("confluent_kafka.libs")
    for library in beside.glob("librdkafka*.so*"):
        return library
    raise StackError(f"no librdkafka in {beside}")


def _topics_folder(folder: Path) -> Path:
    return folder / "topics"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="devstack.mock_kafka")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.folder))
