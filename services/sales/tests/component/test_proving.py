"""Proof of delivery: photos, scans and links; and goods that are lost on their way (F1)."""

import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devstack.testing import FreshDatabases
from sales.deliveries.domain.codes import code_of
from sales.deliveries.routes.links import TRIES
from sales.main import SERVICE
from servicekit.clock import shifted
from servicekit.testing import running

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + struct.pack(">II", 4, 3)
    + bytes(60)
    + b"\0\0\0\0IEND\xaeB`\x82"
)


@pytest.fixture
async def sales(migrated_database: FreshDatabases, line: Any, tmp_path: Path) -> Any:
    """Return the service with a place for files."""
    TRIES.since.clear()
    database = migrated_database("sales")
    files = (tmp_path / "files").as_uri()
    settings = {"currency": "CNY", "inventory_url": line.url, "files_url": files}
    async with running(SERVICE, database.dsn, **settings) as service:
        yield service


async def shipped(shop: Any) -> dict[str, Any]:
    order = await shop.paid()
    return dict((await shop.send(f"/orders/{order['order_id']}/ship")).json())


async def attach(shop: Any, shipment_id: str, content: bytes = PNG, **extra: Any) -> Any:
    headers = {**shop.service.headers(["clerk"], **extra), "Content-Type": "image/png"}
    path = f"/shipments/{shipment_id}/photos"
    return await shop.service.api.post(path, content=content, headers=headers)


async def look(shop: Any, path: str, role: str = "clerk", sites: tuple[str, ...] = ("*",)) -> Any:
    return await shop.service.api.get(path, headers=shop.service.headers([role], sites))


async def sign(shop: Any, token: str, signed_by: str = "Li") -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"signed_by": signed_by}
    return await shop.service.api.post("/deliveries/links/sign", json=body, headers=headers)


async def test_photos_are_attached_once_and_brought_back_as_they_were(shop: Any) -> None:
    shipment_id = (await shipped(shop))["shipment_id"]
    first, again = await attach(shop, shipment_id), await attach(shop, shipment_id)
    assert (first.status_code, again.status_code) == (201, 200), first.text
    assert first.json() == again.json()
    (listed,) = (await shop.read(f"/shipments/{shipment_id}/photos"))["items"]
    assert listed["size_bytes"] == len(PNG)
    seen = await look(shop, f"/shipments/{shipment_id}/photos/{listed['photo_id']}")
    assert (seen.content, seen.headers["content-type"]) == (PNG, "image/png")
    assert seen.headers["x-content-type-options"] == "nosniff"
    for more in range(9):
        assert (await attach(shop, shipment_id, PNG[:30] + bytes([more + 1]) + PNG[31:])).is_success
    full = await attach(shop, shipment_id, PNG[:30] + b"z" + PNG[31:])
    assert (full.status_code, full.json()["code"]) == (409, "photos_enough")
    file = await look(shop, "/exports/delivery-photos?form=csv", role="finance")
    assert file.text.count(shipment_id) == 10


async def test_photos_are_for_those_alone_who_may_see_the_shipment(shop: Any) -> None:
    shipment_id = (await shipped(shop))["shipment_id"]
    photo = (await attach(shop, shipment_id)).json()
    path = f"/shipments/{shipment_id}/photos/{photo['photo_id']}"
    for role, sites in (("clerk", ("bj-01",)), ("supplier", ("*",))):
        assert (await look(shop, path, role, sites)).status_code == 403
    assert (await attach(shop, shipment_id, sites=["bj-01"])).status_code == 403
    other = (await shipped(shop))["shipment_id"]
    wrong = await look(shop, f"/shipments/{other}/photos/{photo['photo_id']}")
    assert (wrong.status_code, wrong.json()["code"]) == (404, "unknown_photo")
    bad = await attach(shop, shipment_id, b"<html>")
    assert (bad.status_code, bad.json()["code"]) == (422, "photo_refused")


