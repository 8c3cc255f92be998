"""H3: when goods are called back, sales says which customers got them and who was told."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.inventory import ColdChainRestored, RecallClosed, RecallOrdered
from servicekit.ids import new_id

MOMENT = datetime(2026, 11, 1, 8, tzinfo=UTC)
TEA = {"item_id": "tea", "quantity": "2", "unit": "box", "amount": "20"}


def ordered(recall_id: UUID, *batches: str, item: str = "tea") -> RecallOrdered:
    return RecallOrdered(
        recall_id=recall_id,
        number=f"RC-{recall_id.hex[-6:]}",
        at=MOMENT,
        item_id=item,
        batches=batches,
        recall_class="I",
        reason="Glass in it",
    )


def closed(recall_id: UUID) -> RecallClosed:
    figures = {"shipped": "4", "recovered": "4", "written_off": "0"}
    said = {"recall_id": recall_id, "number": "RC", "at": MOMENT, "outcome": "completed"}
    return RecallClosed.model_validate({**said, **figures})


async def sell(shop: Any, batch_id: str, customer_id: str = "wang", **changes: Any) -> str:
    """Sell two boxes of a batch; return the shipment's id."""
    customer = {"customer_id": customer_id, "name": customer_id.title()}
    assert (await shop.send("/customers", customer)).is_success
    shop.line.held = [{"line_no": 1, "item_id": "tea", "quantity": "2", "batch_id": batch_id}]
    order = await shop.reserved(customer_id=customer_id, lines=[TEA], **changes)
    assert (await shop.pay(order["order_id"], "20")).is_success
    answer = await shop.send(f"/orders/{order['order_id']}/ship")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["shipment_id"])


async def call_back(shop: Any, *batches: str) -> str:
    """Let inventory order a recall; return where sales shows it."""
    recall_id = new_id()
    await shop.service.deliver([ordered(recall_id, *batches)])
    return f"/recalls/{recall_id}"


async def inform(shop: Any, path: str, customer_id: str, **extra: Any) -> Any:
    return await shop.send(f"{path}/customers/{customer_id}/informed", {"note": "Called"}, **extra)


async def test_a_recall_lists_who_got_the_batch_and_nobody_else(shop: Any) -> None:
    for batch, customer in (("L1", "wang"), ("L1", "wang"), ("L2", "li"), ("L3", "zhao")):
        await sell(shop, batch, customer)
    path = await call_back(shop, "L1", "L2")
    got = (await shop.read(f"{path}/customers"))["items"]
    names = ("customer_id", "name", "shipments", "quantity")
    assert [tuple(one[name] for name in names) for one in got] == [
        ("li", "Li", 1, "2"),
        ("wang", "Wang", 2, "4"),
    ]
    assert {one["informed_at"] for one in got} == {None}
    recall = await shop.read(path)
    assert (recall["batches"], recall["recall_class"]) == (["L1", "L2"], "I")
    assert [recall[name] for name in ("customers", "customers_informed", "quantity")] == [2, 0, "6"]
    assert [one["number"] for one in (await shop.read("/recalls"))["items"]] == [recall["number"]]


async def test_the_shipments_of_a_recall_come_in_pages_the_newest_first(shop: Any) -> None:
    sold = [await sell(shop, "L1", customer) for customer in ("wang", "li", "wang")]
    path = f"{await call_back(shop, 'L1')}/shipments"
    first = await shop.read(path, limit=2)
    last = await shop.read(path, limit=2, cursor=first["next_cursor"])
    seen = [one["shipment_id"] for page in (first, last) for one in page["items"]]
    assert (seen, last["next_cursor"]) == (sold[::-1], None)
    (li,) = (await shop.read(path, customer_id="li"))["items"]
    assert (li["shipment_id"], li["batch_id"], li["quantity"]) == (sold[1], "L1", "2")
    for foreign in (["x", "1"], [sold[0], str(2**40)]):
        cursor = urlsafe_b64encode(json.dumps(foreign).encode()).decode()
        assert (await shop.read(path, cursor=cursor))["code"] == "bad_cursor"


async def test_customers_are_told_and_the_list_shows_the_last_time(shop: Any) -> None:
    await sell(shop, "L1", "wang")
    await sell(shop, "L1", "li")
    path = await call_back(shop, "L1")
    answers = [await inform(shop, path, "wang", subject=by) for by in ("anna", "ben")]
    assert [answer.status_code for answer in answers] == [201, 201]
    li, wang = (await shop.read(f"{path}/customers"))["items"]
    assert (li["informed_by"], wang["informed_by"], wang["note"]) == (None, "ben", "Called")
    assert wang["informed_at"] == answers[1].json()["informed_at"]
    recall = await shop.read(path)
    assert (recall["customers"], recall["customers_informed"]) == (2, 1)


async def test_a_shop_sees_and_tells_its_own_customers_only(shop: Any) -> None:
    await sell(shop, "L1", "wang", site_id="sh-01")
    await sell(shop, "L1", "li", site_id="bj-01")
    path = await call_back(shop, "L1")
    got = (await shop.read(f"{path}/customers", sites=["bj-01"]))["items"]
    assert [one["customer_id"] for one in got] == ["li"]
    refused = await inform(shop, path, "wang", sites=["bj-01"])
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_got_none")
    assert (await inform(shop, path, "li", sites=["bj-01"])).status_code == 201


@pytest.mark.parametrize(
    ("customer_id", "code"), [("wang", "customer_got_none"), ("nobody", "unknown_customer")]
)
async def test_who_got_nothing_is_not_told(shop: Any, customer_id: str, code: str) -> None:
    await sell(shop, "L2", "wang")
    refused = await inform(shop, await call_back(shop, "L1"), customer_id)
    assert refused.json()["code"] == code


