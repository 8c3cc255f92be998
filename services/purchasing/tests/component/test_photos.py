"""C1: photos of the signed note are kept as files, and shown to those who may see the receipt."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from purchasing.settings import PurchasingSettings

JPEG, PNG = {"Content-Type": "image/jpeg"}, {"Content-Type": "image/png"}


def picture(form: str = "JPEG", shade: int = 0) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, shade, shade)).save(drawn, form)
    return drawn.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def kept_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def put_in_the_way(folder: Path) -> None:
    folder.write_text("no folder")


def clear_the_way(folder: Path) -> None:
    folder.unlink()


@pytest.fixture
def house(folder: Path) -> dict[str, Any]:
    return {"files_url": folder.as_uri()}


@pytest.fixture
async def receipt_id(desk: Any) -> str:
    order = (await desk.order()).json()
    return str((await desk.draft(order["order_id"], (1, "5"))).json()["receipt_id"])


async def attach(
    desk: Any,
    receipt_id: str,
    content: bytes,
    *,
    role: str = "clerk",
    sites: tuple[str, ...] = ("*",),
    key: str | None = None,
    **headers: str,
) -> Any:
    sent = {**desk.service.headers([role], sites, key), **(headers or JPEG)}
    path = f"/receipts/{receipt_id}/photos"
    return await desk.service.api.post(path, content=content, headers=sent)


async def show(desk: Any, path: str, role: str = "clerk", sites: tuple[str, ...] = ("*",)) -> Any:
    return await desk.service.api.get(path, headers=desk.service.headers([role], sites))


async def test_photos_are_kept_as_files_and_brought_back_as_they_were(
    desk: Any, receipt_id: str, folder: Path
) -> None:
    first, second = picture(), picture("PNG")
    answers = [
        await attach(desk, receipt_id, first),
        await attach(desk, receipt_id, second, **PNG),
        await attach(desk, receipt_id, first),
    ]
    assert [one.status_code for one in answers] == [201, 201, 200]
    assert answers[0].json() == answers[2].json()
    page = (await show(desk, f"/receipts/{receipt_id}/photos")).json()
    assert [one["kind"] for one in page["items"]] == ["jpeg", "png"]
    half = (await show(desk, f"/receipts/{receipt_id}/photos?limit=1")).json()
    rest = await show(desk, f"/receipts/{receipt_id}/photos?limit=1&cursor={half['next_cursor']}")
    assert half["items"] + rest.json()["items"] == page["items"]
    for one, content in zip(page["items"], (first, second), strict=True):
        brought = await show(desk, f"/receipts/{receipt_id}/photos/{one['photo_id']}")
        assert (brought.content, brought.headers["content-type"]) == (
            content,
            f"image/{one['kind']}",
        )
        assert brought.headers["x-content-type-options"] == "nosniff"
    assert len(kept_in(folder)) == 2


async def test_photos_are_attached_and_seen_by_those_of_the_site_alone(
    desk: Any, receipt_id: str
) -> None:
    foreign = await attach(desk, receipt_id, picture(), sites=("bj-01",))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_forbidden")
    assert (await attach(desk, receipt_id, picture(), role="supplier")).status_code == 403
    photo_id = (await attach(desk, receipt_id, picture(), sites=("sh-01",))).json()["photo_id"]
    path = f"/receipts/{receipt_id}/photos"
    for place in (path, f"{path}/{photo_id}"):
        assert (await show(desk, place, sites=("sh-01",))).status_code == 200
        assert (await show(desk, place, sites=("bj-01",))).status_code == 403
        assert (await show(desk, place, role="supplier")).status_code == 403
    other = (await desk.order()).json()
    other_id = (await desk.draft(other["order_id"], (1, "5"))).json()["receipt_id"]
    elsewhere = await show(desk, f"/receipts/{other_id}/photos/{photo_id}")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "unknown_photo")


@pytest.mark.parametrize(
    ("content", "headers", "cause"),
    [
        (b"", JPEG, "file_empty"),
        (b"GIF89a" + bytes(40), JPEG, "file_type_unknown"),
        (b"<svg onload='alert(1)'/>", {}, "file_mislabelled"),
        (b"%PDF-1.7 \n%%EOF", {"Content-Type": "application/pdf"}, "file_type_unknown"),
        (picture("PNG"), JPEG, "file_mislabelled"),
        (picture("PNG")[:-30], PNG, "file_truncated"),
        (picture() + bytes(8 * 1024 * 1024), JPEG, "file_too_large"),
    ],
)
async def test_what_is_no_photo_is_refused_by_what_it_is_and_nothing_is_kept(
    desk: Any, receipt_id: str, folder: Path, content: bytes, headers: dict[str, str], cause: str
) -> None:
    answer = await attach(desk, receipt_id, content, **headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_refused")
    assert answer.json()["cause"] == cause
    assert not kept_in(folder)


async def test_a_receipt_has_ten_photos_at_most_and_none_once_it_is_cancelled(
    desk: Any, receipt_id: str
) -> None:
    for shade in range(10):
        assert (await attach(desk, receipt_id, picture(shade=shade * 20))).status_code == 201
    more = await attach(desk, receipt_id, picture(shade=255))
    assert (more.status_code, more.json()["code"]) == (409, "photos_enough")
    order = (await desk.order()).json()
    given_up = (await desk.draft(order["order_id"], (1, "5"))).json()["receipt_id"]
    await desk.step(given_up, "cancel")
    refused = await attach(desk, given_up, picture())
    assert (refused.status_code, refused.json()["code"]) == (409, "photo_of_cancelled_receipt")


async def test_a_file_that_is_not_what_was_put_there_is_not_shown(
    desk: Any, receipt_id: str, folder: Path
) -> None:
    photo_id = (await attach(desk, receipt_id, picture())).json()["photo_id"]
    [kept] = kept_in(folder)
    kept.write_bytes(picture(shade=9))
    path = f"/receipts/{receipt_id}/photos/{photo_id}"
    for _ in ("altered", "gone"):
        answer = await show(desk, path)
        assert (answer.status_code, answer.json()["code"]) == (503, "file_gone")
        kept.unlink(missing_ok=True)


async def test_while_the_storage_fails_nothing_is_attached_and_the_repeat_succeeds(
    desk: Any, receipt_id: str, folder: Path
) -> None:
    key = str(uuid4())
    put_in_the_way(folder)
    answer = await attach(desk, receipt_id, picture(), key=key)
    assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
    assert (await show(desk, f"/receipts/{receipt_id}/photos")).json()["items"] == []
    clear_the_way(folder)
    assert (await attach(desk, receipt_id, picture(), key=key)).status_code == 201


@pytest.mark.parametrize("house", [{}])
async def test_where_no_storage_is_set_up_the_clerk_is_told_so(desk: Any, receipt_id: str) -> None:
    answer = await attach(desk, receipt_id, picture())
    assert (answer.status_code, answer.json()["code"]) == (503, "files_not_kept")


def test_production_keeps_files_with_a_service_of_its_own(folder: Path) -> None:
    given: dict[str, Any] = {
        "database_url": "postgresql://one@db/purchasing",
        "kafka_bootstrap": "kafka:9092",
        "redis_url": "redis://redis:6379/0",
        "oidc_issuer": "https://issuer.example.com",
        "oidc_jwks_url": "https://issuer.example.com/jwks",
        "currency": "CNY",
        "inventory_url": "http://inventory:8000",
    }
    for url in (None, folder.as_uri()):
        with pytest.raises(ValueError, match="S3-compatible"):
            PurchasingSettings(**given, files_url=url)
    assert PurchasingSettings(**given, files_url="s3://bucket/photos").files_url
