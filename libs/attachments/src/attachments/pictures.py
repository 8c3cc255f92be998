"""The cheap checks of a picture: what it really is, whether it is whole, whether it is a bomb.

Nothing is decoded here, and only the standard library is used.
"""

import struct

PIXELS_MAX = 40_000_000
MEDIA = {"jpeg": "image/jpeg", "png": "image/png"}
ANYTHING = ("", "application/octet-stream")
STARTS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}
OTHERS = (b"<", b"%PDF-", b"PK\x03\x04")
"""How files begin that are told to be pictures and are something else: pages, papers, archives."""
JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


class NoPicture(Exception):
    """The file is no picture that anybody should have to open; `code` says why."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def inspect_picture(data: bytes, media_type: str = "") -> str:
    """Return what the picture is (jpeg or png), or raise."""
    if not data.strip():
        raise NoPicture("file_empty")
    kind = next((kind for start, kind in STARTS.items() if data.startswith(start)), None)
    declared = media_type.partition(";")[0].strip().lower()
    if kind is None:
        posing = declared in MEDIA.values() and data.lstrip().startswith(OTHERS)
        raise NoPicture("file_mislabelled" if posing else "file_type_unknown")
    if declared not in ANYTHING and declared != MEDIA[kind]:
        raise NoPicture("file_mislabelled", declared=declared, found=kind)
    CHECKS[kind](data)
    return kind


def check_png(data: bytes) -> None:
    """Raise unless a PNG is whole and small enough to be opened."""
    if len(data) < 24:
        raise NoPicture("file_truncated")
    _must_be_small(*struct.unpack(">II", data[16:24]))
    if b"IEND" not in data[-64:]:
        raise NoPicture("file_truncated")


def check_jpeg(data: bytes) -> None:
    """Raise unless a JPEG is whole and small enough to be opened."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            _must_be_small(width, height)
            break
        place += 2 + length
    if b"\xff\xd9" not in data[-64:]:
        raise NoPicture("file_truncated")


def _must_be_small(width: int, height: int) -> None:
    if width * height > PIXELS_MAX:
        raise NoPicture("picture_too_large", width=width, height=height, limit_pixels=PIXELS_MAX)


CHECKS = {"png": check_png, "jpeg": check_jpeg}
