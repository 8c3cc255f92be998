"""Attach a photo to a document: its file is put in its place between two transactions.

So no row is locked while a storage elsewhere is waited for. The name of a file holds its digest: a
file whose second transaction never came is found by nobody, and a repeat puts it in the same place.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from attachments.store import Files
from servicekit.database import Database


class Photo(Protocol):
    """What is known of a photo of some document."""

    @property
    def name(self) -> str:
        """Return what its file is called: the same photo, the same name."""


P = TypeVar("P", bound=Photo)


async def attach(
    database: Database,
    files: Files,
    photo: P,
    content: bytes,
    present: Callable[[Any], Awaitable[P | None]],
) -> tuple[P, bool]:
    """Return the photo, and whether it is new; the same file is attached once.

    `present` is called with a session: it locks the document and returns its same photo, if there
    is one, or raises unless one may be attached.
    """
    async with database.transaction() as session:
        if same := await present(session):
            return same, False
    await files.put(photo.name, content)
    async with database.transaction() as session:
        if same := await present(session):
            return same, False
        session.add(photo)
        return photo, True
