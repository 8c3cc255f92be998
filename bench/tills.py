"""`python -m bench.tills`: tills that sell baskets, in a process of its own with its own core.

It reads where to sell and what as JSON from standard input, and writes what came of it to standard
output. Each client sells the next basket of the list over one connection of its own.
"""

import asyncio
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.figures import latencies_ms
from bench.wire import HEADERS_END, read_head

SOLD = 201
SAMPLES_MAX = 3


@dataclass
class Till:
    """What the clients share: what is left to sell, and what they have seen."""

    left: Iterator[dict[str, str]]
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)

    def note(self, seconds: float, status: int, body: bytes) -> None:
        """Count an answer."""
        self.statuses[status] += 1
        if status == SOLD:
            self.seconds.append(seconds)
        elif len(self.refusals) < SAMPLES_MAX:
            self.refusals.append(f"{status}: {body.decode(errors='replace')[:500]}")


async def client(task: dict[str, Any], till: Till) -> None:
    """Sell one basket after the other until none is left."""
    reader, writer = await asyncio.open_connection(task["host"], task["port"])
    head = (
        f"POST /counter-sales HTTP/1.1\r\nHost: {task['host']}:{task['port']}\r\n"
        f"Authorization: Bearer {task['token']}\r\nContent-Type: application/json\r\n"
    )
    try:
        for basket in till.left:
            body = basket["body"].encode()
            own = f"Idempotency-Key: {basket['key']}\r\nContent-Length: {len(body)}\r\n\r\n"
            began = time.perf_counter()
            writer.write((head + own).encode("ascii") + body)
            answer = read_head(await reader.readuntil(HEADERS_END))
            said = await reader.readexactly(answer.length)
            till.note(time.perf_counter() - began, answer.status, said)
    finally:
        writer.close()


async def sell(task: dict[str, Any]) -> dict[str, Any]:
    """Sell all, with so many clients at once."""
    till = Till(iter(task["baskets"]))
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(task["clients"]):
            group.create_task(client(task, till))
    seconds = time.perf_counter() - began
    return {
        "sold": till.statuses[SOLD],
        "seconds": round(seconds, 3),
        "latency_ms": latencies_ms(till.seconds),
        "statuses": {str(status): count for status, count in till.statuses.items()},
        "refusals": till.refusals,
    }


def main() -> None:
    """Do one leg."""
    task = json.load(sys.stdin)
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    json.dump(asyncio.run(sell(task)), sys.stdout)


if __name__ == "__main__":
    main()
