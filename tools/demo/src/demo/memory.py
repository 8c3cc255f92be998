"""Samples how much memory the platform's processes take, and keeps the peaks."""

import threading
from types import TracebackType
from typing import Self

import psutil

from devstack.stack import Stack

EVERY_SECONDS = 2.0
MEGABYTE = 1_000_000


class MemoryWatch:
    """Watches while it is entered. A server with children counts as a whole, shared pages once."""

    def __init__(self, stack: Stack) -> None:
        self.peaks: dict[str, int] = {}
        self._stack = stack
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def megabytes(self) -> dict[str, float]:
        """Return the peaks by process, the largest first."""
        ranked = sorted(self.peaks.items(), key=lambda one: -one[1])
        return {name: round(peak / MEGABYTE, 1) for name, peak in ranked}

    def _watch(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            status = self._stack.status()
            for name, one in (status.processes if status else {}).items():
                size = size_of_tree(one.pid)
                self.peaks[name] = max(self.peaks.get(name, 0), size)


def size_of_tree(pid: int) -> int:
    """Return the bytes resident in a process; with children, what they share counts once."""
    try:
        process = psutil.Process(pid)
        children = process.children(recursive=True)
        if not children:
            return int(process.memory_info().rss)
        return sum(_share(one) for one in (process, *children))
    except psutil.Error:
        return 0


def _share(process: psutil.Process) -> int:
    """Return what a process takes, shared pages by its share where the system can tell."""
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.uss))
    except psutil.Error:
        return 0
