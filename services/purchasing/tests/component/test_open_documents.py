"""I3: what nobody has finished is collected by itself, with its age and what it waits for."""

from typing import Any

from contracts.inventory import ReceiptBooked
from servicekit.clock import now

PAGE = "/reports/open-documents"


async def waiting(desk: Any, **asked: Any) -> list[tuple[str, str]]:
    return [(one["kind"], one["waits_for"]) for one in (await desk.read(PAGE, **asked))["items"]]


async def test_an_order_waits_to_be_submitted_approved_and_placed(desk: Any) -> None:
    limit = {"role": "buyer", "currency": "CNY", "amount": "10"}
    await desk.send("/approval-limits", limit, "finance")
    order = (await desk.order(draft=True)).json()
    assert await waiting(desk) == [("purchase_order", "submission")]
    await desk.send(f"/orders/{order['order_id']}/submit", None, "buyer")
    assert await waiting(desk) == [("purchase_order", "approval")]
    (shown,) = (await desk.read(PAGE))["items"]
    assert (shown["number"], shown["person"]) == (order["number"], "tester")
    assert 0 <= shown["age_seconds"] < 120


async def test_a_receipt_waits_to_be_audited_posted_and_booked(desk: Any) -> None:
    order = (await desk.order()).json()
    receipt = (await desk.draft(order["order_id"], (1, "100"))).json()
    for step, waits_for in (("audit", "audit"), ("post", "posting"), (None, "booking")):
        assert await waiting(desk, waits_for=waits_for) == [("receipt", waits_for)]
        if step:
            await desk.step(receipt["receipt_id"], step)
    booked = ReceiptBooked(receipt_id=receipt["receipt_id"], site_id="sh-01", booked_at=now())
    await desk.service.deliver(booked)
    assert await waiting(desk) == []


async def test_the_list_comes_by_page_oldest_first_and_of_the_callers_sites(desk: Any) -> None:
    numbers = [(await desk.order(draft=True, site_id=site)).json()["number"] for site in SITES]
    page = await desk.read(PAGE, limit=2)
    seen = page["items"]
    while cursor := page["next_cursor"]:
        page = await desk.read(PAGE, limit=2, cursor=cursor)
        seen += page["items"]
    assert [one["number"] for one in seen] == numbers
    mine = await desk.read(PAGE, ["bj-01"])
    assert {one["site_id"] for one in mine["items"]} == {"bj-01"}
    assert await waiting(desk, kind="receipt") == []
    assert await waiting(desk, person="somebody") == []
    assert (await desk.read(PAGE, ["bj-01"], site_id="sh-01"))["code"] == "site_forbidden"
    assert (await desk.read(PAGE, cursor="WyJhIiwiYiJd"))["code"] == "bad_cursor"


SITES = ("sh-01", "bj-01", "sh-01", "bj-01", "sh-01")
