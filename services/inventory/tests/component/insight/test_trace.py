"""Goods are traced through the ledger, both ways, with all who had a part in it (A8)."""

from typing import Any
from uuid import uuid4

import pytest


async def transferred(desk: Any) -> tuple[Any, Any]:
    """Send four boxes of tea from the north to the south's back room, where they arrive."""
    there = {"to_site_id": "south", "to_warehouse_id": "back"}
    dispatch = await desk.post("transfer_dispatch", "tea", "4", **there)
    path = f"/transfers/{dispatch['document_id']}/arrivals"
    return dispatch, await desk.finish(await desk.act(path, "ann", {}))


def told(page: Any) -> list[tuple[str, str, int, str]]:
    """Return site, warehouse, number and kind of each entry."""
    return [
        (one["site_id"], one["warehouse_id"], one["sequence"], one["kind"]) for one in page["items"]
    ]


async def traded(shop: Any, desk: Any) -> dict[str, Any]:
    """Receive tea in the north, send some of it south, sell it there, and take an issue back."""
    received = shop.receipt(("tea", "10"))
    await shop.service.deliver(received)
    await shop.receive(("tea", "1"), warehouse="back")
    dispatch, arrival = await transferred(desk)
    held = await shop.held(("tea", "3"), site_id="south", warehouse_id="back")
    await shop.confirm(held)
    shipped = shop.shipment(held)
    await shop.service.deliver(shipped)
    issue = await desk.post("issue", "tea", "1", reason="tasting", department="shop")
    back = await desk.step(issue, "reverse", body={"reason": "nobody came"})
    return {
        "received": str(received.receipt_id),
        "dispatch": dispatch["document_id"],
        "arrival": arrival["document_id"],
        "shipped": str(shipped.shipment_id),
        "order": held["order_id"],
        "reservation": held["reservation_id"],
        "issue": issue["document_id"],
        "back": back["document_id"],
    }


async def test_a_receipt_is_followed_forward_through_a_transfer_to_the_customer(
    shop: Any, desk: Any
) -> None:
    made = await traded(shop, desk)
    page = await shop.get("/trace", document_id=made["received"])
    assert told(page) == [
        ("north", "main", 1, "receipt"),
        ("north", "main", 3, "dispatch"),
        ("north", "main", 4, "issue"),
        ("north", "main", 5, "reversal"),
        ("south", "back", 1, "arrival"),
        ("south", "back", 2, "shipment"),
    ]
    assert (page["complete"], page["elsewhere"]) == (True, 0)


async def test_a_shipment_is_followed_backward_to_the_receipt_it_came_from(
    shop: Any, desk: Any
) -> None:
    made = await traded(shop, desk)
    page = await shop.get("/trace", document_id=made["shipped"], direction="backward")
    assert told(page) == [
        ("south", "back", 2, "shipment"),
        ("south", "back", 1, "arrival"),
        ("north", "main", 3, "dispatch"),
        ("north", "main", 1, "receipt"),
    ]


async def test_what_happened_to_other_goods_is_no_part_of_the_trace(shop: Any, desk: Any) -> None:
    made = await traded(shop, desk)
    forward = await shop.get("/trace", document_id=made["shipped"])
    assert told(forward) == [("south", "back", 2, "shipment")]
    backward = await shop.get("/trace", document_id=made["received"], direction="backward")
    assert told(backward) == [("north", "main", 1, "receipt")]
    dispatched = await shop.get("/trace", document_id=made["dispatch"])
    assert told(dispatched)[0] == ("north", "main", 3, "dispatch")
    assert {one[0] for one in told(dispatched)[1:]} == {"south"}


async def test_each_entry_says_who_when_with_which_device_and_by_which_document(
    shop: Any, desk: Any
) -> None:
    made = await traded(shop, desk)
    page = await shop.get("/trace", item_id="tea", site_id="north")
    issued = next(one for one in page["items"] if one["kind"] == "issue")
    assert (issued["user_id"], issued["device_id"]) == ("bob", "device-of-bob")
    assert issued["document_id"] == made["issue"]
    documents = {one["document_id"]: one for one in page["documents"]}
    issue, back = documents[made["issue"]], documents[made["back"]]
    assert (issue["kind"], issue["status"], issue["reason"]) == ("issue", "reversed", "tasting")
    people = ("drafted_by", "drafted_with", "audited_by", "posted_by", "posted_with")
    assert [issue[name] for name in people] == [
        "ann",
        "device-of-ann",
        "bob",
        "bob",
        "device-of-bob",
    ]
    assert (issue["reversed_by"], back["reverses"]) == (made["back"], made["issue"])
    assert documents[made["dispatch"]]["arrivals"] == [made["arrival"]]


