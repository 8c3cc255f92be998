"""Goods on their way to customers, until somebody signs for them, on the running platform."""

import struct
from typing import Any
from uuid import uuid4

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + struct.pack(">II", 4, 3)
    + bytes(60)
    + b"\0\0\0\0IEND\xaeB`\x82"
)


async def shipped(chain: Any, body: Any) -> Any:
    """Order, pay and ship; return the shipment."""
    order = chain.must(await chain.post("sales", "/orders", body))
    place = f"/orders/{order['order_id']}"
    chain.must(await chain.post("sales", f"{place}/pay", {"amount": order["total"]}))
    return chain.must(await chain.post("sales", f"{place}/ship"))


async def in_transit(chain: Any, site_id: str) -> set[str]:
    """Return the shipments of a site that are in transit."""
    page = chain.must(await chain.get("sales", "/in-transit", site_id=site_id))
    return {one["shipment_id"] for one in page["items"]}


async def test_goods_are_in_transit_until_signed_for_by_scan_link_or_come_back_or_are_lost(
    chain: Any,
) -> None:
    """F1, B7: four shipments of one site end in each of the ways there are."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    customer = await chain.make_customer()
    await chain.stock_up(site_id, {item: ("10", "2")})
    await chain.drain()
    body = chain.order_body(customer, site_id, {item: ("2", "8.00")})
    ships = [await shipped(chain, body) for _ in range(4)]
    ids = [one["shipment_id"] for one in ships]
    assert await in_transit(chain, site_id) == set(ids)
    scan = {"code": f"urn:trueshelf:shipment:{ids[0]}", "signed_by": "Li"}
    chain.must(await chain.post("sales", "/deliveries/scans", scan))
    link = chain.must(await chain.post("sales", f"/shipments/{ids[1]}/delivery-links", {}))
    signature = {"signed_by": "Wu"}
    path = "/deliveries/links/sign"
    signed = await chain.post("sales", path, signature, token=link["token"])
    assert set(chain.must(signed)) == {"signed_by", "signed_at"}
    assert await in_transit(chain, site_id) == set(ids[2:])
    for shipment_id, cause in ((ids[2], "undelivered"), (ids[3], "lost")):
        back = {"shipment_id": shipment_id, "cause": cause, "reason": "Address unknown"}
        made = chain.must(await chain.post("sales", "/returns", back))
        other = chain.stack.token("second", ["shop_manager"], ["*"], 1)
        place = f"/returns/{made['return_id']}"
        chain.must(await chain.post("sales", f"{place}/audit", token=other))
        chain.must(await chain.post("sales", f"{place}/post"))
    assert await in_transit(chain, site_id) == set()
    await chain.drain()
    stock = await chain.stock(site_id, item)
    assert (stock["on_hand"], stock["in_inspection"], stock["available"]) == ("4", "2", "2")
    await chain.assert_books_agree(site_id)


async def test_the_signed_note_is_a_photo_that_only_those_entitled_see(chain: Any) -> None:
    """F1: kept in the storage of files, shown by the rights on the shipment."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    customer = await chain.make_customer()
    await chain.stock_up(site_id, {item: ("2", "2")})
    await chain.drain()
    body = chain.order_body(customer, site_id, {item: ("2", "8.00")})
    shipment = await shipped(chain, body)
    base = chain.stack.info.service_urls["sales"]
    path = f"{base}/shipments/{shipment['shipment_id']}/photos"

    def headers(sites: list[str]) -> dict[str, str]:
        token = chain.stack.token("driver", ["clerk"], sites, 1)
        return {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "image/png",
        }

    made = await chain.http.post(path, content=PNG, headers=headers([site_id]))
    photo = f"{path}/{chain.must(made)['photo_id']}"
    assert (await chain.http.get(photo, headers=headers([site_id]))).content == PNG
    assert (await chain.http.get(photo, headers=headers(["elsewhere"]))).status_code == 403
    refused = await chain.http.post(path, content=b"GIF89a", headers=headers([site_id]))
    assert (refused.status_code, refused.json()["code"]) == (422, "photo_refused")


async def test_the_shop_that_asked_for_goods_of_another_site_scans_them_in(chain: Any) -> None:
    """B3, F1: its clerk covers the asking site alone."""
    shop, depot = await chain.make_site("shop"), await chain.make_site("depot")
    (item,), customer = await chain.make_items(1), await chain.make_customer()
    floor = {"warehouse_id": "floor", "name": "Floor", "ships_for_others": True}
    chain.must(await chain.post("inventory", f"/sites/{depot}/warehouses", floor))
    await chain.stock_up(depot, {item: ("5", "2")})
    await chain.drain()
    body = {**chain.order_body(customer, shop, {item: ("5", "9.00")}), "mode": "nearest"}
    found = chain.must(await chain.post("sales", "/sourcing/requests", body))
    path = f"/sourcing/requests/{found['request_id']}/pay"
    chain.must(await chain.post("sales", path, {"amount": "9.00"}))
    (order,) = found["orders"]
    shipment = chain.must(await chain.post("sales", f"/orders/{order['order_id']}/ship"))
    scan = {"code": f"urn:trueshelf:shipment:{shipment['shipment_id']}", "signed_by": "Shop"}
    other = chain.stack.token("stranger", ["clerk"], ["elsewhere"], 1)
    assert (await chain.post("sales", "/deliveries/scans", scan, token=other)).status_code == 403
    clerk = chain.stack.token("clerk", ["clerk"], [shop], 1)
    signed = chain.must(await chain.post("sales", "/deliveries/scans", scan, token=clerk))
    assert (signed["site_id"], signed["signed_via"]) == (depot, "scan")
