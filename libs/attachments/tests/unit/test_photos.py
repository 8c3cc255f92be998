"""Photos are what their content says, whole, and no bombs; everything else is refused."""

import struct

import pytest

from attachments.photos import PHOTO_BYTES_MAX, checked
from attachments.refusals import PhotoRefused

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR"
END = b"\0\0\0\0IEND\xaeB`\x82"


def png(width: int = 40, height: int = 30) -> bytes:
    return PNG + struct.pack(">II", width, height) + bytes(60) + END


def jpeg(width: int = 40, height: int = 30, end: bytes = b"\xff\xd9") -> bytes:
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(20)
    return b"\xff\xd8\xff\xe0\x00\x04\x00\x00" + frame + end


@pytest.mark.parametrize(("content", "kind"), [(png(), "png"), (jpeg(), "jpeg")])
def test_a_photo_is_taken_for_what_it_is(content: bytes, kind: str) -> None:
    picture = checked(content, f"image/{kind}; name=note")
    assert (picture.kind, picture.size_bytes) == (kind, len(content))
    assert checked(content, "application/octet-stream") == picture


@pytest.mark.parametrize(
    ("content", "media_type", "cause"),
    [
        (b"", "image/png", "file_empty"),
        (b"<svg onload='x'/>", "image/svg+xml", "file_type_unknown"),
        (b"%PDF-1.7", "", "file_type_unknown"),
        (png(), "image/jpeg", "file_mislabelled"),
        (png()[:20], "", "file_truncated"),
        (png()[:-12], "", "file_truncated"),
        (jpeg(end=b""), "", "file_truncated"),
        (png(40_000, 40_000), "", "picture_too_large"),
        (jpeg(60_000, 60_000), "", "picture_too_large"),
        (png() + bytes(PHOTO_BYTES_MAX), "", "file_too_large"),
    ],
)
def test_what_is_no_safe_photo_is_refused_with_its_cause(
    content: bytes, media_type: str, cause: str
) -> None:
    with pytest.raises(PhotoRefused) as refused:
        checked(content, media_type)
    assert refused.value.facts["cause"] == cause
    assert refused.value.text("zh-CN") != refused.value.text("en")