async def test_a_shipment_names_its_order_and_an_arrival_its_dispatch(shop: Any, desk: Any) -> None:
    made = await traded(shop, desk)
    page = await shop.get("/trace", warehouse_id="back", site_id="south")
    assert told(page) == [("south", "back", 1, "arrival"), ("south", "back", 2, "shipment")]
    documents = {one["document_id"]: one for one in page["documents"]}
    shipped = documents[made["shipped"]]
    assert (shipped["order_id"], shipped["reservation_id"]) == (made["order"], made["reservation"])
    assert documents[made["arrival"]]["dispatch_id"] == made["dispatch"]


async def test_every_part_of_an_order_names_it_not_only_the_one_that_ends_it(shop: Any) -> None:
    """A8: also while the rest is still held."""
    await shop.receive(("tea", "10"))
    held = await shop.held(("tea", "5"))
    await shop.confirm(held)
    (line,) = held["lines"]
    parts = [
        shop.shipment(held | {"lines": [line | {"quantity": quantity}]}, in_parts=True)
        for quantity in ("2", "3")
    ]
    for count, part in enumerate(parts, start=1):
        await shop.service.deliver(part)
        page = await shop.get("/trace", item_id="tea")
        shipped = [one for one in page["documents"] if one["kind"] == "shipment"]
        assert [one["number"] for one in shipped] == [one.number for one in parts[:count]]
        assert {(one["order_id"], one["reservation_id"]) for one in shipped} == {
            (held["order_id"], held["reservation_id"])
        }


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("start", ["item", "received", "shipped"])
async def test_a_trace_comes_in_pages_without_a_seam(
    shop: Any, desk: Any, start: str, direction: str
) -> None:
    made = await traded(shop, desk)
    asked = {"item_id": "tea"} if start == "item" else {"document_id": made[start]}
    whole = told(await shop.get("/trace", **asked, direction=direction))
    seen, cursor = [], {}
    for _ in whole:
        page = await shop.get("/trace", **asked, direction=direction, limit=1, **cursor)
        seen += told(page)
        cursor = {"cursor": page["next_cursor"]}
    assert (seen, page["next_cursor"]) == (whole, None)


@pytest.mark.parametrize("direction", ["forward", "backward"])
async def test_a_page_is_the_same_however_few_streams_are_read_at_a_time(
    shop: Any, desk: Any, monkeypatch: pytest.MonkeyPatch, direction: str
) -> None:
    await traded(shop, desk)
    asked = {"item_id": "tea", "direction": direction}
    at_once = told(await shop.get("/trace", **asked))
    monkeypatch.setattr("inventory.insight.queries.trace.STREAMS_AT_FIRST", 1)
    assert told(await shop.get("/trace", **asked)) == at_once
    assert len({site for site, *_ in at_once}) == 2


async def test_sites_the_caller_may_not_see_are_counted_not_shown(shop: Any, desk: Any) -> None:
    made = await traded(shop, desk)
    page = await shop.get("/trace", role="clerk", sites=("north",), document_id=made["received"])
    assert {one[0] for one in told(page)} == {"north"}
    assert page["elsewhere"] == 1
    item = await shop.get("/trace", role="clerk", sites=("south",), item_id="tea")
    assert {one[0] for one in told(item)} == {"south"}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"site_id": "north"},
        {"warehouse_id": "main"},
        {"batch_id": "b1"},
        {"serial_no": "1"},
        {"item_id": "tea", "document_id": str(uuid4())},
        {"document_id": str(uuid4()), "batch_id": "b1"},
    ],
)
async def test_an_unclear_question_is_refused(shop: Any, asked: dict[str, str]) -> None:
    headers = shop.service.headers(["clerk"])
    answer = await shop.service.api.get("/trace", params=asked, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "trace_unclear")


async def test_a_document_the_ledger_does_not_know_is_not_found(shop: Any) -> None:
    headers = shop.service.headers(["clerk"])
    asked = {"document_id": str(uuid4())}
    answer = await shop.service.api.get("/trace", params=asked, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "document_not_booked")
