"""The servers and service processes that a benchmark needs, started for it and gone afterwards.

The stack's supervisor is left out on purpose: a benchmark chooses which processes run, and none
that it does not measure takes a share of the machine.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from devstack.blueprint import Blueprint, Wishes
from devstack.databases import owner_of, provide_database, provide_roles
from devstack.errors import StackError
from devstack.health import is_healthy
from devstack.kafka import KafkaServer
from devstack.ports import LOOPBACK
from devstack.postgres import PostgresServer
from devstack.processes import Program, spawn
from devstack.redis import RedisServer
from devstack.server import Server, remove_tree, tail
from devstack.services import ServiceSpec
from devstack.waiting import run_async, wait_until

ROOT = Path("var/bench")
STEP_SECONDS = 120.0
COMMAND_SECONDS = 900.0
READY_SECONDS = 60.0
REDIS, POSTGRES, KAFKA = "redis", "postgres", "kafka"


class Rig:
    """PostgreSQL with full durability, Redis, Apache Kafka if asked for, and chosen processes."""

    def __init__(self, state: Path, services: Sequence[str], *, kafka: bool) -> None:
        self.state = state.resolve()
        self._kafka_wanted = kafka
        self._at_end = ExitStack()
        self._names = tuple(services)
        self.pids: dict[str, int] = {}

    def start(self) -> None:
        """Start the servers, migrate the databases and create the topics."""
        self.state.mkdir(parents=True)
        Wishes(services=self._names).write(self.state)
        self.plan = Blueprint(self.state)
        self.plan.draw()
        ports, passwords = self.plan.ports, self.plan.passwords
        folder = self.state
        self._serve(RedisServer(folder / REDIS, ports[REDIS]))
        self.postgres = PostgresServer(
            folder / POSTGRES, ports[POSTGRES], password=passwords["postgres"]
        )
        self._serve(self.postgres)
        if self._kafka_wanted:
            self._serve(KafkaServer(folder / KAFKA, ports[KAFKA], ports["kafka.controller"]))
        roles = [role for s in self.plan.services for role in (s.name, owner_of(s.name))]
        run_async(
            provide_roles(self.postgres.superuser_dsn, {role: passwords[role] for role in roles})
        )
        for service in self.plan.services:
            run_async(provide_database(self.postgres.superuser_dsn, service.name, service.name))
            self._step(service, "migrate")
            if self._kafka_wanted:
                self._step(service, "topics")

    def stop(self) -> None:
        """Stop everything that was started, the last first, and remove the state."""
        self._at_end.close()
        remove_tree(self.state)

    @contextmanager
    def process(self, name: str, **settings: str) -> Iterator[int]:
        """Run a process such as `inventory.api` until the block ends; settings go on top."""
        service_name, role = name.split(".")
        service = next(one for one in self.plan.services if one.name == service_name)
        environment = self.plan.process_environment(service, role) | settings
        process = spawn(self._program(service, role, environment))
        try:
            port = self.plan.ports[name]
            wait_until(lambda: _ready_or_dead(process, port), READY_SECONDS, name)
            if process.poll() is not None:
                raise StackError(f"{name} ended at once\n{tail(self.plan.log(name))}")
            self.pids[name] = process.pid
            yield process.pid
        finally:
            self.pids.pop(name, None)
            _end(process)

    def command(self, service_name: str, name: str) -> None:
        """Run a command of a service, such as `inventory close`, to its end."""
        service = next(one for one in self.plan.services if one.name == service_name)
        self._step(service, name, COMMAND_SECONDS)

    @property
    def bootstrap(self) -> str:
        """Return where Kafka's clients begin."""
        return f"{LOOPBACK}:{self.plan.ports[KAFKA]}"

    def dsn(self, service: str) -> str:
        """Return the address under which the service itself works."""
        return self.plan.dsn(service, service)

    def owner_dsn(self, service: str) -> str:
        """Return the address of whoever owns the service's tables."""
        return self.plan.dsn(owner_of(service), service)

    def execute(self, dsn: str, *statements: str) -> None:
        """Execute statements outside of what is measured."""
        run_async(_execute(dsn, statements))

    def value(self, dsn: str, query: str, *arguments: Any) -> Any:
        """Return one value."""
        return run_async(_value(dsn, query, arguments))

    def settle(self) -> None:
        """Let every leg begin alike: pages written, nothing left over from the leg before."""
        self.execute(self.postgres.superuser_dsn, "checkpoint")

    def _serve(self, server: Server) -> None:
        self._at_end.callback(server.destroy)
        self.pids[server.name] = server.start().pid
        self._at_end.callback(self.pids.pop, server.name, None)

    def _step(self, service: ServiceSpec, role: str, seconds: float = STEP_SECONDS) -> None:
        program = self._program(service, role, self.plan.step_environment(service, role))
        process = spawn(program)
        try:
            code = process.wait(seconds)
        finally:
            _end(process)
        if code != 0:
            raise StackError(f"{service.name} {role} failed ({code})\n{tail(program.log)}")

    def _program(self, service: ServiceSpec, role: str, environment: dict[str, str]) -> Program:
        return Program(
            argv=(sys.executable, "-P", "-m", service.name, role),
            log=self.plan.log(f"{service.name}.{role}"),
            env=environment,
            cwd=self.state / "work",
        )


@contextmanager
def rig(*services: str, kafka: bool) -> Iterator[Rig]:
    """Give a rig, and take everything down however the block ends."""
    one = Rig(ROOT / f"state-{os.getpid()}", services, kafka=kafka)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def helper(module: str, task: str) -> str:
    """Run one of our own modules to its end with this on its standard input."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        answer, _ = process.communicate(task)
    finally:
        _end(process)
    if process.returncode != 0:
        raise StackError(f"{module} ended with {process.returncode}")
    return answer


def _end(process: "subprocess.Popen[Any]") -> None:
    """End a process: kindly, and after its time is over for certain."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _ready_or_dead(process: "subprocess.Popen[bytes]", port: int) -> bool:
    return process.poll() is not None or is_healthy(port)


async def _execute(dsn: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(dsn, command_timeout=300)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _value(dsn: str, query: str, arguments: Sequence[Any]) -> Any:
    connection = await asyncpg.connect(dsn, command_timeout=300)
    try:
        return await connection.fetchval(query, *arguments)
    finally:
        await connection.close()