async def test_a_recall_that_is_not_known_is_said_to_be_unknown(shop: Any) -> None:
    nowhere = f"/recalls/{uuid4()}"
    for path in (nowhere, f"{nowhere}/customers", f"{nowhere}/shipments"):
        assert (await shop.read(path))["code"] == "unknown_recall"
    assert (await inform(shop, nowhere, "wang")).json()["code"] == "unknown_recall"


async def test_a_recall_told_twice_is_kept_once_and_its_end_is_noted(shop: Any) -> None:
    recall_id = new_id()
    other = ColdChainRestored(
        breach_id=uuid4(), site_id="sh-01", warehouse_id="main", device_id="d", at=MOMENT
    )
    await shop.service.deliver([ordered(recall_id, "L1"), other, ordered(recall_id, "L9")])
    assert (await shop.read(f"/recalls/{recall_id}"))["batches"] == ["L1"]
    await shop.service.deliver([closed(recall_id)])
    (kept,) = (await shop.read("/recalls"))["items"]
    assert (kept["outcome"], kept["closed_at"]) == ("completed", "2026-11-01T08:00:00Z")


async def test_a_recall_shows_what_came_back_and_leaves_as_files(shop: Any) -> None:
    """H3, H6: the progress with each customer, and who got what, to take along."""
    shipment_id = await sell(shop, "L1", "wang")
    await sell(shop, "L1", "li")
    path = await call_back(shop, "L1")
    line = {"shipment_line_no": 1, "quantity": "1", "batch_id": "L1"}
    body = {"shipment_id": shipment_id, "lines": [line]}
    made = await shop.send("/returns", body)
    assert made.is_success, made.text
    assert (await shop.read(path))["returned"] == "0"
    for step in ("audit", "post"):
        assert (await shop.send(f"/returns/{made.json()['return_id']}/{step}")).is_success
    assert (await shop.read(path))["returned"] == "1"
    got = (await shop.read(f"{path}/customers"))["items"]
    assert [(one["customer_id"], one["quantity"], one["returned"]) for one in got] == [
        ("li", "2", "0"),
        ("wang", "2", "1"),
    ]
    headers = shop.service.headers(["shop_manager"], ["*"])
    for name in ("customers", "shipments"):
        file = await shop.service.api.get(f"{path}/{name}/export?form=csv", headers=headers)
        assert (file.status_code, file.text.count("wang")) == (200, 1), file.text


async def sell_units(shop: Any, customer_id: str, *serials: str) -> str:
    """Sell units by their numbers; return the shipment's id."""
    customer = {"customer_id": customer_id, "name": customer_id.title()}
    assert (await shop.send("/customers", customer)).is_success
    line = {**TEA, "quantity": str(len(serials)), "serials": list(serials)}
    order = await shop.reserved(customer_id=customer_id, lines=[line])
    assert (await shop.pay(order["order_id"], "20")).is_success
    answer = await shop.send(f"/orders/{order['order_id']}/ship")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["shipment_id"])


async def test_units_called_back_by_number_are_followed_to_whom_they_went(shop: Any) -> None:
    """H3: numbers count as numbers, and of a line only the units meant."""
    shipment_id = await sell_units(shop, "wang", "S1", "S2", "S9")
    await sell_units(shop, "li", "S10", "S11")
    await sell_units(shop, "zhao", "S100", "T5", "s3")
    await sell(shop, "L1", "wu")
    recall_id = new_id()
    path, by_number = f"/recalls/{recall_id}", {"first_serial": "S2", "last_serial": "S10"}
    await shop.service.deliver([ordered(recall_id).model_copy(update=by_number)])
    got = (await shop.read(f"{path}/customers"))["items"]
    assert [(one["customer_id"], one["quantity"]) for one in got] == [("li", "1"), ("wang", "2")]
    shown = (await shop.read(f"{path}/shipments"))["items"]
    assert [(one["quantity"], one["serials"]) for one in shown] == [
        ("1", ["S10"]),
        ("2", ["S2", "S9"]),
    ]
    line = {"shipment_line_no": 1, "quantity": "2", "serials": ["S1", "S9"]}
    made = (await shop.send("/returns", {"shipment_id": shipment_id, "lines": [line]})).json()
    for step in ("audit", "post"):
        assert (await shop.send(f"/returns/{made['return_id']}/{step}")).is_success
    recall = await shop.read(path)
    assert [recall[name] for name in ("customers", "quantity", "returned")] == [2, "3", "1"]
    assert (recall["batches"], recall["first_serial"], recall["last_serial"]) == ([], "S2", "S10")
    assert (await inform(shop, path, "wang")).status_code == 201
    assert (await inform(shop, path, "zhao")).json()["code"] == "customer_got_none"


@pytest.mark.parametrize(
    ("first", "last", "inside", "outside"),
    [
        ("S1", "S9", ["S1", "S09", "S9"], ["S10", "S0", "T5"]),
        ("S2", "S10", ["S2", "S9", "S10"], ["S1", "S11", "S100"]),
        ("A9-1", "A10-5", ["A9-1", "A9-77", "A10-5"], ["A10-6", "A9-0"]),
    ],
)
async def test_a_range_covers_what_inventory_takes_it_to(
    shop: Any, first: str, last: str, inside: list[str], outside: list[str]
) -> None:
    await sell_units(shop, "wang", *inside, *outside)
    recall_id = new_id()
    by_number = {"first_serial": first, "last_serial": last}
    await shop.service.deliver([ordered(recall_id).model_copy(update=by_number)])
    (line,) = (await shop.read(f"/recalls/{recall_id}/shipments"))["items"]
    assert line["serials"] == inside
