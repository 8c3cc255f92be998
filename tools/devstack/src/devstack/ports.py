"""Free ports on the loopback: chosen once, remembered, and chosen anew only if taken."""

import contextlib
import random
import socket
from collections.abc import Sequence
from pathlib import Path

from devstack.errors import StackError
from devstack.files import read_json, write_json

LOOPBACK = "127.0.0.1"
# Below the range from which Linux takes ports for outgoing connections: a port of ours that is
# free for a moment, because its process restarts, can then not be lost to a passing client.
RANGE = range(20_000, 32_000)
TRIES = 500


def free_port() -> int:
    """Return a port nobody listens on."""
    with contextlib.ExitStack() as held:
        return _claim(held)


def remembered_ports(file: Path, names: Sequence[str]) -> dict[str, int]:
    """Return a port for each name: the one of last time if it is still free, or another."""
    before: dict[str, int] = read_json(file) or {}
    with contextlib.ExitStack() as held:
        kept = {n: before[n] for n in names if n in before and _bind(held, before[n])}
        ports = {name: kept[name] if name in kept else _claim(held) for name in names}
    write_json(file, before | ports)
    return ports


def is_open(port: int) -> bool:
    """Tell whether somebody listens on the port."""
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def _claim(held: contextlib.ExitStack) -> int:
    for _ in range(TRIES):
        port = random.choice(RANGE)  # noqa: S311 - spreads stacks apart, guards nothing
        if _bind(held, port):
            return port
    raise StackError(f"no free port found between {RANGE.start} and {RANGE.stop}")


def _bind(held: contextlib.ExitStack, port: int) -> bool:
    listener = socket.socket()
    # As servers do: a port whose last connections still linger counts as free.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError:
        listener.close()
        return False
    held.callback(listener.close)
    return True
