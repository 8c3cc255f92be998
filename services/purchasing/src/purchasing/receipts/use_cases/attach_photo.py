"""Attach a photo of the signed note to a receipt.

The file is put in its place between two transactions, so that no row is locked while a storage
elsewhere is waited for. A file whose second transaction never came is found by nobody, and put in
the same place again by the repeat.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from attachments.photos import PHOTOS_MAX, checked
from attachments.store import Files
from purchasing.receipts import store
from purchasing.receipts.domain import (
    Photo,
    PhotoOfCancelled,
    PhotosEnough,
    Receipt,
    ReceiptStatus,
)
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.database import Database


@dataclass(frozen=True, kw_only=True)
class NewPhoto:
    """A file, what it is said to be, and who attaches it to which receipt."""

    photo_id: UUID
    receipt_id: UUID
    content: bytes
    media_type: str
    caller: Caller


async def attach_photo(database: Database, files: Files, wanted: NewPhoto) -> tuple[Photo, bool]:
    """Return the photo, and whether it is new; the same file is attached once."""
    photo = _photo_of(wanted)
    async with database.transaction() as session:
        if present := await _present(session, photo, wanted.caller):
            return present, False
    await files.put(photo.name, wanted.content)
    async with database.transaction() as session:
        if present := await _present(session, photo, wanted.caller):
            return present, False
        session.add(photo)
        return photo, True


def _photo_of(wanted: NewPhoto) -> Photo:
    picture = checked(wanted.content, wanted.media_type)
    return Photo(
        photo_id=wanted.photo_id,
        receipt_id=wanted.receipt_id,
        kind=picture.kind,
        size_bytes=picture.size_bytes,
        sha256=picture.sha256,
        attached_at=now(),
        attached_by=wanted.caller.subject,
    )


async def _present(session: AsyncSession, photo: Photo, caller: Caller) -> Photo | None:
    """Return the same photo if it is attached; raise unless it may be."""
    [receipt] = await store.heads_to_change(session, [photo.receipt_id])
    caller.must_cover(receipt.site_id)
    attached = await store.photos(session, photo.receipt_id)
    same = next((one for one in attached if one.sha256 == photo.sha256), None)
    if same is None:
        _must_take(receipt, len(attached))
    return same


def _must_take(receipt: Receipt, count: int) -> None:
    if receipt.status is ReceiptStatus.CANCELLED:
        raise PhotoOfCancelled(number=receipt.number)
    if count >= PHOTOS_MAX:
        raise PhotosEnough(number=receipt.number, count=count)
