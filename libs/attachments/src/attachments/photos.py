"""What is known of a photo once it was checked; the file itself goes elsewhere, under its name."""

from dataclasses import dataclass
from hashlib import sha256

from attachments.pictures import NoPicture, inspect_picture
from attachments.refusals import PhotoRefused

PHOTOS_MAX = 10
"""A signed note has few pages."""
PHOTO_BYTES_MAX = 8 * 1024 * 1024


@dataclass(frozen=True)
class Picture:
    """What a photo is, by its content."""

    kind: str
    size_bytes: int
    sha256: str


def checked(content: bytes, media_type: str) -> Picture:
    """Return what a photo is; raise `PhotoRefused` unless it is one that is safe to show."""
    if len(content) > PHOTO_BYTES_MAX:
        raise PhotoRefused.because("file_too_large")
    try:
        kind = inspect_picture(content, media_type)
    except NoPicture as error:
        raise PhotoRefused.because(error.code) from error
    return Picture(kind, len(content), sha256(content).hexdigest())
