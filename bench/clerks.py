"""`python -m bench.clerks`: clerks who receive goods, in a process of its own with its own core.

It reads what arrives as JSON from standard input, and writes what came of it to standard output.
Each clerk scans the code of the next order, posts what it counts, and, if that is asked for, looks
at inventory until the goods are available there. At a fixed rate each receipt has its time.
"""

import asyncio
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from bench.figures import latencies_ms
from bench.wire import HEADERS_END, read_head

CREATED, FOUND = 201, 200
SAMPLES_MAX = 3
LOOK_SECONDS = 0.005
"""How long a clerk waits before looking again: what is told is that much too long at most."""
PATIENCE_SECONDS = 30.0


@dataclass
class Dock:
    """What the clerks share: what is still to arrive, and what they have seen."""

    left: Iterator[tuple[float, dict[str, Any]]]
    doors: dict[str, dict[str, str]]
    """By site: in which scan session its clerk scans, and what says who and with what."""
    scanned: list[float] = field(default_factory=list)
    posted: list[float] = field(default_factory=list)
    available: list[float] = field(default_factory=list)
    late: int = 0
    """Receipts that no clerk was free for when they were due."""
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)

    def must(self, answer: tuple[int, bytes], expected: int) -> bytes | None:
        """Count an answer; return what it says if it is a good one."""
        status, said = answer
        self.statuses[status] += 1
        if status == expected:
            return said
        if len(self.refusals) < SAMPLES_MAX:
            self.refusals.append(f"{status}: {said.decode(errors='replace')[:500]}")
        return None


class Line:
    """A connection to a service that is kept open."""

    def __init__(
        self, place: dict[str, Any], streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    ) -> None:
        self._reader, self._writer = streams
        self._head = (
            f" HTTP/1.1\r\nHost: {place['host']}:{place['port']}\r\n"
            "Content-Type: application/json\r\n"
        )

    @classmethod
    async def open(cls, place: dict[str, Any]) -> Self:
        """Connect."""
        return cls(place, await asyncio.open_connection(place["host"], place["port"]))

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def post(self, path: str, key: str, body: bytes, by: str) -> tuple[int, bytes]:
        """Send somebody's command under a key; return status and body of the answer."""
        own = f"{by}Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        return await self._send(f"POST {path}{self._head}{own}".encode("ascii") + body)

    async def get(self, path: str, by: str) -> tuple[int, bytes]:
        """Let somebody ask; return status and body of the answer."""
        return await self._send(f"GET {path}{self._head}{by}\r\n".encode("ascii"))

    async def _send(self, request: bytes) -> tuple[int, bytes]:
        self._writer.write(request)
        answer = read_head(await self._reader.readuntil(HEADERS_END))
        return answer.status, await self._reader.readexactly(answer.length)


async def clerk(task: dict[str, Any], dock: Dock) -> None:
    """Receive one order after the other until none is left."""
    purchasing, inventory = await Line.open(task["purchasing"]), await Line.open(task["inventory"])
    try:
        for due, arrival in dock.left:
            early = due - time.perf_counter()
            if early > 0:
                await asyncio.sleep(early)
            elif due:
                dock.late += 1
            began = await receive(arrival, dock, purchasing)
            if began is not None and "seen_at" in arrival:
                await wait_until_available(arrival, dock, inventory, began)
    finally:
        purchasing.close()
        inventory.close()


async def receive(arrival: dict[str, Any], dock: Dock, line: Line) -> float | None:
    """Scan an order's code and post what was counted; return when that was sent, if taken."""
    door, key = dock.doors[arrival["site_id"]], arrival["key"]
    began = time.perf_counter()
    code = {"code": arrival["code"], "session_id": door["session_id"]}
    scan = ("/receipts/openings", f"{key}-scan", json.dumps(code).encode(), door["by"])
    said = dock.must(await line.post(*scan), CREATED)
    dock.scanned.append(time.perf_counter() - began)
    if said is None:
        return None
    opening = {"opening_id": json.loads(said)["opening_id"]}
    body = json.dumps(arrival["body"] | opening, separators=(",", ":")).encode()
    began = time.perf_counter()
    if dock.must(await line.post("/receipts", f"{key}-post", body, door["by"]), CREATED) is None:
        return None
    dock.posted.append(time.perf_counter() - began)
    return began


async def wait_until_available(
    arrival: dict[str, Any], dock: Dock, line: Line, began: float
) -> None:
    """Look at the stock of an item that only this receipt brings, until it is there."""
    wanted, deadline = Decimal(arrival["quantity"]), began + PATIENCE_SECONDS
    by = dock.doors[arrival["site_id"]]["by"]
    while time.perf_counter() < deadline:
        said = dock.must(await line.get(arrival["seen_at"], by), FOUND)
        if said is not None and available(said) >= wanted:
            dock.available.append(time.perf_counter() - began)
            return
        await asyncio.sleep(LOOK_SECONDS)
    if len(dock.refusals) < SAMPLES_MAX:
        dock.refusals.append(f"{arrival['seen_at']}: not there after {PATIENCE_SECONDS:.0f} s")


def available(page: bytes) -> Decimal:
    """Return how much of an item is available, all places together."""
    return sum((Decimal(one["available"]) for one in json.loads(page)["items"]), Decimal(0))


def timed(task: dict[str, Any], began: float) -> Iterator[tuple[float, dict[str, Any]]]:
    """Give each arrival its time; without a rate as soon as a clerk is free, which is time zero."""
    pause = 1 / task["rate"] if task.get("rate") else 0.0
    for number, arrival in enumerate(task["arrivals"]):
        yield (began + number * pause if pause else 0.0), arrival


async def work(task: dict[str, Any]) -> dict[str, Any]:
    """Receive all that arrives, with so many clerks."""
    began = time.perf_counter()
    dock = Dock(timed(task, began), task["doors"])
    async with asyncio.TaskGroup() as group:
        for _ in range(task["clerks"]):
            group.create_task(clerk(task, dock))
    return {
        "received": len(dock.posted),
        "seen": len(dock.available),
        "late": dock.late,
        "seconds": round(time.perf_counter() - began, 3),
        "scan_ms": latencies_ms(dock.scanned),
        "latency_ms": latencies_ms(dock.posted),
        "available_ms": latencies_ms(dock.available),
        "statuses": {str(status): count for status, count in dock.statuses.items()},
        "refusals": dock.refusals,
    }


def main() -> None:
    """Do one leg."""
    task = json.load(sys.stdin)
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    json.dump(asyncio.run(work(task)), sys.stdout)


if __name__ == "__main__":
    main()
