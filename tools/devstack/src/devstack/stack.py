"""The whole platform as an object: what the command line, tests, benchmarks and the demo use."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import psutil

from devstack.blueprint import Blueprint, Wishes
from devstack.databases import owner_of
from devstack.errors import StackError
from devstack.health import is_healthy
from devstack.kafka import has_brokers
from devstack.ports import LOOPBACK, is_open
from devstack.postgres import SUPERUSER, PostgresServer
from devstack.processes import Identity, end
from devstack.redis import RedisServer
from devstack.server import remove_tree, tail
from devstack.services import REGISTRY
from devstack.status import Phase, ProcessStatus, Status
from devstack.waiting import run_async, wait_until

UP_SECONDS = 240.0
# Longer than the services' 30 s and the servers' after them.
DOWN_SECONDS = 150.0
ORPHAN_SECONDS = 10.0
ORDER = ("kafka", "redis", "postgres")


@dataclass(frozen=True)
class PostgresInfo:
    """Where PostgreSQL is."""

    host: str
    port: int
    superuser_dsn: str


@dataclass(frozen=True)
class StackInfo:
    """Where everything is."""

    broker: str
    warning: str
    kafka_bootstrap: str
    redis_url: str
    postgres: PostgresInfo
    service_urls: dict[str, str]
    health_urls: dict[str, str]
    database_dsns: dict[str, str]
    owner_dsns: dict[str, str]

    def database_dsn(self, service: str) -> str:
        """Return the address a service itself uses."""
        return self.database_dsns[service]

    def owner_dsn(self, service: str) -> str:
        """Return the address its migrations use."""
        return self.owner_dsns[service]


class Stack:
    """One platform in one state folder.

    `bound` ties it to this process: should we vanish, it stops and takes its state along.
    `brief` says that it runs for minutes: it is rather quick to start than quick for long.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        registry: str | None = None,
        services: Sequence[str] | None = None,
        bound: bool = False,
        brief: bool = False,
    ) -> None:
        self.state = state_dir.resolve()
        self._registry = registry
        self._services = services
        self._bound = bound
        self._brief = brief
        self._supervisor: subprocess.Popen[bytes] | None = None

    # ---- up and down

    def up(self, timeout: float = UP_SECONDS) -> bool:
        """Start everything and wait until all is ready; False if it ran already."""
        if self.is_up():
            self.wait_ready(timeout)
            return False
        self.clean_orphans()
        self._write_wishes()
        supervisor = self._supervisor = self._spawn_supervisor()
        try:
            wait_until(lambda: self._has_settled(supervisor), timeout, "the stack to come up")
        except (TimeoutError, KeyboardInterrupt) as error:
            self.down()
            if isinstance(error, KeyboardInterrupt):
                raise
            raise StackError(f"{error}\n{tail(self.supervisor_log)}") from error
        status = self.status()
        if status is None or status.phase is not Phase.RUNNING:
            self._reap()
            reason = status.message if status and status.message else tail(self.supervisor_log)
            raise StackError(f"the stack did not come up: {reason}")
        return True

    def down(self, timeout: float = DOWN_SECONDS) -> bool:
        """Stop everything in order; False if nothing ran."""
        supervisor = self._living_supervisor()
        if supervisor is not None:
            end(supervisor, signal.SIGTERM, timeout)
        self._reap()
        orphans = self.clean_orphans()
        return supervisor is not None or bool(orphans)

    def destroy(self) -> None:
        """Stop everything and remove the state."""
        self.down()
        # A mistyped folder must not cost anybody their files.
        if self.state.exists() and not (self.state / "wishes.json").exists():
            if any(self.state.iterdir()):
                raise StackError(f"{self.state} is not the state of a stack: nothing removed")
            return
        PostgresServer(self.state / "postgres").destroy()
        remove_tree(self.state)

    def clean_orphans(self) -> list[str]:
        """End what a supervisor that died left behind; return what that was."""
        status = self.status()
        if status is None or status.supervisor.is_alive():
            return []
        names = [name for name, one in status.processes.items() if one.identity.is_alive()]

        def end_one(name: str) -> None:
            one = status.processes[name]
            end(one.identity, signal.Signals(one.stop_signal), ORPHAN_SECONDS)

        with ThreadPoolExecutor(max(1, len(names))) as together:
            list(together.map(end_one, [name for name in names if name not in ORDER]))
        for name in ORDER:
            if name in names:
                end_one(name)
        return names

    def is_up(self) -> bool:
        """Tell whether a supervisor looks after this state."""
        return self._living_supervisor() is not None

    # ---- what there is

    def status(self) -> Status | None:
        """Return what the supervisor told last."""
        return Status.read(self.state)

    @property
    def info(self) -> StackInfo:
        """Return where everything is; only a stack that was up once knows."""
        status = self.status()
        if status is None:
            raise StackError(f"there is no stack in {self.state}: bring it up first")
        plan = Blueprint(self.state)
        names = [service.name for service in plan.services]
        superuser = plan.dsn(SUPERUSER, "postgres")
        return StackInfo(
            broker=status.broker,
            warning=status.warning,
            kafka_bootstrap=f"{LOOPBACK}:{plan.ports['kafka']}",
            redis_url=f"redis://{LOOPBACK}:{plan.ports['redis']}/0",
            postgres=PostgresInfo(LOOPBACK, plan.ports["postgres"], superuser),
            service_urls={name: plan.url(f"{name}.api") for name in names},
            health_urls={name: plan.url(name) for name, _ in plan.process_names()},
            database_dsns={name: plan.dsn(name, name) for name in names},
            owner_dsns={name: plan.dsn(owner_of(name), name) for name in names},
        )

    def token(
        self,
        subject: str = "local",
        roles: Sequence[str] = (),
        sites: Sequence[str] = ("*",),
        hours: float = 12,
    ) -> str:
        """Return a token of the stack's own issuer."""
        issuer = Blueprint(self.state).issuer
        if not issuer.jwks.exists():
            raise StackError(f"there is no issuer in {self.state}: bring the stack up first")
        return issuer.token(subject, roles, sites, hours)

    def log(self, process: str) -> Path:
        """Return where a process writes."""
        return self.state / "logs" / f"{process}.log"

    @property
    def supervisor_log(self) -> Path:
        """Where the supervisor tells of every crash."""
        return self.log("supervisor")

    def pid(self, process: str) -> int:
        """Return the pid of a process, such as `sales.worker` or `kafka`."""
        return self._process(process).pid

    # ---- faults

    def kill(self, process: str, kind: signal.Signals = signal.SIGKILL) -> None:
        """Send a process a signal; if that ends it, the supervisor brings it back."""
        running = self._process(process).identity.process()
        if running is None:
            raise StackError(f"{process} does not run just now")
        with contextlib.suppress(psutil.NoSuchProcess):
            running.send_signal(kind)

    def restart(
        self, process: str, kind: signal.Signals | None = None, timeout: float = 90
    ) -> None:
        """End a process (kindly unless told otherwise) and wait until it is back and ready."""
        before = self._process(process)
        self.kill(process, kind or signal.Signals(before.stop_signal))
        wait_until(lambda: not before.identity.is_alive(), timeout, f"{process} to end")
        self._wait_for(process, before.identity, timeout)

    def wait_ready(self, timeout: float = 90) -> None:
        """Wait until all processes run and say that they are ready."""
        wait_until(self._is_settled_and_up, timeout, "the stack to be running")
        status = self.status()
        for name in status.processes if status else ():
            wait_until(lambda name=name: self.is_ready(name), timeout, f"{name} to be ready")  # type: ignore[misc]

    def is_ready(self, process: str) -> bool:
        """Tell whether a process runs and does its work."""
        one = self._process(process)
        if not (one.running and one.identity.is_alive()):
            return False
        plan = Blueprint(self.state)
        port = plan.ports[process]
        if process == "kafka":
            return is_open(port) and run_async(has_brokers(f"{LOOPBACK}:{port}"))
        if process == "postgres":
            password = plan.passwords[SUPERUSER]
            return PostgresServer(self.state / "postgres", port, password=password).is_ready()
        if process == "redis":
            return RedisServer(self.state / "redis", port).is_ready()
        return is_healthy(port)

    # ---- with

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    # ---- inside

    def _process(self, name: str) -> ProcessStatus:
        status = self.status()
        if status is None or name not in status.processes:
            known = ", ".join(status.processes) if status else "nothing"
            raise StackError(f"no process {name}; there is {known}")
        return status.processes[name]

    def _wait_for(self, process: str, before: Identity, timeout: float) -> None:
        def is_back() -> bool:
            return self._process(process).identity != before and self.is_ready(process)

        wait_until(is_back, timeout, f"{process} to be back")

    def _living_supervisor(self) -> Identity | None:
        status = self.status()
        return status.supervisor if status and status.supervisor.is_alive() else None

    def _is_settled_and_up(self) -> bool:
        status = self.status()
        if status is None or not status.supervisor.is_alive():
            raise StackError(f"the stack in {self.state} is not up")
        return status.phase is Phase.RUNNING

    def _has_settled(self, supervisor: subprocess.Popen[bytes]) -> bool:
        status = self.status()
        told = status is not None and status.phase is Phase.RUNNING
        mine = status is not None and status.supervisor.is_alive()
        return (told and mine) or supervisor.poll() is not None

    def _write_wishes(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        kept = Wishes.read(self.state)
        me = Identity.of(os.getpid())
        owner = me if self._bound else None
        replace(
            kept,
            registry=self._registry or kept.registry or REGISTRY,
            services=tuple(self._services) if self._services is not None else kept.services,
            owner_pid=owner.pid if owner else None,
            owner_started=owner.started if owner else None,
            brief=self._brief,
        ).write(self.state)

    def _spawn_supervisor(self) -> subprocess.Popen[bytes]:
        self.supervisor_log.parent.mkdir(parents=True, exist_ok=True)
        with self.supervisor_log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "devstack.supervisor", "--state", self.state],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _reap(self) -> None:
        """Take leave of our own child, lest its remains look alive."""
        if self._supervisor is not None:
            self._supervisor.wait(DOWN_SECONDS)
            self._supervisor = None
