"""What PostgreSQL did of its own accord while something was measured, and when.

Held against the seconds in which answers were slow, it tells whether the server was the cause.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bench.rig import Rig

Json = dict[str, Any]
LISTEN = (
    "alter system set log_autovacuum_min_duration = 0",
    "alter system set track_wal_io_timing = on",
    "select pg_reload_conf()",
    "select pg_stat_reset_shared('io')",
)
JOURNAL = (
    "select json_build_object('writes', sum(writes), 'write_ms', sum(write_time),"
    " 'fsyncs', sum(fsyncs), 'fsync_ms', sum(fsync_time))::text"
    " from pg_stat_io where object = 'wal' and context = $1"
)
NOTED = re.compile(
    r"^(?P<at>\S+ \S+) UTC \[\d+\] (?:\S+ )?LOG:  "
    r"(?P<what>(?:checkpoint (?:starting|complete)|automatic (?:vacuum|analyze)|process \d+).*)$",
    re.MULTILINE,
)
SLOWEST = 12
NEAR_SECONDS = 2.0


def listen(rig: Rig) -> int:
    """Let the server write down what it does by itself; return where its log ends just now."""
    rig.execute(rig.postgres.superuser_dsn, *LISTEN)
    return rig.postgres.program().log.stat().st_size


def heard(rig: Rig, begin: int, began_at: float) -> list[Json]:
    """Return what the server wrote down since, with the seconds since the measuring began."""
    text = rig.postgres.program().log.read_bytes()[begin:].decode(errors="replace")
    return noted(text, began_at)


def noted(text: str, began_at: float) -> list[Json]:
    """Return the entries of a log that tell of the server's own work."""
    return [
        {"second": round(moment(entry["at"]) - began_at, 1), "what": entry["what"][:200]}
        for entry in NOTED.finditer(text)
    ]


def moment(text: str) -> float:
    """Return the time that an entry begins with."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC).timestamp()


def journal(rig: Rig) -> Json:
    """Return how long the server spent on its journal: on commits, and on making new segments."""
    dsn = rig.postgres.superuser_dsn
    return {name: json.loads(rig.value(dsn, JOURNAL, name)) for name in ("normal", "init")}


def beside(worst_ms: Mapping[str, float], happened: list[Json]) -> list[tuple[Any, ...]]:
    """Return the seconds with the slowest answers, and what the server did at about that time."""
    slowest = sorted(worst_ms, key=worst_ms.__getitem__, reverse=True)[:SLOWEST]
    return [
        (
            f"{second} s",
            worst_ms[second],
            "; ".join(
                one["what"][:60]
                for one in happened
                if -NEAR_SECONDS <= one["second"] - int(second) <= 1 + NEAR_SECONDS
            ),
        )
        for second in sorted(slowest, key=int)
    ]
