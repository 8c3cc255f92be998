"""Each server alone: starts, does its work, keeps its data over a restart, even a rude one."""

import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from contracts.catalogue import topics_of
from devstack.broker import Broker
from devstack.errors import StackError
from devstack.files import read_json
from devstack.kafka import KafkaServer
from devstack.mock_kafka import MockKafka, ask_for_topics
from devstack.postgres import PostgresServer
from devstack.postgres_home import packaged_programs, program, server_account, settle
from devstack.processes import Identity, end, spawn
from devstack.redis import RedisServer
from devstack.services import ServiceSpec
from devstack.testing import FreshDatabases
from devstack.waiting import wait_until

TOPIC = "shop.sale.v1"


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
async def test_postgres_keeps_its_data_over_a_restart(tmp_path: Path, kind: signal.Signals) -> None:
    server = PostgresServer(tmp_path / "postgres").start()
    try:
        connection = await asyncpg.connect(server.superuser_dsn)
        await connection.execute("create table kept (id int); insert into kept values (7)")
        shown = {
            name: await connection.fetchval(f"show {name}")
            for name in ("fsync", "synchronous_commit", "jit", "server_version_num")
        }
        connection.terminate()
        server.stop(kind)
        server.start()
        connection = await asyncpg.connect(server.superuser_dsn)
        assert await connection.fetchval("select id from kept") == 7
        await connection.close()
    finally:
        server.destroy()
    assert shown.pop("server_version_num").startswith("18")
    assert shown == {"fsync": "on", "synchronous_commit": "on", "jit": "off"}


async def test_postgres_wants_a_password(postgres_server: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres_server.dsn("postgres", "wrong", "postgres"))


def test_postgres_brings_its_benchmark() -> None:
    assert program("pgbench").exists()


async def test_a_service_role_owns_nothing_and_enters_no_other_database(
    fresh_database: FreshDatabases,
) -> None:
    mine, other = fresh_database("sales"), fresh_database("costing")
    owner = await asyncpg.connect(mine.owner_dsn)
    await owner.execute("create table ledger (id int)")
    await owner.close()
    service = await asyncpg.connect(mine.dsn)
    for forbidden in ("create table own (id int)", "insert into ledger values (1)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(forbidden)
    await service.close()
    strange = mine.dsn.replace(mine.name, other.name)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(strange)


def test_redis_answers_and_stops(redis_server: RedisServer) -> None:
    with socket.create_connection(("127.0.0.1", redis_server.port)) as connection:
        connection.sendall(b"SET a 1\r\nGET a\r\n")
        wanted = b"+OK\r\n$1\r\n1\r\n"
        assert wait_until(lambda: connection.recv(64), 5, "an answer") in {wanted, b"+OK\r\n"}


@pytest.mark.kafka
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
async def test_kafka_keeps_its_data_over_a_restart(tmp_path: Path, kind: signal.Signals) -> None:
    server = KafkaServer(tmp_path / "kafka", brief=True).start()
    try:
        await _create_topic(server.bootstrap, TOPIC)
        await _produce(server.bootstrap, [b"one", b"two"])
        server.stop(kind)
        server.start()
        await _produce(server.bootstrap, [b"three"])
        assert await _consume(server.bootstrap, 3) == [b"one", b"two", b"three"]
    finally:
        server.destroy()


async def test_mock_broker_carries_messages_on_topics_asked_for(tmp_path: Path) -> None:
    server = MockKafka(tmp_path / "kafka").start()
    try:
        ask_for_topics(server.folder, "shop", {TOPIC: 1})
        await _produce(server.bootstrap, [b"one"])
        assert await _consume(server.bootstrap, 1) == [b"one"]
    finally:
        server.destroy()


@pytest.mark.timeout(900)  # The first time, its jars are fetched.
def test_a_server_that_hangs_ends_with_who_started_it(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from devstack.s3proxy import S3ProxyServer\n"
        "server = S3ProxyServer(Path(sys.argv[1])).start()\n"
        "os.kill(server.pid, signal.SIGSTOP)\n"
        "print(server.pid, flush=True); input()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "s3proxy")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert starter.stdout is not None
    server = Identity.of(int(starter.stdout.readline()))
    assert server is not None
    starter.kill()
    starter.communicate()
    try:
        wait_until(lambda: not server.is_alive(), 30, "the server to end")
    finally:
        end(server, signal.SIGKILL, 10)


def test_a_server_that_cannot_start_says_why(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    second = PostgresServer(tmp_path / "postgres", postgres_server.port)
    with pytest.raises(StackError, match="could not bind"):
        second.start()
    second.destroy()


async def test_root_gives_postgres_what_its_account_cannot_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = packaged_programs().parent
    for folder in (packaged_programs(), package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / folder.relative_to(package.parent), symlinks=True)
    copied = closed / package.name / packaged_programs().name
    monkeypatch.setattr("devstack.postgres_home.packaged_programs", lambda: copied)
    server = PostgresServer(closed / "postgres")
    try:
        for _ in range(2):
            server.start()
            connection = await asyncpg.connect(server.superuser_dsn)
            await connection.execute("create table if not exists kept (id int)")
            await connection.execute("insert into kept values (1)")
            count = await connection.fetchval("select count(*) from kept")
            await connection.close()
            server.stop()
        home = settle(server.folder, server_account())
    finally:
        server.destroy()
    assert count == 2
    assert not home.exists()


async def test_mock_broker_gets_the_topics_a_service_would_create(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "standins"))
    server = MockKafka(tmp_path / "kafka-mock").start()
    try:
        environment = {
            "TRUESHELF_ENVIRONMENT": "local",
            "TRUESHELF_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "TRUESHELF_KAFKA_BOOTSTRAP": server.bootstrap,
            "TRUESHELF_REDIS_URL": "redis://127.0.0.1:1/0",
            "TRUESHELF_OIDC_ISSUER": "none",
            "TRUESHELF_OIDC_JWKS_URL": "file:///none",
        }
        log = tmp_path / "topics.log"
        step = Broker(server).topic_step(ServiceSpec("third"), environment, log)
        assert spawn(step).wait(60) == 0, log.read_text()
        asked = set(read_json(server.folder / "topics" / "sales.json"))
    finally:
        server.destroy()
    assert "sales.order.v1.third.handler.dlq" in asked
    assert {topic.name for topic in topics_of("sales")} < asked


async def _create_topic(bootstrap: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(name, 1, 1)])
        assert [code for _, code, *_ in answer.topic_errors] == [0]
    finally:
        await admin.close()


async def _produce(bootstrap: str, values: list[bytes]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, compression_type="lz4"
    )
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(TOPIC, value, key=b"301")
    finally:
        await producer.stop()


async def _consume(bootstrap: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=bootstrap,
        group_id="test",
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()
