"""The process that starts everything, watches it, and ends it in order.

It is told what to do by the state folder, tells how it goes in the status file, and stops on
SIGTERM. To restart a part, end that part: it is brought back.
"""

import argparse
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

from devstack.blueprint import Blueprint
from devstack.broker import Broker, choose_broker
from devstack.child import Child, exit_code
from devstack.databases import owner_of, provide_database, provide_roles
from devstack.errors import StackError
from devstack.health import is_healthy
from devstack.postgres import PostgresServer
from devstack.processes import Identity, Program, spawn
from devstack.redis import RedisServer
from devstack.server import Server, remove_tree, tail
from devstack.services import ServiceSpec
from devstack.status import Phase, Status
from devstack.waiting import until

READY_SECONDS = 120.0
STEP_SECONDS = 120.0
POLL_SECONDS = 0.1
CRASHES_AT_START_MAX = 5
RENEW_SECONDS = 3600.0

log = logging.getLogger("devstack.supervisor")


class Supervisor:
    """One stack."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.blueprint = Blueprint(state)
        me = Identity.of(os.getpid())
        self.status = Status(os.getpid(), me.started if me else 0.0)
        self.services: list[Child] = []
        self.servers: list[Child] = []

    async def run(self) -> int:
        """Run until told to stop; return what to exit with."""
        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        for kind in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(kind, told.set)
        watch = asyncio.create_task(self._end_with_owner(told))
        code = await self._start_unless(told)
        if code == 0:
            renew = asyncio.create_task(self._renew_tokens())
            await told.wait()
            renew.cancel()
        watch.cancel()
        await self._stop(Phase.STOPPED if code == 0 else Phase.FAILED)
        if self.blueprint.wishes.owner_pid is not None and told.is_set():
            await asyncio.to_thread(self._vanish)
        return code

    async def _start_unless(self, told: asyncio.Event) -> int:
        """Start everything; give up if told to stop meanwhile."""
        starting = asyncio.create_task(self._start())
        stopping = asyncio.create_task(told.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            return 0
        if (error := starting.exception()) is not None:
            log.error("the stack could not be started", exc_info=error)
            self._tell(Phase.FAILED, str(error) or repr(error))
            return 1
        self._tell(Phase.RUNNING, "")
        return 0

    async def _start(self) -> None:
        self._tell(Phase.STARTING, "choosing ports, passwords and keys")
        await asyncio.to_thread(self.blueprint.draw)
        await together(self._lay_databases(), self._lay_topics(), self._start_redis())
        self._tell(Phase.STARTING, "starting the services")
        for name, (service, role) in self.blueprint.process_names():
            program = self._python(service, role, self.blueprint.process_environment(service, role))
            self.services.append(Child(name, program, self._write))
        for child in self.services:
            child.start()
        await together(*(self._healthy(child) for child in self.services))

    async def _lay_databases(self) -> None:
        """PostgreSQL, then each service's roles, database and migrations."""
        server = PostgresServer(
            self.state / "postgres",
            self.blueprint.ports["postgres"],
            password=self.blueprint.passwords["postgres"],
        )
        await self._serve(server)
        roles = [role for s in self.blueprint.services for role in (s.name, owner_of(s.name))]
        passwords = {role: self.blueprint.passwords[role] for role in roles}
        await provide_roles(server.superuser_dsn, passwords)
        await together(*(self._migrate(server, service) for service in self.blueprint.services))

    async def _migrate(self, server: PostgresServer, service: ServiceSpec) -> None:
        await provide_database(server.superuser_dsn, service.name, service.name)
        await self._step(service, "migrate")

    async def _lay_topics(self) -> None:
        """Kafka, then each service's topics."""
        self._tell(Phase.STARTING, "starting PostgreSQL, Redis and Kafka; migrating")
        ports = self.blueprint.ports
        broker = await asyncio.to_thread(
            choose_broker,
            self.state / "kafka",
            ports["kafka"],
            ports["kafka.controller"],
            brief=self.blueprint.wishes.brief,
        )
        self.status.broker, self.status.warning = broker.server.kind, broker.warning
        if not broker.is_real:
            log.warning("%s", broker.warning)
        await self._serve(broker.server)
        await together(
            *(self._create_topics(broker, service) for service in self.blueprint.services)
        )

    async def _create_topics(self, broker: Broker, service: ServiceSpec) -> None:
        if broker.is_real:
            await self._step(service, "topics")
        else:
            environment = self.blueprint.step_environment(service, "topics")
            log_file = self.blueprint.log(f"{service.name}.topics")
            await self._run_step(broker.topic_step(service, environment, log_file))

    async def _start_redis(self) -> None:
        await self._serve(RedisServer(self.state / "redis", self.blueprint.ports["redis"]))

    async def _serve(self, server: Server) -> None:
        """Start a server as a child, and wait until it does its work."""
        await asyncio.to_thread(server.prepare)
        child = Child(server.name, await asyncio.to_thread(server.program), self._write)
        self.servers.append(child)
        child.start()
        await self._until(child, server.is_ready)

    async def _healthy(self, child: Child) -> None:
        port = self.blueprint.ports[child.name]
        await self._until(child, lambda: is_healthy(port))

    async def _until(self, child: Child, ready: Callable[[], bool]) -> None:
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        while not await asyncio.to_thread(ready):
            await asyncio.sleep(POLL_SECONDS)
            if child.status is not None and child.status.restarts >= CRASHES_AT_START_MAX:
                told = f"{child.name} ended {child.status.restarts} times in a row"
            elif asyncio.get_running_loop().time() > deadline:
                told = f"{child.name} was not ready after {READY_SECONDS:.0f} s"
            else:
                continue
            raise StackError(f"{told}\n{tail(child.program.log)}")

    async def _step(self, service: ServiceSpec, role: str) -> None:
        environment = self.blueprint.step_environment(service, role)
        await self._run_step(self._python(service, role, environment))

    async def _run_step(self, program: Program) -> None:
        """Run what has to end well before the services start."""
        process = spawn(program)
        try:
            code = await asyncio.wait_for(exit_code(process), STEP_SECONDS)
        except TimeoutError as error:
            raise StackError(f"{program.log.stem} took over {STEP_SECONDS:.0f} s") from error
        finally:
            process.kill()
            process.wait()
        if code != 0:
            raise StackError(f"{program.log.stem} failed ({code})\n{tail(program.log)}")

    def _python(self, service: ServiceSpec, role: str, environment: dict[str, str]) -> Program:
        return Program(
            # -P: what happens to lie in the working folder is not importable.
            argv=(sys.executable, "-P", "-m", service.name, role),
            log=self.blueprint.log(f"{service.name}.{role}"),
            env=environment,
            cwd=self.state / "work",
        )

    async def _stop(self, last: Phase) -> None:
        """Services first, so that they can hand over what they hold; then what they stand on."""
        message = self.status.message
        self._tell(Phase.STOPPING, message)
        await asyncio.gather(*(child.stop() for child in self.services))
        order = {"kafka": 0, "redis": 1, "postgres": 2}
        for child in sorted(self.servers, key=lambda child: order[child.name]):
            await child.stop()
        self._tell(last, message)

    async def _end_with_owner(self, told: asyncio.Event) -> None:
        """Stop when the process this stack belongs to is gone, however it went."""
        wishes = self.blueprint.wishes
        if wishes.owner_pid is None or wishes.owner_started is None:
            return
        owner = Identity(wishes.owner_pid, wishes.owner_started)
        await until(lambda: not owner.is_alive(), 1)
        log.warning("the process this stack belongs to is gone: stopping")
        told.set()

    async def _renew_tokens(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await asyncio.to_thread(self.blueprint.renew_service_tokens)

    def _vanish(self) -> None:
        """Remove the state of a stack whose owner is gone; a living owner does so itself."""
        wishes = self.blueprint.wishes
        owner = Identity(wishes.owner_pid or 0, wishes.owner_started or 0.0)
        if not owner.is_alive():
            PostgresServer(self.state / "postgres", 1).destroy()
            remove_tree(self.state)

    def _tell(self, phase: Phase, message: str) -> None:
        if phase != self.status.phase or message != self.status.message:
            log.info("%s %s", phase.value, message)
        self.status.phase, self.status.message = phase, message
        self._write()

    def _write(self) -> None:
        children: Iterable[Child] = [*self.servers, *self.services]
        self.status.processes = {c.name: c.status for c in children if c.status is not None}
        self.status.write(self.state)


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Do things side by side; the first that fails ends the others, and is what is told."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except ExceptionGroup as several:
        raise several.exceptions[0] from None


def main() -> int:
    """Supervise the stack of a state folder, unless somebody does already."""
    parser = argparse.ArgumentParser(prog="devstack.supervisor")
    parser.add_argument("--state", type=Path, required=True)
    state: Path = parser.parse_args().state
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    # Probes of a server that is not there yet are no news.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with (state / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.warning("another supervisor has this state: nothing to do")
            return 0
        with contextlib.suppress(KeyboardInterrupt):
            return asyncio.run(Supervisor(state).run())
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
