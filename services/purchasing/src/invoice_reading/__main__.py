"""`python -m invoice_reading MEMORY_MB CPU_SECONDS`: a file from stdin, its fields to stdout.

Bounds are set before anything is read, so that a hostile file can take down this process only.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import warnings
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def confine(memory_mb: int, cpu_seconds: int) -> None:
    """Bound what this process may take, and let it die with whoever started it."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    memory = memory_mb * 1024 * 1024
    for what, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def answer(data: bytes) -> dict[str, Any]:
    """Return what was read, or why nothing was."""
    from invoice_reading.chain import read_invoice  # noqa: PLC0415
    from invoice_reading.model import Unreadable  # noqa: PLC0415

    try:
        return {"read": read_invoice(data).told()}
    except Unreadable as refusal:
        return {"refused": refusal.code, "facts": refusal.facts}
    except (MemoryError, RecursionError) as error:
        return {"refused": "too_hungry", "facts": {"error": type(error).__name__}}


def main() -> None:
    """Read one file."""
    confine(int(sys.argv[1]), int(sys.argv[2]))
    warnings.simplefilter("ignore")
    # What libraries print must not get between the lines of the answer.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    json.dump(answer(sys.stdin.buffer.read()), out, ensure_ascii=False)
    out.close()


if __name__ == "__main__":
    main()
