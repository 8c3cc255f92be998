"""Keeps files by name: in a folder while developing, with an S3-compatible service in production.

Who needs files knows `Files` alone. Nothing here is called while rows are locked, and no call takes
longer than its bounds.
"""

from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Protocol

from obstore.exceptions import BaseError
from obstore.store import ObjectStoreMethods, from_url

from attachments.refusals import FileGone, FilesNotKept, FilesUnavailable

CONNECT_SECONDS = timedelta(seconds=2)
TRY_SECONDS = timedelta(seconds=10)
ALL_TRIES_SECONDS = timedelta(seconds=20)
TRIES_MAX = 2


class Files(Protocol):
    """Where files are kept."""

    async def put(self, name: str, content: bytes) -> None:
        """Keep a file under a name; the same again changes nothing."""

    async def get(self, name: str, digest: str) -> bytes:
        """Bring a file, which must still be the one with this SHA-256."""


class ObjectFiles:
    """Files as objects of a store: a folder's, or a bucket's."""

    def __init__(self, store: ObjectStoreMethods) -> None:
        self._store = store

    async def put(self, name: str, content: bytes) -> None:
        """Keep a file under a name; the same again changes nothing."""
        try:
            await self._store.put_async(name, content)
        except (BaseError, OSError) as error:
            raise FilesUnavailable from error

    async def get(self, name: str, digest: str) -> bytes:
        """Bring a file, which must still be the one with this SHA-256."""
        try:
            found = await self._store.get_async(name)
            content = bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise FileGone(name=name) from error
        except (BaseError, OSError) as error:
            raise FilesUnavailable from error
        if sha256(content).hexdigest() != digest:
            raise FileGone(name=name)
        return content


@cache
def files_at(url: str | None, endpoint: str | None = None) -> Files:
    """Return the files at `file:///folder` or `s3://bucket/prefix`; raise if there is no place.

    An endpoint names an S3-compatible service other than Amazon's; keys and region are told by
    the usual variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.
    """
    if url is None:
        raise FilesNotKept
    try:
        if url.startswith("file://"):
            return ObjectFiles(from_url(url, mkdir=True))
        return ObjectFiles(_bucket(url, endpoint))
    except (BaseError, OSError) as error:
        raise FilesUnavailable from error


def _bucket(url: str, endpoint: str | None) -> ObjectStoreMethods:
    inside = endpoint is not None and endpoint.startswith("http://")
    return from_url(
        url,
        config={} if endpoint is None else {"endpoint": endpoint},
        client_options={
            "allow_http": inside,
            "connect_timeout": CONNECT_SECONDS,
            "timeout": TRY_SECONDS,
        },
        retry_config={"max_retries": TRIES_MAX, "retry_timeout": ALL_TRIES_SECONDS},
    )
