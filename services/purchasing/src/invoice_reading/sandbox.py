"""Starts the reader in a process of its own, and takes no more from it than an answer."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invoice_reading.model import Unreadable

ANSWER_BYTES_MAX = 8 * 1024 * 1024
# What the reader may know of its surroundings: nothing of databases and tokens.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


class Broken(Exception):
    """The reader gave no answer; another try may."""


@dataclass(frozen=True)
class Bounds:
    """What one document may take."""

    seconds: int = 120
    memory_mb: int = 4096


async def read_apart(data: bytes, bounds: Bounds) -> Mapping[str, Any]:
    """Return what was read; raise `Unreadable`, or `Broken` if the reader died or hung."""
    command = (sys.executable, "-m", "invoice_reading", bounds.memory_mb, bounds.seconds)
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(str(part) for part in command),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment | {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"},
        limit=ANSWER_BYTES_MAX,
    )
    try:
        async with asyncio.timeout(bounds.seconds):
            out, _ = await process.communicate(data)
    except TimeoutError as error:
        raise Broken(f"no answer within {bounds.seconds} s") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _answer(out, process.returncode)


def _answer(out: bytes, returncode: int | None) -> Mapping[str, Any]:
    try:
        answer = json.loads(out)
    except ValueError as error:
        raise Broken(f"the reader ended with {returncode}") from error
    if "refused" in answer:
        raise Unreadable(answer["refused"], **answer["facts"])
    read: Mapping[str, Any] = answer["read"]
    return read
