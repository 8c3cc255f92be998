"""Fixtures for tests that need the real thing: `pytest_plugins = ["devstack.testing"]`.

Nothing is skipped for want of a server: what cannot be started fails the test and says why.
"""

import os
import secrets
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from devstack.broker import REQUIRE_KAFKA, choose_broker
from devstack.databases import drop_database, owner_of, provide_database, provide_roles
from devstack.kafka import KafkaServer
from devstack.mock_kafka import MockKafka
from devstack.postgres import SUPERUSER, PostgresServer
from devstack.pristine import Pristine
from devstack.redis import RedisServer
from devstack.s3proxy import S3ProxyServer
from devstack.stack import Stack
from devstack.waiting import run_async
from servicekit.testing import migrate


@dataclass(frozen=True)
class FreshDatabase:
    """An empty database of a service, and the addresses of its two roles."""

    name: str
    dsn: str
    owner_dsn: str


FreshDatabases = Callable[[str], FreshDatabase]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, lest one process is left alone with it at the end.

    That is what needs the platform, and then what starts a stack for itself.
    """
    items.sort(key=_stacks, reverse=True)


THE_PLATFORM, OF_ITS_OWN, NONE = 2, 1, 0


def _stacks(item: pytest.Item) -> int:
    """Tell what a test needs running."""
    if _needs_platform(item.nodeid):
        return THE_PLATFORM
    return OF_ITS_OWN if "standin_stack" in getattr(item, "fixturenames", ()) else NONE


def _needs_platform(nodeid: str) -> bool:
    return nodeid.startswith("tests/integration/")


class OnePlatform(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives a file to one of the processes that share the tests, and all platform tests to one."""

    def _split_scope(self, nodeid: str) -> str:
        return "platform" if _needs_platform(nodeid) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OnePlatform:
    """Have the tests shared this way, whatever way was asked for: two platforms are too many."""
    return OnePlatform(config, log)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One throwaway PostgreSQL for the session; it need not survive a power cut."""
    with _folder() as folder:
        server = PostgresServer(folder / "postgres", durable=False)
        try:
            yield server.start()
        finally:
            server.destroy()


@pytest.fixture
def fresh_database(postgres_server: PostgresServer) -> Iterator[FreshDatabases]:
    """Call it with a service's name for an empty database, gone after the test."""
    with ExitStack() as at_end:

        def make(service: str) -> FreshDatabase:
            return at_end.enter_context(database_for(postgres_server, service))

        yield make


class Shelf:
    """Migrated databases, each lent to one test at a time and made empty again for the next."""

    def __init__(self, server: PostgresServer, at_end: ExitStack) -> None:
        self._server = server
        self._at_end = at_end
        self._idle: defaultdict[str, list[FreshDatabase]] = defaultdict(list)
        self.template = cache(self._template)

    @contextmanager
    def lend(self, service: str) -> Iterator[FreshDatabase]:
        """Lend a database with empty tables; one that has become another is not lent again."""
        template, pristine = self.template(service)
        idle = self._idle[service]
        lent = idle.pop() if idle else self._make(service, template)
        yield lent
        if run_async(pristine.restore(self.superuser_dsn(lent.name))):
            idle.append(lent)

    def superuser_dsn(self, name: str) -> str:
        """Return the address of a database for who may do everything."""
        return self._server.dsn(SUPERUSER, self._server.password, name)

    def _template(self, service: str) -> tuple[str, Pristine]:
        """Migrate a database once for the session, to copy it and to compare with it."""
        made = self._make(service)
        migrate(service, made.owner_dsn)
        return made.name, run_async(Pristine.of(self.superuser_dsn(made.name)))

    def _make(self, service: str, template: str = "template1") -> FreshDatabase:
        return self._at_end.enter_context(database_for(self._server, service, template))


@pytest.fixture(scope="session")
def lender(postgres_server: PostgresServer) -> Iterator[Shelf]:
    """The session's migrated databases."""
    with ExitStack() as at_end:
        yield Shelf(postgres_server, at_end)


@pytest.fixture
def migrated_database(lender: Shelf) -> Iterator[FreshDatabases]:
    """Call it with a service's name for a database with empty tables, lent for the test."""
    with ExitStack() as at_end:

        def make(service: str) -> FreshDatabase:
            return at_end.enter_context(lender.lend(service))

        yield make


@contextmanager
def database_for(
    server: PostgresServer, service: str, template: str = "template1"
) -> Iterator[FreshDatabase]:
    """Make a database with the service's two roles, for fixtures of any scope; drop it after."""
    name = f"{service}_{secrets.token_hex(4)}"
    owner, password = owner_of(service), _password(server, service)
    roles = {service: password, owner: password}
    run_async(provide_roles(server.superuser_dsn, roles))
    run_async(provide_database(server.superuser_dsn, name, service, template))
    try:
        yield FreshDatabase(
            name, server.dsn(service, password, name), server.dsn(owner, password, name)
        )
    finally:
        run_async(drop_database(server.superuser_dsn, name))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for the session."""
    with _folder() as folder:
        server = RedisServer(folder / "redis")
        try:
            yield server.start()
        finally:
            server.stop()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3ProxyServer]:
    """One S3-compatible service for the session; each test takes a bucket of its own."""
    with _folder() as folder:
        server = S3ProxyServer(folder / "s3proxy")
        try:
            yield server.start()
        finally:
            server.stop()


@pytest.fixture
def bucket(s3_server: S3ProxyServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an empty bucket of a test has its objects; what the test starts is let in."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server.bucket(f"notes-{secrets.token_hex(8)}")


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[KafkaServer | MockKafka]:
    """One broker for the session; only TRUESHELF_REQUIRE_KAFKA=1 insists on the real one."""
    with _folder() as folder:
        server = choose_broker(folder / "kafka", brief=True).server
        try:
            yield server.start()
        finally:
            server.stop()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole platform, on Apache Kafka, gone at the end even if we are killed."""
    os.environ.setdefault(REQUIRE_KAFKA, "1")
    with _folder() as folder:
        stack = Stack(folder / "stack", bound=True, brief=True)
        try:
            stack.up()
            yield stack
        finally:
            stack.destroy()


def _password(server: PostgresServer, service: str) -> str:
    """Return one password for a service's roles: they are the server's, not the database's."""
    return PASSWORDS.setdefault((str(server.folder), service), secrets.token_hex(16))


PASSWORDS: dict[tuple[str, str], str] = {}


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="trueshelf-"))
    # PostgreSQL may have to run under another account, which then passes through here.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
