"""Goods are in transit until somebody signs for them, or they are back (F1)."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.sales import SalesOrderCompleted, ShipmentDelivered
from servicekit.clock import now, shifted


async def shipped(shop: Any, **changes: Any) -> dict[str, Any]:
    order = await shop.paid(**changes)
    answer = await shop.send(f"/orders/{order['order_id']}/ship")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def deliver(shop: Any, shipment: Any, signed_by: str = "Wang", **more: Any) -> Any:
    path = f"/shipments/{shipment['shipment_id']}/deliver"
    return await shop.send(path, {"signed_by": signed_by, **more})


async def undelivered(shop: Any, shipment: Any) -> Any:
    body = {"shipment_id": shipment["shipment_id"], "cause": "undelivered"}
    return await shop.send("/returns", body)


async def post(shop: Any, made: Any) -> Any:
    await shop.send(f"/returns/{made['return_id']}/audit")
    return await shop.send(f"/returns/{made['return_id']}/post")


async def in_transit(shop: Any, **asked: Any) -> list[tuple[str, str, str]]:
    rows = (await shop.read("/in-transit", **asked))["items"]
    return [(one["number"], one["item_id"], one["quantity"]) for one in rows]


async def test_what_is_shipped_is_in_transit_with_its_age_until_it_is_signed_for(shop: Any) -> None:
    shipment = await shipped(shop)
    with shifted(timedelta(hours=5)):
        listed = (await shop.read("/in-transit", site_id="sh-01"))["items"]
        (site,) = (await shop.read("/reports/in-transit"))["items"]
    assert [(one["item_id"], one["quantity"], one["age_hours"]) for one in listed] == [
        ("tea", "3", 5),
        ("rice", "1.25", 5),
    ]
    assert (site["site_id"], site["shipments"], site["lines"]) == ("sh-01", 1, 2)
    assert (site["amount"], site["oldest_age_hours"]) == ("47.4", 5)
    signed = await deliver(shop, shipment, proof="photo-17.jpg")
    assert (signed.json()["signed_by"], signed.json()["signed_via"]) == ("Wang", "scan")
    assert await in_transit(shop) == []
    assert (await shop.read("/reports/in-transit"))["items"] == []
    fact, closed = (await shop.service.events())[-2:]
    assert isinstance(fact, ShipmentDelivered)
    assert isinstance(closed, SalesOrderCompleted)
    assert (await shop.read(f"/orders/{shipment['order_id']}"))["closed_at"]
    assert (fact.number, fact.proof) == (shipment["number"], "photo-17.jpg")


async def test_the_list_of_goods_in_transit_goes_on_page_by_page(shop: Any) -> None:
    numbers = [(await shipped(shop))["number"] for _ in range(2)]
    seen, cursor = list[tuple[str, str]](), None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = await shop.read("/in-transit", limit=1, **more)
        seen += [(one["number"], one["item_id"]) for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [(number, item) for number in numbers for item in ("tea", "rice")]
    assert (await shop.read("/in-transit", cursor="WyJ4IiwgInkiXQ=="))["code"] == "bad_cursor"
    assert await in_transit(shop, sites=["bj-01"]) == []


async def test_the_same_signature_again_changes_nothing_and_another_is_refused(shop: Any) -> None:
    shipment = await shipped(shop)
    at = now().isoformat()
    answers = [await deliver(shop, shipment, signed_at=at) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    other = await deliver(shop, shipment, "Li")
    assert (other.status_code, other.json()["code"]) == (409, "signed_for_already")
    assert (await shop.events()).count("ShipmentDelivered") == 1


@pytest.mark.parametrize("hours", [-3, 3])
async def test_nobody_signs_before_the_goods_left_or_tomorrow(shop: Any, hours: int) -> None:
    at = (now() + timedelta(hours=hours)).isoformat()
    answer = await deliver(shop, await shipped(shop), signed_at=at)
    assert (answer.status_code, answer.json()["code"]) == (422, "signed_out_of_time")


async def test_of_a_carriers_file_each_bad_line_is_told_and_the_others_taken(shop: Any) -> None:
    first, second = await shipped(shop), await shipped(shop)
    at = now().isoformat()
    good = {"number": first["number"], "signed_by": "Wang", "signed_at": at, "proof": "SF-1"}
    lines = [
        good,
        {**good, "number": "SH-moon-1"},
        {**good, "number": second["number"], "signed_at": "2020-01-01T00:00:00Z"},
        good,
    ]
    told = (await shop.send("/deliveries/import", {"deliveries": lines})).json()
    assert (told["accepted"], told["unchanged"]) == (1, 1)
    assert [(one["line"], one["code"]) for one in told["refused"]] == [
        (2, "unknown_shipment_number"),
        (3, "signed_out_of_time"),
    ]
    shown = await shop.read(f"/shipments/{first['shipment_id']}")
    assert (shown["signed_via"], shown["proof"]) == ("carrier", "SF-1")
    assert {number for number, *_ in await in_transit(shop)} == {second["number"]}


async def test_a_carriers_sheet_is_taken_row_by_row_as_its_list_is(shop: Any) -> None:
    first, second = await shipped(shop), await shipped(shop)
    header = "number,signed_by,signed_at,proof"
    good = f"{first['number']},Wang,{now().isoformat()},SF-1"
    bad = f"{second['number']},Wang,yesterday,"
    unknown = f"SH-moon-1,Wang,{now().isoformat()},"

    async def send(*rows: str) -> Any:
        headers = shop.service.headers(["clerk"], ("*",)) | {"Content-Type": "text/csv"}
        sheet = "\n".join([header, *rows]).encode()
        path = "/deliveries/import-file"
        return await shop.service.api.post(path, content=sheet, headers=headers)

    told = (await send(good, bad, unknown)).json()
    assert (told["accepted"], told["unchanged"]) == (1, 0)
    assert [(one["line"], one["id"], one["code"]) for one in told["refused"]] == [
        (3, second["number"], "invalid_line"),
        (4, "SH-moon-1", "unknown_shipment_number"),
    ]
    assert (await shop.read(f"/shipments/{first['shipment_id']}"))["signed_via"] == "carrier"
    answer = await send(*[good] * 501)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_unreadable")


async def test_undelivered_goods_come_back_whole_and_are_not_signed_for_then(shop: Any) -> None:
    shipment = await shipped(shop)
    made = (await undelivered(shop, shipment)).json()
    assert [(one["item_id"], one["quantity"]) for one in made["lines"]] == [
        ("tea", "3"),
        ("rice", "1.25"),
    ]
    assert len(await in_transit(shop)) == 2
    assert (await post(shop, made)).json()["refund"] == "47.4"
    assert await in_transit(shop) == []
    late = await deliver(shop, shipment)
    assert (late.status_code, late.json()["code"]) == (409, "shipment_came_back")
    again = await undelivered(shop, shipment)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_return")


async def test_what_comes_back_in_part_leaves_the_rest_in_transit(shop: Any) -> None:
    shipment = await shipped(shop)
    body = {
        "shipment_id": shipment["shipment_id"],
        "cause": "undelivered",
        "lines": [{"shipment_line_no": 1, "quantity": "1"}],
    }
    await post(shop, (await shop.send("/returns", body)).json())
    assert await in_transit(shop) == [
        (shipment["number"], "tea", "2"),
        (shipment["number"], "rice", "1.25"),
    ]
    assert (await deliver(shop, shipment)).status_code == 200


async def test_of_signing_and_coming_back_at_once_exactly_one_happens(shop: Any) -> None:
    shipment = await shipped(shop)
    made = (await undelivered(shop, shipment)).json()
    await shop.send(f"/returns/{made['return_id']}/audit")
    path = f"/returns/{made['return_id']}/post"
    signed, back = await asyncio.gather(deliver(shop, shipment), shop.send(path))
    assert sorted([signed.is_success, back.is_success]) == [False, True]
    names = await shop.events()
    assert names.count("ShipmentDelivered") + names.count("CustomerReturnPosted") == 1


async def test_what_was_signed_for_does_not_come_back_as_undelivered(shop: Any) -> None:
    shipment = await shipped(shop)
    await deliver(shop, shipment)
    answer = await undelivered(shop, shipment)
    assert (answer.status_code, answer.json()["code"]) == (409, "signed_for_already")


async def test_a_shipment_of_another_site_is_not_signed_for(shop: Any) -> None:
    shipment = await shipped(shop)
    path = f"/shipments/{shipment['shipment_id']}/deliver"
    assert (await shop.send(path, {"signed_by": "Li"}, sites=["bj-01"])).status_code == 403
    assert (await shop.send(f"/shipments/{uuid4()}/deliver", {"signed_by": "Li"})).json()[
        "code"
    ] == "unknown_shipment"
