"""Starting, recognising and ending processes; a stranger with the same pid is never touched."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

# Clock arithmetic may shift a start time by fractions; a pid is not used again that fast.
SAME_START_SECONDS = 2.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The user a program runs under, where that is not our own."""

    name: str
    uid: int
    gid: int

    def for_subprocess(self) -> dict[str, Any]:
        """Return the arguments of subprocess that take this user's place, and no group more."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Program:
    """Everything needed to start a process, and to stop it kindly."""

    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 30.0

    def popen_arguments(self) -> dict[str, Any]:
        """Return what subprocess and asyncio take alike, save for the output."""
        return {
            "env": {**os.environ, **self.env},
            "cwd": self.cwd,
            "stdin": subprocess.DEVNULL,
            # Ctrl-C in the terminal is for us; we then stop the others in their order.
            "start_new_session": True,
            "preexec_fn": _end_with_parent(self.stop_signal),
            **(self.account.for_subprocess() if self.account else {}),
        }


@dataclass(frozen=True)
class Identity:
    """A process that can be told from a later one with the same pid."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Return who has this pid now, or None."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def process(self) -> psutil.Process | None:
        """Return the process if it is still this one and not just its remains."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < SAME_START_SECONDS
            alive = same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return process if alive else None

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self.process() is not None


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """Start a program whose output goes to its log."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("ab") as log:
        return subprocess.Popen(
            program.argv, stdout=log, stderr=subprocess.STDOUT, **program.popen_arguments()
        )


def end(identity: Identity, kind: signal.Signals, seconds: float) -> None:
    """Ask a process to stop, and after the deadline make it."""
    process = identity.process()
    if process is None:
        return
    try:
        process.send_signal(kind)
        process.wait(seconds)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(10)
    except psutil.NoSuchProcess:
        return


def _end_with_parent(kind: signal.Signals) -> Callable[[], None] | None:
    """Have Linux signal the child when we are gone, however we went.

    Linux means the thread by "parent", so only the main thread may ask for it.
    """
    if _libc is None or threading.current_thread() is not threading.main_thread():
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, kind)
        if os.getppid() != parent:
            os._exit(1)

    return ask
