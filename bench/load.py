"""`python -m bench.load`: the load generator, in a process of its own so that it has its own core.

It reads what to do as JSON from standard input and writes what came of it to standard output.
Raw streams: an HTTP client would take more of the machine than the service that is measured.
"""

import asyncio
import gc
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import uvloop

from bench.figures import latencies_ms
from bench.wire import HEADERS_END, Target, pick_items, read_head, request, request_head

CREATED = 201
SAMPLES_MAX = 3


@dataclass
class Tally:
    """What the clients have seen."""

    begin: float
    end: float
    slice_seconds: float
    answers: int = 0
    created: int = 0
    slices: dict[int, list[float]] = field(default_factory=dict)
    """How long answers took, by the slice of time they came in."""
    worst: dict[int, float] = field(default_factory=dict)
    """The slowest answer of each second."""
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)

    def note(self, started: float, ended: float, status: int, body: bytes) -> None:
        """Count an answer; only those that came within the measured time make the figures."""
        self.answers += 1
        self.created += status == CREATED
        if status != CREATED and len(self.refusals) < SAMPLES_MAX:
            self.refusals.append(f"{status}: {body.decode(errors='replace')[:500]}")
        if self.begin <= ended <= self.end:
            self.statuses[status] += 1
            if status == CREATED:
                number = int((ended - self.begin) / self.slice_seconds)
                self.slices.setdefault(number, []).append(ended - started)
                second = int(ended - self.begin)
                self.worst[second] = max(self.worst.get(second, 0.0), ended - started)


async def client(target: Target, task: dict[str, Any], number: int, tally: Tally) -> None:
    """Send one order after the other over one connection until the time is over.

    At a fixed rate each has its time, and counts from then on, even if the one before is late.
    """
    chance = random.Random(task["seed"] * 1000 + number)  # noqa: S311 - repeatable, guards nothing
    head = request_head(target)
    reader, writer = await asyncio.open_connection(target.host, target.port)
    clock = time.perf_counter
    pause = task["clients"] / task["rate"] if task.get("rate") else 0.0
    due = clock() + pause * number / task["clients"]
    try:
        while (started := due if pause else clock()) < tally.end:
            due += pause
            if (early := started - clock()) > 0:
                await asyncio.sleep(early)
            items = pick_items(chance, task["items"], hot=task["hot"])
            writer.write(request(head, target, uuid4(), uuid4().hex, items))
            answer = read_head(await reader.readuntil(HEADERS_END))
            body = await reader.readexactly(answer.length)
            tally.note(started, clock(), answer.status, body)
    finally:
        writer.close()


async def measure(task: dict[str, Any]) -> dict[str, Any]:
    """Run all clients; the first moments are not counted."""
    target = Target(**task["target"])
    begin = time.perf_counter() + task["warm_up_seconds"]
    tally = Tally(begin, begin + task["seconds"], task.get("slice_seconds", task["seconds"] + 1))
    async with asyncio.TaskGroup() as group:
        for number in range(task["clients"]):
            group.create_task(client(target, task, number, tally))
    done = tally.statuses[CREATED]
    slices = [tally.slices[number] for number in sorted(tally.slices)]
    return {
        "done": done,
        "answers": tally.answers,
        "created": tally.created,
        "per_second": done / task["seconds"],
        "latency_ms": latencies_ms([one for taken in slices for one in taken]),
        "began_at": time.time() - time.perf_counter() + tally.begin,
        "worst_ms": {str(second): round(one * 1000, 1) for second, one in tally.worst.items()},
        "slices_ms": [latencies_ms(taken) for taken in slices],
        "statuses": {str(status): count for status, count in tally.statuses.items()},
        "refusals": tally.refusals,
    }


def main() -> None:
    """Do one leg."""
    task = json.load(sys.stdin)
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    json.dump(uvloop.run(measure(task)), sys.stdout)


if __name__ == "__main__":
    main()
