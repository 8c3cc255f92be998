"""C1: in production the photos of a receipt are objects in a bucket, and shown by the API alone."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

# The first time, the service's jars are fetched.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def house(s3_server: Any, bucket: Path) -> dict[str, Any]:
    return {"files_url": f"s3://{bucket.name}/photos", "files_endpoint": s3_server.endpoint}


@pytest.fixture
def note() -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise((400, 300), 90).save(drawn, "JPEG")
    return drawn.getvalue()


@pytest.fixture
async def photos(desk: Any) -> str:
    """Return where the photos of a receipt are attached."""
    order = (await desk.order()).json()
    receipt = (await desk.draft(order["order_id"], (1, "5"))).json()
    return f"/receipts/{receipt['receipt_id']}/photos"


def kept_in(bucket: Path) -> list[Path]:
    return [one for one in bucket.rglob("*") if one.is_file()]


async def attach(desk: Any, photos: str, note: bytes, key: str | None = None) -> Any:
    headers = desk.service.headers(["clerk"], ["sh-01"], key) | {"Content-Type": "image/jpeg"}
    return await desk.service.api.post(photos, content=note, headers=headers)


async def test_a_photo_is_kept_in_the_bucket_and_shown_to_those_of_the_site_byte_for_byte(
    desk: Any, photos: str, note: bytes, bucket: Path
) -> None:
    answer = await attach(desk, photos, note)
    assert answer.status_code == 201, answer.text
    [kept] = kept_in(bucket)
    assert kept.is_relative_to(bucket / "photos")
    assert kept.read_bytes() == note
    path = f"{photos}/{answer.json()['photo_id']}"
    for role, site, status in (
        ("clerk", "sh-01", 200),
        ("shop_manager", "*", 200),
        ("clerk", "bj-01", 403),
        ("supplier", "*", 403),
    ):
        shown = await desk.service.api.get(path, headers=desk.service.headers([role], [site]))
        assert (shown.status_code, shown.content == note) == (status, status == 200), (role, site)


async def test_while_the_bucket_is_away_nothing_is_attached_and_the_repeat_succeeds(
    desk: Any, photos: str, note: bytes, bucket: Path, s3_server: Any
) -> None:
    key = str(uuid4())
    s3_server.stop()
    try:
        answer = await attach(desk, photos, note, key)
    finally:
        s3_server.start()
    assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
    assert (await desk.read(photos))["items"] == []
    assert (await attach(desk, photos, note, key)).status_code == 201
