"""Receipts run draft, audited, posting, posted (A1), within the order and its tolerance (C1)."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.inventory import ItemDefined, PlacedLine, ReceiptBooked, ReceiptHeld
from contracts.purchasing import (
    GoodsReceiptPosted,
    PurchasingWarningCleared,
    PurchasingWarningRaised,
    ReceiptAudited,
    ReceiptCancelled,
    ReceiptDrafted,
    ReceiptStep,
)
from servicekit.clock import now

NOWHERE = str(uuid4())


def booked(receipt: dict[str, Any]) -> ReceiptBooked:
    return ReceiptBooked(
        receipt_id=UUID(receipt["receipt_id"]), site_id=receipt["site_id"], booked_at=now()
    )


async def open_order(desk: Any, **changes: Any) -> str:
    return str((await desk.order(**changes)).json()["order_id"])


async def lines_of(desk: Any, order_id: str) -> list[tuple[str, str, str]]:
    lines = (await desk.read(f"/orders/{order_id}"))["lines"]
    return [(line["received"], line["arriving"], line["open"]) for line in lines]


async def test_a_receipt_goes_from_draft_to_posted_and_moves_the_order(desk: Any) -> None:
    """A1, C1."""
    order_id = await open_order(desk)
    answer = await desk.draft(order_id, (1, "60"), (2, "20.5"))
    receipt = answer.json()
    assert (answer.status_code, receipt["status"], receipt["version"]) == (201, "draft", 1)
    assert receipt["number"].startswith("GR-sh-01-")
    assert [line["unit_cost"] for line in receipt["lines"]] == ["12.5", "6.000001"]
    assert await lines_of(desk, order_id) == [("0", "60", "100"), ("0", "20.5", "20.5")]

    audited = (await desk.step(receipt["receipt_id"], "audit")).json()
    assert (audited["status"], audited["audited_by"]) == ("audited", "tester")
    posting = (await desk.step(receipt["receipt_id"], "post")).json()
    assert (posting["status"], posting["posted_by"]) == ("posting", "tester")
    assert await lines_of(desk, order_id) == [("60", "0", "40"), ("20.5", "0", "0")]

    await desk.service.deliver(booked(receipt))
    posted = await desk.read(f"/receipts/{receipt['receipt_id']}")
    assert (posted["status"], posted["version"]) == ("posted", 4)
    assert posted["booked_at"] is not None


async def test_posting_tells_inventory_what_arrived_at_the_agreed_price(desk: Any) -> None:
    receipt = await desk.posting((2, "7.25"), (1, "3"))
    event = (await desk.service.events())[-1]
    assert isinstance(event, GoodsReceiptPosted)
    assert (str(event.receipt_id), event.number) == (receipt["receipt_id"], receipt["number"])
    assert (event.supplier_id, event.warehouse_id, event.currency) == ("acme", "main", "CNY")
    assert [line.model_dump(mode="json", exclude_defaults=True) for line in event.lines] == [
        {"line_no": 1, "item_id": "rice", "quantity": "7.25", "unit_cost": "6.000001"},
        {"line_no": 2, "item_id": "tea", "quantity": "3", "unit_cost": "12.5"},
    ]


async def test_that_goods_came_is_not_told_before_posting(desk: Any) -> None:
    """A1: only posting moves stock."""
    receipt = (await desk.draft(await open_order(desk), (1, "1"))).json()
    await desk.step(receipt["receipt_id"], "audit")
    kinds = {type(event) for event in await desk.service.events()}
    assert GoodsReceiptPosted not in kinds


async def steps_told(desk: Any, receipt: dict[str, Any]) -> list[Any]:
    """Return what was told of a receipt, in order."""
    told = [
        one
        for one in await desk.service.events()
        if isinstance(one, ReceiptStep | GoodsReceiptPosted)
    ]
    return [one for one in told if str(one.receipt_id) == receipt["receipt_id"]]


async def test_each_step_of_a_receipt_is_told_so_that_inventory_knows_what_is_open(
    desk: Any,
) -> None:
    """A9: what was counted, in base units, by whom; and how it ended."""
    posted = await desk.posting((1, "60"), (2, "20.5"))
    told = await steps_told(desk, posted)
    assert [type(one) for one in told] == [ReceiptDrafted, ReceiptAudited, GoodsReceiptPosted]
    drafted, audited = told[:2]
    assert (drafted.number, drafted.site_id, drafted.user_id) == (
        posted["number"],
        "sh-01",
        "tester",
    )
    assert (audited.user_id, audited.at >= drafted.at) == ("tester", True)
    lines = [(one.item_id, one.quantity) for one in drafted.lines]
    assert lines == [("tea", Decimal(60)), ("rice", Decimal("20.5"))]
    given_up = (await desk.draft(await open_order(desk), (1, "1"))).json()
    for _ in range(2):
        assert (await desk.step(given_up["receipt_id"], "cancel")).status_code == 200
    told = await steps_told(desk, given_up)
    assert [type(one) for one in told] == [ReceiptDrafted, ReceiptCancelled]


async def test_a_receipt_posted_as_it_is_drafted_tells_the_same_steps(desk: Any) -> None:
    """A9, C1: in their order, for whoever follows it."""
    lines = [{"order_line_no": 1, "quantity": "2"}]
    body = {"order_id": await open_order(desk), "lines": lines, "post": True}
    receipt = (await desk.send("/receipts", body, "clerk")).json()
    told = await steps_told(desk, receipt)
    assert [type(one) for one in told] == [ReceiptDrafted, ReceiptAudited, GoodsReceiptPosted]


async def test_an_order_is_received_when_nothing_is_open(desk: Any) -> None:
    receipt = await desk.posting((1, "100"), (2, "20.5"))
    assert (await desk.read(f"/orders/{receipt['order_id']}"))["status"] == "received"
    [found] = (await desk.read("/orders", status="received"))["items"]
    assert found["order_id"] == receipt["order_id"]


async def test_of_two_clerks_who_post_the_same_receipt_one_wins_and_the_other_is_told(
    desk: Any,
) -> None:
    receipt = (await desk.draft(await open_order(desk), (1, "100"))).json()
    await desk.step(receipt["receipt_id"], "audit")
    answers = await asyncio.gather(
        *(desk.step(receipt["receipt_id"], "post", subject=who) for who in ("anna", "bo", "cai"))
    )
    [winner] = [one.json() for one in answers if one.status_code == 200]
    losers = [one.json() for one in answers if one.status_code == 409]
    assert len(losers) == 2
    for told in losers:
        assert (told["code"], told["posted_by"]) == ("receipt_already_posted", winner["posted_by"])
    posted = [e for e in await desk.service.events() if isinstance(e, GoodsReceiptPosted)]
    assert len(posted) == 1
    assert (await lines_of(desk, receipt["order_id"]))[0] == ("100", "0", "0")


async def test_the_same_posting_sent_again_gets_the_same_answer(desk: Any) -> None:
    """B8."""
    receipt = (await desk.draft(await open_order(desk), (1, "5"))).json()
    await desk.step(receipt["receipt_id"], "audit")
    first = await desk.step(receipt["receipt_id"], "post", key="k")
    again = await desk.step(receipt["receipt_id"], "post", key="k")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    posted = [e for e in await desk.service.events() if isinstance(e, GoodsReceiptPosted)]
    assert len(posted) == 1


async def test_a_draft_can_not_be_posted(desk: Any) -> None:
    """A1."""
    receipt = (await desk.draft(await open_order(desk), (1, "5"))).json()
    answer = await desk.step(receipt["receipt_id"], "post")
    assert (answer.status_code, answer.json()["code"]) == (409, "receipt_not_audited")
    assert answer.json()["receipt_status"] == "draft"


async def test_a_receipt_is_audited_once(desk: Any) -> None:
    receipt = (await desk.draft(await open_order(desk), (1, "5"))).json()
    await desk.step(receipt["receipt_id"], "audit")
    answer = await desk.step(receipt["receipt_id"], "audit")
    assert (answer.status_code, answer.json()["code"]) == (409, "receipt_not_draft")


async def test_more_than_ordered_is_refused_with_the_figures(desk: Any) -> None:
    """C1: over within tolerance only."""
    await desk.supplier("10")
    order_id = await open_order(desk)
    await desk.draft(order_id, (1, "30"))
    answer = await desk.draft(order_id, (1, "80.0"), (1, "1"))
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "over_receipt")
    assert body["lines"] == [
        {
            "order_line_no": 1,
            "item_id": "tea",
            "unit": "box",
            "ordered": "100",
            "received": "0",
            "arriving": "30",
            "requested": "81",
            "most": "110",
            "allowed": "80",
        }
    ]
    assert (await desk.draft(order_id, (1, "80"))).status_code == 201


async def test_two_clerks_can_not_both_take_the_last_pallet(desk: Any) -> None:
    """C1: what waits on other receipts counts, also when both are drafted at once."""
    order_id = await open_order(desk)
    answers = await asyncio.gather(*(desk.draft(order_id, (1, "60")) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 422, 422, 422]
    assert (await lines_of(desk, order_id))[0] == ("0", "60", "100")


async def test_a_cancelled_receipt_gives_its_goods_back_to_the_order(desk: Any) -> None:
    order_id = await open_order(desk)
    receipt = (await desk.draft(order_id, (1, "100"))).json()
    for _ in range(2):
        answer = await desk.step(receipt["receipt_id"], "cancel")
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert (await lines_of(desk, order_id))[0] == ("0", "0", "100")
    assert (await desk.step(receipt["receipt_id"], "audit")).json()["code"] == "receipt_not_draft"
    assert (await desk.draft(order_id, (1, "100"))).status_code == 201


async def test_a_posted_receipt_can_not_be_cancelled(desk: Any) -> None:
    """A1: a posted document is reversed by another one, never taken back."""
    receipt = await desk.posting((1, "1"))
    answer = await desk.step(receipt["receipt_id"], "cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "receipt_already_posted")


async def test_a_step_on_an_older_version_is_refused(desk: Any) -> None:
    answer = await desk.draft(await open_order(desk), (1, "1"))
    receipt_id = answer.json()["receipt_id"]
    seen = {"If-Match": answer.headers["ETag"]}
    assert seen == {"If-Match": '"1"'}
    audited = await desk.step(receipt_id, "audit", **seen)
    assert audited.headers["ETag"] == '"2"'
    for stale in ('"1"', "nonsense", '"7", "8"'):
        late = await desk.step(receipt_id, "post", **{"If-Match": stale})
        assert (late.status_code, late.json()["code"]) == (409, "version_conflict")
        assert (late.json()["version"], late.json()["receipt_status"]) == (2, "audited")
    assert (await desk.step(receipt_id, "post", **{"If-Match": '"1", "2"'})).status_code == 200
    assert (await desk.step(receipt_id, "cancel", **{"If-Match": "*"})).status_code == 409


@pytest.mark.parametrize(
    ("lines", "status", "code"),
    [
        (((3, "1"),), 404, "unknown_order_line"),
        (((1, "0.5"),), 422, "quantity_too_precise"),
        (((2, "0.0005"),), 422, "quantity_too_precise"),
        ((), 422, "invalid_request"),
        (((0, "1"),), 422, "invalid_request"),
        (((1, "-1"),), 422, "invalid_request"),
    ],
)
async def test_what_does_not_fit_the_order_is_refused(
    desk: Any, lines: tuple[tuple[int, str], ...], status: int, code: str
) -> None:
    answer = await desk.draft(await open_order(desk), *lines)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_what_is_not_there_is_not_found(desk: Any) -> None:
    assert (await desk.draft(NOWHERE, (1, "1"))).json()["code"] == "unknown_order"
    for step in ("audit", "post", "cancel"):
        answer = await desk.step(NOWHERE, step)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_receipt")
    assert (await desk.read(f"/receipts/{NOWHERE}"))["code"] == "unknown_receipt"


async def test_a_clerk_of_another_site_may_not_touch_a_receipt(desk: Any) -> None:
    order_id = await open_order(desk)
    receipt = (await desk.draft(order_id, (1, "1"))).json()
    body = {"order_id": order_id, "lines": [{"order_line_no": 1, "quantity": "1"}]}
    answers = [await desk.send("/receipts", body, "clerk", sites=["bj-01"])] + [
        await desk.step(receipt["receipt_id"], step, sites=["bj-01"])
        for step in ("audit", "post", "cancel")
    ]
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(403, "site_forbidden")}
    assert (await desk.read("/receipts", sites=["bj-01"]))["items"] == []


async def test_receipts_are_listed_newest_first_and_filtered(desk: Any) -> None:
    first = await desk.posting((1, "1"))
    second = (await desk.draft(first["order_id"], (1, "2"))).json()
    third = (await desk.draft(await open_order(desk, site_id="bj-01"), (1, "3"))).json()

    async def found(**params: Any) -> list[str]:
        return [one["number"] for one in (await desk.read("/receipts", **params))["items"]]

    assert await found() == [third["number"], second["number"], first["number"]]
    assert await found(order_id=first["order_id"]) == [second["number"], first["number"]]
    assert await found(status="posting") == [first["number"]]
    assert await found(site_id="bj-01") == [third["number"]]
    assert await found(number=second["number"]) == [second["number"]]


async def test_bookings_are_noted_once_and_in_any_order(desk: Any) -> None:
    receipts = [await desk.posting((1, "1")) for _ in range(3)]
    facts = [booked(one) for one in receipts]
    await desk.service.deliver([facts[2], facts[0], facts[0]])
    await desk.service.deliver(facts)
    versions = [(await desk.read(f"/receipts/{one['receipt_id']}"))["version"] for one in receipts]
    assert versions == [4, 4, 4]


async def test_a_booking_tells_where_each_line_arrived_and_by_which_rule(desk: Any) -> None:
    """A7: an older fact of inventory tells nothing of lines, and that is no hindrance."""
    receipt, old = await desk.posting((1, "1"), (2, "2")), await desk.posting((1, "1"))
    cold = PlacedLine(line_no=1, warehouse_id="cold", rule="arrival:cold@1")
    lines = (cold, PlacedLine(line_no=2, warehouse_id="main"))
    fact = booked(receipt).model_copy(update={"lines": lines})
    await desk.service.deliver([fact, booked(old)])

    async def places(receipt_id: str) -> list[Any]:
        shown = (await desk.read(f"/receipts/{receipt_id}"))["lines"]
        return [(one["arrived_in"], one["arrival_rule"]) for one in shown]

    assert await places(receipt["receipt_id"]) == [("cold", "arrival:cold@1"), ("main", None)]
    assert await places(old["receipt_id"]) == [(None, None)]


async def test_what_inventory_can_not_book_is_shown_with_its_cause_and_warned_about(
    desk: Any,
) -> None:
    """C1: until it is booked after all; what comes too late or is not ours changes nothing."""
    receipt, other = await desk.posting((1, "1")), await desk.posting((1, "1"))
    receipt_id = receipt["receipt_id"]

    def held(of: str, cause: str) -> ReceiptHeld:
        return ReceiptHeld(receipt_id=UUID(of), cause=cause, held_at=now())

    await desk.service.deliver([held(receipt_id, "no such item"), held(str(uuid4()), "stray")])
    await desk.service.deliver([held(receipt_id, "no such batch")])
    shown = await desk.read(f"/receipts/{receipt_id}")
    assert (shown["status"], shown["held_cause"]) == ("posting", "no such batch")
    assert shown["held_since"] is not None
    waiting = (await desk.read("/reports/open-documents", waits_for="mending"))["items"]
    assert [one["number"] for one in waiting] == [receipt["number"]]
    await desk.service.deliver([booked(receipt), booked(other)])
    await desk.service.deliver([held(receipt_id, "too late")])
    shown = await desk.read(f"/receipts/{receipt_id}")
    assert (shown["status"], shown["held_since"], shown["held_cause"]) == ("posted", None, None)
    kinds = (PurchasingWarningRaised, PurchasingWarningCleared)
    told = [one for one in await desk.service.events() if isinstance(one, kinds)]
    assert [type(one) for one in told] == list(kinds)
    assert {(one.cause, one.document_number) for one in told} == {
        ("booking_held", receipt["number"])
    }
    assert len({one.warning_id for one in told}) == 1


async def test_a_booking_of_no_receipt_of_ours_is_parked_and_holds_up_no_other(desk: Any) -> None:
    receipt = await desk.posting((1, "1"))
    stray = ReceiptBooked(receipt_id=uuid4(), site_id="sh-01", booked_at=now())
    await desk.service.deliver([stray, booked(receipt)])
    assert (await desk.read(f"/receipts/{receipt['receipt_id']}"))["status"] == "posted"
    headers = desk.service.headers(["operator"])
    parked = (await desk.service.api.get("/ops/parked", headers=headers)).json()
    assert [one["key"] for one in parked["items"]] == [str(stray.receipt_id)]


async def test_a_receipt_of_500_lines_is_posted_whole(desk: Any) -> None:
    line = {"item_id": "rice", "quantity": "2", "unit": "kg", "unit_cost": "1"}
    order_id = await open_order(desk, lines=[line] * 500)
    receipt = (await desk.draft(order_id, *((n, "1.5") for n in range(1, 501)))).json()
    await desk.step(receipt["receipt_id"], "audit")
    assert (await desk.step(receipt["receipt_id"], "post")).status_code == 200
    assert set(await lines_of(desk, order_id)) == {("1.5", "0", "0.5")}
    assert len((await desk.service.events())[-1].lines) == 500


async def test_refusals_speak_the_callers_language(desk: Any) -> None:
    order_id = await open_order(desk)
    body = {"order_id": order_id, "lines": [{"order_line_no": 1, "quantity": "101"}]}
    answer = await desk.send("/receipts", body, "clerk", **{"Accept-Language": "zh-CN"})
    assert "超量" in answer.json()["detail"]
    assert "101" in answer.json()["detail"]


async def test_free_goods_of_what_was_put_up_for_sale_meanwhile_are_neither_counted_nor_posted(
    desk: Any,
) -> None:
    """C3: what was ordered while it was not for sale; off sale again it comes in."""
    gift = {"item_id": "mug", "quantity": "5", "unit": "pc", "unit_cost": "0", "kind": "gift"}
    order = (await desk.order(lines=[gift])).json()
    drafted = (await desk.draft(order["order_id"], (1, "2"))).json()
    await desk.step(drafted["receipt_id"], "audit")
    mug = ItemDefined(item_id="mug", name="Mug", base_unit="pc", scale=0, for_sale=False)
    await desk.service.deliver(mug.model_copy(update={"for_sale": True}))
    refused = [
        await desk.draft(order["order_id"], (1, "3")),
        await desk.step(drafted["receipt_id"], "post"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [
        (422, "free_goods_for_sale")
    ] * 2
    await desk.service.deliver(mug)
    assert (await desk.step(drafted["receipt_id"], "post")).json()["status"] == "posting"
