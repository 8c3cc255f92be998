"""Attach a photo of the signed note to a receipt."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from attachments.attaching import attach
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
    return await attach(
        database,
        files,
        photo,
        wanted.content,
        lambda session: _present(session, photo, wanted.caller),
    )


def _photo_of(wanted: NewPhoto) -> Photo:
    picture = checked(wanted.content, wanted.media_type)
    return Photo(
        photo_id=wanted.photo_id,
        receipt_id=wanted.receipt_id,
        attached_at=now(),
        attached_by=wanted.caller.subject,
        **vars(picture),
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
