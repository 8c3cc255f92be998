"""A process that is brought back when it ends without having been asked to."""

import asyncio
import contextlib
import logging
import signal
import subprocess
import time
from collections.abc import Callable

from devstack.processes import Identity, Program, spawn
from devstack.status import ProcessStatus
from devstack.waiting import until

BACK_OFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
# Who ran this long has recovered, and starts again at the first step.
STEADY_SECONDS = 30.0

log = logging.getLogger(__name__)


class Child:
    """Starts, watches, restarts and stops one process."""

    def __init__(self, name: str, program: Program, changed: Callable[[], None]) -> None:
        self.name = name
        self.program = program
        self.status: ProcessStatus | None = None
        self._changed = changed
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._crashes_in_a_row = 0

    def start(self) -> None:
        """Start it and keep it running."""
        self._spawn()
        self._watch = asyncio.create_task(self._keep_running(), name=f"watch {self.name}")

    async def stop(self) -> None:
        """End it for good: kindly, and after its time is over for certain."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        process = self._process
        if process is None or self.status is None:
            return
        process.send_signal(self.program.stop_signal)
        try:
            await asyncio.wait_for(exit_code(process), self.program.stop_seconds)
        except TimeoutError:
            log.warning("%s did not stop in %.0f s: killed", self.name, self.program.stop_seconds)
            process.kill()
            await exit_code(process)
        self.status.running = False
        self._changed()

    def _spawn(self) -> None:
        # In one go, without waiting: nobody can ask us to stop between a start and its record.
        process = self._process = spawn(self.program)
        who = Identity.of(process.pid) or Identity(process.pid, time.time())
        if self.status is None:
            kind = self.program.stop_signal
            self.status = ProcessStatus(who.pid, who.started, kind)
        else:
            self.status.pid, self.status.started, self.status.running = who.pid, who.started, True
        self._changed()

    async def _keep_running(self) -> None:
        while self._process is not None and self.status is not None:
            born = time.monotonic()
            code = await exit_code(self._process)
            steady = time.monotonic() - born > STEADY_SECONDS
            self._crashes_in_a_row = 1 if steady else self._crashes_in_a_row + 1
            pause = BACK_OFF_SECONDS[min(self._crashes_in_a_row, len(BACK_OFF_SECONDS)) - 1]
            self.status.running = False
            self.status.restarts += 1
            self.status.last_exit, self.status.last_exit_at = code, time.time()
            self._changed()
            log.error("%s %s; restarting in %.1f s", self.name, describe_exit(code), pause)
            await asyncio.sleep(pause)
            self._spawn()


async def exit_code(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a process; looking now and then is cheap and has no moving parts."""
    await until(lambda: process.poll() is not None)
    return process.wait()


def describe_exit(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"ended with code {code}"
    return f"was ended by {signal.Signals(-code).name}"
