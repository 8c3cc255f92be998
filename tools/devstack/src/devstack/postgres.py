"""PostgreSQL 18 from the package registry, with settings for a small machine."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import asyncpg

from devstack.errors import StackError
from devstack.files import PRIVATE, write_text
from devstack.ports import LOOPBACK, free_port, is_open
from devstack.postgres_home import abandon, reachable_programs, server_account, settle
from devstack.processes import Program
from devstack.server import Server
from devstack.waiting import run_async

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    # No sockets in the file system: their paths may have 107 characters, ours may have more.
    "unix_socket_directories": "",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "wal_compression": "on",
    # To make a segment of the journal takes a commit some 45 ms, to use an old one again takes
    # none: those that were needed once are kept. After a checkpoint every page is written whole
    # once more, so that they come by time and not by volume.
    "min_wal_size": "2GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    # Short statements gain nothing from it, and the packaged server does not bring it.
    "jit": "off",
    # Passwords are random: there is nothing to guess, and 4,096 rounds cost each connection 6 ms.
    "scram_iterations": "1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_lock_waits": "on",
    "log_min_duration_statement": "1000",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For databases that live as long as one run of tests.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Tables are emptied whole after each test.
    "autovacuum": "off",
}


class PostgresServer(Server):
    """One cluster in a folder."""

    name = "postgres"

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        *,
        password: str | None = None,
        durable: bool = True,
    ) -> None:
        super().__init__(folder)
        self.port = port or free_port()
        self.durable = durable
        self._given_password = password
        self._account = server_account()

    @property
    def host(self) -> str:
        """Where it listens."""
        return LOOPBACK

    @property
    def password(self) -> str:
        """The superuser's; made once, and kept beside the data."""
        if self._given_password is not None:
            return self._given_password
        file = self.folder / "superuser.password"
        if not file.exists():
            write_text(file, secrets.token_hex(16), PRIVATE)
        return file.read_text().strip()

    @property
    def superuser_dsn(self) -> str:
        """For whoever sets up databases."""
        return self.dsn(SUPERUSER, self.password, "postgres")

    def dsn(self, user: str, password: str, database: str) -> str:
        """Return the address of a database for a role."""
        return f"postgresql://{user}:{password}@{self.host}:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the cluster, under an account that can reach it."""
        home = settle(self.folder, self._account)
        data = home / "data"
        if not (data / "PG_VERSION").exists():
            # A cluster without a version is one whose making was interrupted.
            shutil.rmtree(data, ignore_errors=True)
            self._initialise(home, data)

    def program(self) -> Program:
        home = settle(self.folder, self._account)
        settings = SETTINGS | (DURABLE if self.durable else THROWAWAY) | {"port": str(self.port)}
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        postgres = reachable_programs(home, self._account) / "bin" / "postgres"
        return Program(
            argv=(str(postgres), "-D", str(home / "data"), *options),
            log=self.folder.parent / "logs" / "postgres.log",
            env={"LC_ALL": "C.UTF-8"},
            account=self._account,
            cwd=home,
            # Fast shutdown: sessions are ended, a checkpoint is written.
            stop_signal=signal.SIGINT,
        )

    def is_ready(self) -> bool:
        return is_open(self.port) and run_async(_answers(self.superuser_dsn))

    def destroy(self) -> None:
        self.stop()
        abandon(self.folder)
        super().destroy()

    def _initialise(self, home: Path, data: Path) -> None:
        secret = home / "initial.password"
        write_text(secret, self.password, PRIVATE)
        if self._account is not None:
            os.chown(secret, self._account.uid, self._account.gid)
        initdb = reachable_programs(home, self._account) / "bin" / "initdb"
        options = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={secret}"]
        options += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--set=scram_iterations=1", "--locale=C.UTF-8"] + (
            [] if self.durable else ["--no-sync"]
        )
        try:
            done = subprocess.run(
                [initdb, "-D", data, *options],
                capture_output=True,
                text=True,
                check=False,
                cwd=home,
                **(self._account.for_subprocess() if self._account else {}),
            )
        finally:
            secret.unlink()
        if done.returncode != 0:
            raise StackError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")


async def _answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    try:
        return bool(await connection.fetchval("select 1") == 1)
    finally:
        await connection.close()
