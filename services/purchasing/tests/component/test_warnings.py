"""C5, C6: warnings reach those whom they are addressed to, inside the product."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.inventory import ReceiptBooked, ReceiptHeld
from servicekit.clock import now, shifted

MINUTES = timedelta(minutes=1)


async def seen(desk: Any, role: str, sites: Any = ("*",), who: str = "", **asked: Any) -> Any:
    """Return what somebody with one role sees."""
    headers = desk.service.headers([role], sites, subject=who or role)
    answer = await desk.service.api.get("/warnings", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


LINE = {"item_id": "tea", "quantity": "100", "unit": "box", "unit_cost": "12.5"}


async def late_order(desk: Any, site_id: str = "sh-01") -> Any:
    """Return an order whose line was due four days ago, after somebody looked."""
    due = (now() + timedelta(hours=8)).date() - timedelta(days=4)
    asked = {"due_date": str(due), "site_id": site_id, "lines": [LINE]}
    order = (await desk.order(**asked)).json()
    await desk.service.run_job("watch_overdue")
    return order


async def drafted(desk: Any) -> Any:
    order = (await desk.order()).json()
    return (await desk.draft(order["order_id"], (1, "100"))).json()


async def watch(desk: Any, later: timedelta) -> None:
    with shifted(later):
        await desk.service.run_job("watch_clocks")


async def test_who_ordered_who_waits_and_who_pays_see_what_is_overdue_until_it_is_closed(
    desk: Any,
) -> None:
    order = await late_order(desk)
    for role in ("buyer", "clerk", "shop_manager", "finance"):
        (one,) = await seen(desk, role)
        assert (one["cause"], one["document_number"]) == ("order_overdue", f"{order['number']}/1")
        assert (one["document_kind"], one["document_id"]) == ("purchase_order", order["order_id"])
        assert (one["level"], one["cleared_at"], one["read_at"]) == (0, None, None)
        assert (one["supplier_id"], one["site_id"]) == ("acme", "sh-01")
    assert await seen(desk, "operator") == []
    await desk.send(f"/orders/{order['order_id']}/cancel", {"reason": "strike"}, "buyer")
    assert await seen(desk, "buyer") == []
    (closed,) = await seen(desk, "buyer", state="cleared")
    assert closed["cleared_at"] >= closed["raised_at"]
    assert len(await seen(desk, "finance", state="any")) == 1


async def test_each_level_adds_those_who_must_know_and_is_news_to_those_who_read_the_one_before(
    desk: Any,
) -> None:
    receipt = await drafted(desk)
    await watch(desk, 9 * MINUTES)
    assert await seen(desk, "clerk") == []
    await watch(desk, 10 * MINUTES)
    assert await seen(desk, "buyer") == []
    (first,) = await seen(desk, "shop_manager")
    place = f"/warnings/{first['warning_id']}/read"
    read = (await desk.send(place, None, "shop_manager", subject="shop_manager")).json()
    assert read["read_at"] is not None
    again = (await desk.send(place, None, "shop_manager", subject="shop_manager")).json()
    assert again["read_at"] == read["read_at"]
    assert await seen(desk, "shop_manager", unread=True) == []
    assert len(await seen(desk, "shop_manager", who="another", unread=True)) == 1
    assert len(await seen(desk, "shop_manager", unread=False)) == 1
    await watch(desk, 20 * MINUTES)
    (second,) = await seen(desk, "shop_manager", unread=True)
    assert (second["level"], second["severity"], second["read_at"]) == (1, "warning", None)
    assert [(one["level"], one["roles"]) for one in second["levels"]] == [
        (0, ["clerk", "shop_manager"]),
        (1, ["shop_manager", "buyer"]),
    ]
    await watch(desk, 30 * MINUTES)
    assert len(await seen(desk, "finance")) == 1
    (still,) = await seen(desk, "clerk")
    assert (still["level"], still["document_number"]) == (2, receipt["number"])
    await desk.step(receipt["receipt_id"], "cancel")
    assert await seen(desk, "clerk") == []


async def test_what_inventory_cannot_book_warns_until_it_can(desk: Any) -> None:
    receipt = await desk.posting((1, "1"))
    receipt_id = UUID(receipt["receipt_id"])
    held = ReceiptHeld(receipt_id=receipt_id, cause="no such item", held_at=now())
    await desk.service.deliver([held])
    (one,) = await seen(desk, "operator", cause="booking_held")
    assert (one["severity"], one["document_number"]) == ("critical", receipt["number"])
    assert await seen(desk, "buyer") == []
    booked = ReceiptBooked(receipt_id=receipt_id, site_id="sh-01", booked_at=now())
    await desk.service.deliver([booked])
    assert await seen(desk, "operator") == []


async def test_warnings_come_by_page_the_newest_first_and_of_the_callers_sites(desk: Any) -> None:
    await desk.supplier(supplier_id="other")
    numbers = [(await late_order(desk))["number"] + "/1"]
    due = str((now() + timedelta(hours=8)).date() - timedelta(days=4))
    other = await desk.order(due_date=due, site_id="bj-01", supplier_id="other", lines=[LINE])
    numbers.append(other.json()["number"] + "/1")
    await desk.service.run_job("watch_overdue")
    headers = desk.service.headers(["buyer"], ["*"])
    found, cursor = [], None
    while True:
        asked = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await desk.service.api.get("/warnings", params=asked, headers=headers)).json()
        found += [one["document_number"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == numbers[::-1]
    for asked in ({"site_id": "bj-01"}, {"supplier_id": "other"}):
        assert [one["document_number"] for one in await seen(desk, "buyer", **asked)] == [
            numbers[1]
        ]
    (mine,) = await seen(desk, "clerk", ["bj-01"])
    assert mine["document_number"] == numbers[1]
    assert (
        await seen(desk, "buyer", document_id=other.json()["order_id"], cause="booking_held") == []
    )


async def test_a_warning_for_others_is_none_to_somebody_else(desk: Any) -> None:
    await late_order(desk)
    (one,) = await seen(desk, "buyer")
    place = f"/warnings/{one['warning_id']}"
    shown = await desk.service.api.get(place, headers=desk.service.headers(["finance"]))
    assert shown.json()["warning_id"] == one["warning_id"]
    for roles, sites in ((["operator"], ["*"]), (["buyer"], ["bj-01"])):
        headers = desk.service.headers(roles, sites)
        answers = (
            await desk.service.api.get(place, headers=headers),
            await desk.service.api.post(f"{place}/read", headers=headers),
        )
        assert {(one.status_code, one.json()["code"]) for one in answers} == {
            (404, "unknown_warning")
        }
    supplier = await desk.service.api.get("/warnings", headers=desk.service.headers(["supplier"]))
    assert supplier.status_code == 403
    strange = await desk.service.api.get(
        "/warnings", params={"cursor": "WyJhIiwiYiJd"}, headers=desk.service.headers(["buyer"])
    )
    assert strange.json()["code"] == "bad_cursor"