async def test_the_code_on_the_note_is_scanned_and_signs(shop: Any) -> None:
    shipment = await shipped(shop)
    label = await look(shop, f"/shipments/{shipment['shipment_id']}/label")
    note = await look(shop, f"/shipments/{shipment['shipment_id']}/print")
    assert label.headers["content-type"].startswith("image/svg")
    assert shipment["number"] in label.text
    assert shipment["number"] in note.text
    assert "37.5" not in note.text
    scan = {"code": code_of(shipment["shipment_id"]), "signed_by": "Li"}
    foreign = await shop.send("/deliveries/scans", scan, sites=["bj-01"])
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_forbidden")
    signed = await shop.send("/deliveries/scans", scan)
    assert (signed.status_code, signed.json()["signed_via"]) == (200, "scan"), signed.text
    assert (await shop.send("/deliveries/scans", scan)).json() == signed.json()
    late = await shop.send("/deliveries/scans", {**scan, "signed_by": "Wu"})
    assert (late.status_code, late.json()["code"]) == (409, "signed_for_already")
    for code in ("urn:trueshelf:shipment:x", "hello"):
        wrong = await shop.send("/deliveries/scans", {"code": code, "signed_by": "Li"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_scan_code")
    assert (await shop.events()).count("ShipmentDelivered") == 1


async def test_a_link_signs_once_without_an_account_and_says_nothing_of_the_shipment(
    shop: Any,
) -> None:
    shipment_id = (await shipped(shop))["shipment_id"]
    path = f"/shipments/{shipment_id}/delivery-links"
    old = (await shop.send(path, {})).json()
    link = (await shop.send(path, {"expires_in_hours": 1})).json()
    for token in (old["token"], "wrong", "x" * 43):
        refused = await sign(shop, token)
        assert (refused.status_code, refused.json()["code"]) == (403, "delivery_link_invalid")
        assert shipment_id not in refused.text
    signed = await sign(shop, link["token"])
    assert (signed.status_code, set(signed.json())) == (200, {"signed_by", "signed_at"})
    assert (await sign(shop, link["token"])).json() == signed.json()
    assert (await sign(shop, link["token"], "Wu")).status_code == 403
    found = await shop.read(f"/shipments/{shipment_id}")
    assert (found["signed_by"], found["signed_via"]) == ("Li", "link")
    assert found["noted_by"] == f"link:{link['link_id']}"
    assert (await shop.send(path, {})).json()["code"] == "signed_for_already"
    file = await look(shop, "/exports/delivery-links?form=csv", role="finance")
    assert link["link_id"] in file.text
    assert "token" not in file.text


async def test_a_link_that_has_expired_or_is_of_no_use_is_refused_like_a_wrong_one(
    shop: Any,
) -> None:
    shipment_id = (await shipped(shop))["shipment_id"]
    path = f"/shipments/{shipment_id}/delivery-links"
    link = (await shop.send(path, {"expires_in_hours": 1})).json()
    with shifted(timedelta(hours=1)):
        expired = await sign(shop, link["token"])
    wrong = await sign(shop, "wrong")
    assert expired.json() == wrong.json()
    await shop.send(f"/shipments/{shipment_id}/deliver", {"signed_by": "Wu"})
    useless = await sign(shop, link["token"])
    assert useless.json() == wrong.json()
    assert (await sign(shop, "")).status_code == 401


async def test_wrong_tokens_are_bounded_and_then_no_more_are_looked_at(shop: Any) -> None:
    answers = [await sign(shop, f"wrong-{number}") for number in range(21)]
    assert [one.status_code for one in answers] == [403] * 20 + [429]
    assert answers[-1].json()["code"] == "too_many_tries"
    with shifted(timedelta(minutes=1)):
        assert (await sign(shop, "wrong")).status_code == 403


async def test_lost_goods_are_a_fact_that_two_people_agree_on_and_the_customer_is_paid_back(
    shop: Any,
) -> None:
    """F1: they are in transit no longer, and inventory is told of nothing that came back."""
    shipment = await shipped(shop)
    body = {"shipment_id": shipment["shipment_id"], "cause": "lost"}
    why = await shop.send("/returns", body)
    assert (why.status_code, why.json()["code"]) == (422, "loss_needs_reason")
    draft = (await shop.send("/returns", {**body, "reason": "Carrier lost it"})).json()
    assert draft["number"].startswith("LS-")
    path = f"/returns/{draft['return_id']}"
    alone = await shop.send(f"{path}/audit")
    assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
    assert (await shop.send(f"{path}/audit", role="shop_manager", subject="boss")).is_success
    posted = (await shop.send(f"{path}/post")).json()
    assert (posted["status"], posted["refund"]) == ("posted", "47.4")
    assert (await shop.read("/in-transit"))["items"] == []
    events = await shop.events()
    assert events[-3:] == ["GoodsLost", "RefundGranted", "SalesOrderCompleted"]
    assert "CustomerReturnPosted" not in events
    deliver = f"/shipments/{shipment['shipment_id']}/deliver"
    late = await shop.send(deliver, {"signed_by": "Li"})
    assert (late.status_code, late.json()["code"]) == (409, "shipment_came_back")
