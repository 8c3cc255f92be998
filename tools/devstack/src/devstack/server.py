"""What PostgreSQL, Redis and Kafka have in common: prepare, start, answer, stop."""

import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from devstack.errors import StackError
from devstack.processes import Program, spawn
from devstack.waiting import wait_until

LOG_TAIL_LINES = 20


class Server(ABC):
    """One server with its data in a folder; usable alone, or as a child of the supervisor."""

    name: str
    start_seconds: float = 60.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Make what must be there before the process starts; twice is fine."""

    @abstractmethod
    def program(self) -> Program:
        """Return how to start it."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Tell whether it does its work (not merely whether it listens)."""

    def start(self) -> Self:
        """Start it as our own child and wait until it is ready."""
        self.prepare()
        program = self.program()
        process = self._process = spawn(program)
        try:
            wait_until(lambda: self._ready_or_dead(process), self.start_seconds, self.name)
        except TimeoutError as error:
            self.stop()
            raise StackError(f"{self.name}: {error}\n{tail(program.log)}") from error
        if process.poll() is not None:
            raise StackError(f"{self.name} ended at once ({process.poll()})\n{tail(program.log)}")
        return self

    def stop(self, kind: signal.Signals | None = None) -> None:
        """Stop it; kindly unless told otherwise."""
        process, self._process = self._process, None
        if process is None:
            return
        program = self.program()
        process.send_signal(kind or program.stop_signal)
        try:
            process.wait(program.stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def pid(self) -> int:
        """The running process."""
        if self._process is None:
            raise StackError(f"{self.name} is not running")
        return self._process.pid

    def destroy(self) -> None:
        """Stop it and remove its data."""
        self.stop()
        remove_tree(self.folder)

    def _ready_or_dead(self, process: subprocess.Popen[bytes]) -> bool:
        return process.poll() is not None or self.is_ready()


def tail(log: Path, lines: int = LOG_TAIL_LINES) -> str:
    """Return the end of a log, for error messages."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return f"({log} does not exist)"
    return "\n".join([f"--- end of {log}", *text.splitlines()[-lines:], "---"])


def remove_tree(folder: Path) -> None:
    """Remove a folder; processes just ended may still be removing files of their own."""
    try:
        wait_until(lambda: _is_gone(folder), 5, f"{folder} to be gone")
    except TimeoutError as error:
        raise StackError(f"{folder} could not be removed") from error


def _is_gone(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
