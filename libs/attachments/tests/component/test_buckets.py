"""In production files go to a bucket: kept and brought back by a real S3-compatible service."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from attachments.refusals import FileGone, FilesUnavailable
from attachments.store import Files, files_at

# The first time, the service's jars are fetched.
pytestmark = pytest.mark.timeout(900)
NOTE = os.urandom(1024 * 1024)
DIGEST = sha256(NOTE).hexdigest()
# Of a machine with much to do: far less than a try takes without the bounds of the test.
SLACK_SECONDS = 4


@pytest.fixture
def files(s3_server: Any, bucket: Path) -> Files:
    return files_at(f"s3://{bucket.name}/photos", s3_server.endpoint)


def names_in(bucket: Path) -> list[str]:
    return [one.name for one in bucket.rglob("*.jpeg")]


async def test_a_file_is_kept_in_the_bucket_and_brought_back(files: Files, bucket: Path) -> None:
    for _ in ("once", "again"):
        await files.put("receipts/1.jpeg", NOTE)
    assert (bucket / "photos" / "receipts" / "1.jpeg").read_bytes() == NOTE
    assert await files.get("receipts/1.jpeg", DIGEST) == NOTE


async def test_a_file_that_is_not_there_or_is_another_is_gone(files: Files, bucket: Path) -> None:
    with pytest.raises(FileGone):
        await files.get("receipts/1.jpeg", DIGEST)
    await files.put("receipts/1.jpeg", b"another")
    with pytest.raises(FileGone):
        await files.get("receipts/1.jpeg", DIGEST)


async def test_a_bucket_that_is_not_there_takes_no_file(s3_server: Any, bucket: Path) -> None:
    files = files_at(f"s3://no-{bucket.name}/photos", s3_server.endpoint)
    with pytest.raises(FilesUnavailable):
        await files.put("receipts/1.jpeg", NOTE)


@pytest.mark.parametrize("forged", ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"])
async def test_whose_key_is_wrong_neither_puts_nor_gets(
    s3_server: Any, files: Files, bucket: Path, monkeypatch: pytest.MonkeyPatch, forged: str
) -> None:
    await files.put("stranger/1.jpeg", NOTE)
    monkeypatch.setenv(forged, "guessed")
    stranger = files_at(f"s3://{bucket.name}/photos/stranger", s3_server.endpoint)
    with pytest.raises(FilesUnavailable):
        await stranger.put("2.jpeg", NOTE)
    with pytest.raises(FilesUnavailable):
        await stranger.get("1.jpeg", DIGEST)
    assert names_in(bucket) == ["1.jpeg"]


@contextmanager
def gone(server: Any) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def hanging(server: Any) -> Iterator[None]:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


@pytest.mark.parametrize("away", [gone, hanging])
async def test_who_does_not_answer_is_waited_for_within_bounds_and_has_lost_nothing(
    s3_server: Any,
    files: Files,
    bucket: Path,
    monkeypatch: pytest.MonkeyPatch,
    away: Callable[[Any], Any],
) -> None:
    # A server just started may take longer than these bounds: only who is away is asked with them.
    await files.put("1.jpeg", NOTE)
    once, at_most = timedelta(seconds=0.5), timedelta(seconds=1)
    monkeypatch.setattr("attachments.store.TRY_SECONDS", once)
    monkeypatch.setattr("attachments.store.ALL_TRIES_SECONDS", at_most)
    hasty = files_at(f"s3://{bucket.name}", s3_server.endpoint)
    with away(s3_server):
        for call in (hasty.put("photos/2.jpeg", NOTE), hasty.get("photos/1.jpeg", DIGEST)):
            began = time.monotonic()
            with pytest.raises(FilesUnavailable):
                await call
            assert time.monotonic() - began < (once + at_most).total_seconds() + SLACK_SECONDS
    assert await files.get("1.jpeg", DIGEST) == NOTE
