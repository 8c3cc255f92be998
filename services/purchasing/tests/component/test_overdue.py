"""C5: who owes goods for too long gets no new orders until they are here."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections import Counter
from datetime import datetime, time, timedelta, timezone
from typing import Any

from contracts.purchasing import (
    PurchasingWarningCleared,
    PurchasingWarningRaised,
    SupplierReinstated,
    SupplierSuspended,
)
from servicekit.clock import now, shifted

TOLD = (
    PurchasingWarningRaised,
    SupplierSuspended,
    PurchasingWarningCleared,
    SupplierReinstated,
)

LINES: tuple[dict[str, Any], ...] = (
    {"item_id": "tea", "quantity": "100", "unit": "box", "unit_cost": "12.5"},
    {"item_id": "rice", "quantity": "20.5", "unit": "kg", "unit_cost": "6"},
)


async def told(desk: Any) -> list[Any]:
    return [event for event in await desk.service.events() if isinstance(event, TOLD)]


def today_at_the_site() -> Any:
    return (now() + timedelta(hours=8)).date()


async def late(desk: Any, **changes: Any) -> Any:
    """Return an order whose lines were due four days ago."""
    due = today_at_the_site() - timedelta(days=4)
    answer = await desk.order(**{"due_date": str(due), **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def receive(desk: Any, order: Any, *lines: tuple[int, str]) -> None:
    receipt = (await desk.draft(order["order_id"], *lines)).json()["receipt_id"]
    await desk.step(receipt, "audit")
    assert (await desk.step(receipt, "post")).status_code == 200


async def test_a_supplier_is_suspended_by_name_of_its_lines_and_comes_back_by_itself(
    desk: Any,
) -> None:
    """C5."""
    order = await late(desk)
    await desk.service.run_job("watch_overdue")
    page = await desk.read("/suppliers/acme/suspension")
    assert page["suspended"]
    assert page["lines"] == [f"{order['number']}/1", f"{order['number']}/2"]
    refused = await desk.order()
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_suspended")
    assert f"{order['number']}/2" in refused.json()["detail"]
    await receive(desk, order, (1, "100"))
    assert (await desk.read("/suppliers/acme/suspension"))["lines"] == [f"{order['number']}/2"]
    assert (await desk.order()).status_code == 422
    await receive(desk, order, (2, "20.5"))
    assert not (await desk.read("/suppliers/acme/suspension"))["suspended"]
    assert (await desk.order()).status_code == 201
    *raised, suspended, first, second, reinstated = await told(desk)
    assert [one.document_number for one in raised] == [f"{order['number']}/{no}" for no in (1, 2)]
    for before, after in zip(raised, (first, second), strict=True):
        assert isinstance(before, PurchasingWarningRaised)
        assert before.roles == ("buyer", "clerk", "shop_manager", "finance")
        assert isinstance(after, PurchasingWarningCleared)
        assert before.warning_id == after.warning_id
    assert suspended.causes == (f"{order['number']}/1", f"{order['number']}/2")
    assert isinstance(reinstated, SupplierReinstated)


async def test_a_line_is_overdue_from_midnight_at_the_site_three_days_after_its_due_date(
    desk: Any,
) -> None:
    """C5: and not by the calendar of anybody else."""
    due = today_at_the_site()
    await desk.order(due_date=str(due))
    third_day = datetime.combine(due + timedelta(days=3), time(), timezone(timedelta(hours=8)))
    for seconds, count in ((-30, 0), (1, 2)):
        with shifted(third_day - now() + timedelta(seconds=seconds)):
            await desk.service.run_job("watch_overdue")
            page = await desk.read("/suppliers/acme/suspension")
            assert page["count"] == count


async def test_a_line_that_is_overdue_later_warns_on_its_own(desk: Any) -> None:
    """C5: each is cleared with its own goods."""
    today = today_at_the_site()
    first, second = ({**line, "deliveries": []} for line in LINES)
    for days, line in ((-3, first), (-1, second)):
        part = {"due_date": str(today + timedelta(days=days)), "quantity": line["quantity"]}
        line["deliveries"] = [part]
    order = await late(desk, lines=[first, second])
    names = [f"{order['number']}/{no}" for no in (1, 2)]
    for days, known in ((0, names[:1]), (1, names[:1]), (2, names)):
        with shifted(timedelta(days=days)):
            await desk.service.run_job("watch_overdue")
            open_now = (await desk.read("/warnings"))["items"]
            assert sorted(one["document_number"] for one in open_now) == known
    await receive(desk, order, (1, "100"))
    (left,) = (await desk.read("/warnings"))["items"]
    assert left["document_number"] == names[1]


async def test_workers_that_look_at_once_or_again_say_it_once(desk: Any) -> None:
    """C5."""
    await late(desk)
    await asyncio.gather(*(desk.service.run_job("watch_overdue") for _ in range(4)))
    await desk.service.run_job("watch_overdue")
    assert Counter(type(one).__name__ for one in await told(desk)) == {
        "PurchasingWarningRaised": 2,
        "SupplierSuspended": 1,
    }


async def test_two_late_orders_received_at_once_reinstate_their_supplier_once(desk: Any) -> None:
    """C5."""
    orders = [await late(desk), await late(desk)]
    await desk.service.run_job("watch_overdue")
    await asyncio.gather(*(receive(desk, one, (1, "100"), (2, "20.5")) for one in orders))
    assert Counter(type(one).__name__ for one in await told(desk)) == {
        "PurchasingWarningRaised": 4,
        "SupplierSuspended": 2,
        "PurchasingWarningCleared": 4,
        "SupplierReinstated": 1,
    }


async def test_others_keep_getting_orders(desk: Any) -> None:
    """C5."""
    await late(desk)
    await desk.supplier(supplier_id="other")
    await desk.service.run_job("watch_overdue")
    assert (await desk.order(supplier_id="other")).status_code == 201
    assert not (await desk.read("/suppliers/other/suspension"))["suspended"]


async def test_giving_up_the_order_or_moving_its_day_lifts_the_suspension_too(desk: Any) -> None:
    """C5."""
    ahead = {"due_date": str(today_at_the_site() + timedelta(days=9)), "reason": "strike"}
    for step, body in (
        ("change", ahead),
        ("cancel", {"reason": "no longer needed"}),
    ):
        order = await late(desk)
        await desk.service.run_job("watch_overdue")
        assert (await desk.read("/suppliers/acme/suspension"))["suspended"], step
        answer = await desk.send(f"/orders/{order['order_id']}/{step}", body, "buyer")
        assert answer.status_code == 200, answer.text
        assert not (await desk.read("/suppliers/acme/suspension"))["suspended"], step


async def test_of_a_line_in_parts_only_what_was_due_counts(desk: Any) -> None:
    """C5."""
    early, later = (today_at_the_site() + timedelta(days=days) for days in (-4, 30))
    parts = [{"due_date": str(early), "quantity": "40"}, {"due_date": str(later), "quantity": "60"}]
    line = {"item_id": "tea", "quantity": "100", "unit": "box", "unit_cost": "12.5"}
    order = await late(desk, due_date=str(later), lines=[{**line, "deliveries": parts}])
    await desk.service.run_job("watch_overdue")
    assert (await desk.read("/suppliers/acme/suspension"))["lines"] == [f"{order['number']}/1"]
    await receive(desk, order, (1, "40"))
    assert not (await desk.read("/suppliers/acme/suspension"))["suspended"]
    await desk.service.run_job("watch_overdue")
    assert not (await desk.read("/suppliers/acme/suspension"))["suspended"]


async def test_what_is_overdue_is_listed_by_page_with_what_is_owed_for_those_of_the_site(
    desk: Any,
) -> None:
    """C5."""
    orders = [await late(desk), await late(desk)]
    await desk.service.run_job("watch_overdue")
    await receive(desk, orders[0], (1, "100"), (2, "20"))
    page = await desk.read("/overdue-lines", supplier_id="acme", limit=1)
    seen = page["items"]
    while cursor := page["next_cursor"]:
        page = await desk.read("/overdue-lines", supplier_id="acme", limit=1, cursor=cursor)
        seen += page["items"]
    assert [(one["number"], one["line_no"], one["open"]) for one in seen] == [
        (orders[0]["number"], 2, "0.5"),
        (orders[1]["number"], 1, "100"),
        (orders[1]["number"], 2, "20.5"),
    ]
    assert (await desk.read("/overdue-lines", supplier_id="other"))["items"] == []
    assert (await desk.read("/overdue-lines", ["elsewhere"]))["items"] == []
    first = orders[0]["order_id"]
    for foreign in (["a", "b"], [first, "x"], [first, str(2**40)], [first]):
        cursor = urlsafe_b64encode(json.dumps(foreign).encode()).decode()
        assert (await desk.read("/overdue-lines", cursor=cursor))["code"] == "bad_cursor"
