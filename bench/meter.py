"""What the machine did during a leg: processor time by process, memory, and who else was busy."""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import psutil

from demo.memory import size_of_tree

MEGABYTE = 1_000_000
EVERY_SECONDS = 1.0
# Beyond this share of the machine, work of others is no longer noise.
DISTURBED_SHARE = 0.10
LOOK_SECONDS = 2.0


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process, its children and those it has already buried."""
    try:
        process = psutil.Process(pid)
        total = 0.0
        for one in (process, *process.children(recursive=True)):
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
            if one.pid == pid:
                total += times.children_user + times.children_system
    except psutil.NoSuchProcess:
        return 0.0
    return total


def busy_seconds() -> float:
    """Return the processor time that the whole machine has spent, also on others' behalf."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # A guest's time is part of user's already.
    guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return float(sum(times) - idle - guests)


@dataclass
class Meter:
    """Measures while it is entered; `others` is the share of the machine that was not ours."""

    pids: Mapping[str, int]
    cpu: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    others: float = 0.0
    load: float = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        self.load = os.getloadavg()[0]
        self._before = {name: cpu_seconds(pid) for name, pid in self.pids.items()}
        self._own = sum(os.times()[:4])
        self._busy, self._began = busy_seconds(), time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
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
        self._sample()
        self.seconds = time.monotonic() - self._began
        self.cpu = {name: cpu_seconds(pid) - self._before[name] for name, pid in self.pids.items()}
        # What runs a leg ends with it: its time is our own children's, which os.times() knows.
        helpers = sum(os.times()[:4]) - self._own
        foreign = busy_seconds() - self._busy - sum(self.cpu.values()) - helpers
        self.others = max(0.0, foreign / self.seconds / (os.cpu_count() or 1))
        self.helpers = helpers

    def told(self) -> dict[str, Any]:
        """Return what is written down of a leg."""
        return {
            "seconds_measured": round(self.seconds, 3),
            "peak_mb": {name: round(peak, 1) for name, peak in self.peak_mb.items()},
            "load_before": round(self.load, 2),
            "others_share": round(self.others, 3),
            "disturbed": self.others > DISTURBED_SHARE,
        }

    def _watch(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            self._sample()

    def _sample(self) -> None:
        for name, pid in self.pids.items():
            size = size_of_tree(pid) / MEGABYTE
            self.peak_mb[name] = max(self.peak_mb.get(name, 0.0), size)


def wait_for_quiet(patience_seconds: float) -> float:
    """Wait until others leave the machine alone, no longer than told; return the last share."""
    deadline = time.monotonic() + patience_seconds
    while True:
        share = psutil.cpu_percent(LOOK_SECONDS) / 100
        if share <= DISTURBED_SHARE or time.monotonic() >= deadline:
            return share
