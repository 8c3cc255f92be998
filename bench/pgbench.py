"""PostgreSQL's own benchmark, running a script of ours: the limit the service is held against."""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import latencies_ms
from devstack.errors import StackError
from devstack.postgres_home import program

PER_SECOND = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)$", re.MULTILINE)
DONE = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
THREADS = 1


@dataclass(frozen=True)
class Run:
    """What pgbench is to do."""

    dsn: str
    script: Path
    clients: int
    seconds: int
    variables: Mapping[str, str]


def pgbench(run: Run) -> dict[str, Any]:
    """Run it to its end; its connections stay open for all of it, its statements are prepared."""
    with tempfile.TemporaryDirectory(prefix="trueshelf-") as folder:
        log = Path(folder) / "transactions"
        command = [
            *(str(program("pgbench")), "--no-vacuum", "--protocol=prepared"),
            *(f"--client={run.clients}", f"--jobs={THREADS}", f"--time={run.seconds}"),
            *("--log", f"--log-prefix={log}", f"--file={run.script}"),
            *(f"--define={name}={value}" for name, value in run.variables.items()),
            run.dsn,
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            out, err = process.communicate()
        finally:
            process.kill()
            process.wait()
        if process.returncode != 0:
            raise StackError(f"pgbench failed: {err.strip()}")
        logs = sorted(Path(folder).glob("transactions.*"))
        return read_summary(out) | {"latency_ms": latencies_ms(read_seconds(logs))}


def read_summary(text: str) -> dict[str, Any]:
    """Return what pgbench says at its end."""
    rate, done, failed = PER_SECOND.search(text), DONE.search(text), FAILED.search(text)
    if rate is None or done is None:
        raise StackError(f"pgbench said something unexpected: {text}")
    if failed is not None and int(failed[1]):
        raise StackError(f"transactions of pgbench failed: {text}")
    return {"done": int(done[1]), "per_second": float(rate[1])}


def read_seconds(logs: Iterable[Path]) -> list[float]:
    """Return how long each transaction took; the log's third column has microseconds."""
    return [
        int(line.split()[2]) / 1_000_000 for log in logs for line in log.read_text().splitlines()
    ]
