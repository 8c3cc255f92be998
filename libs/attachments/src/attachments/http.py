"""How photos travel over HTTP: as the body of a request, and back under their own type."""

from typing import Any
from uuid import UUID

from fastapi import Response

from attachments.pictures import MEDIA

BINARY = {"schema": {"type": "string", "format": "binary"}}
PICTURES = dict.fromkeys(MEDIA.values(), BINARY)
FILE: dict[str, Any] = {"requestBody": {"required": True, "content": PICTURES}}
"""How the API's description says that a body is a photo."""
SHOWN: dict[int | str, dict[str, Any]] = {200: {"content": PICTURES}}


def shown(photo_id: UUID, kind: str, content: bytes) -> Response:
    """Return a photo as it was attached, for nobody to keep and nothing to run."""
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{photo_id}.{kind}"',
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, media_type=MEDIA[kind])
