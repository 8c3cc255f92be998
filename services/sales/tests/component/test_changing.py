"""An order is changed, the goods held for it following, whatever breaks (B2).

The line to inventory says here what it would do; the platform's tests ask the real one.
"""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.inventory import ReservationReleased
from contracts.sales import SalesOrderChanged
from sales.orders.use_cases import drive_order
from sales.orders.use_cases.drive_order import _record
from servicekit.clock import now, shifted

TEA = {"item_id": "tea", "quantity": "5", "unit": "box", "amount": "60.00"}
RICE = {"item_id": "rice", "quantity": "2", "unit": "kg", "amount": "15.50"}
SHORT = {
    "status": 409,
    "code": "insufficient_stock",
    "detail": "short",
    "site_id": "sh-01",
    "warehouse_id": "main",
    "lines_short": 1,
    "shortages": [{"line_no": 1, "item_id": "tea", "batch_id": "", "short": "2"}],
}
EXPIRED = {"code": "reservation_expired", "status": 409, "detail": "expired"}


async def change(shop: Any, order: Any, *lines: Any, lines_from: int = 1, **extra: Any) -> Any:
    body = {"lines_from": lines_from, "lines": list(lines) or [TEA]}
    return await shop.send(f"/orders/{order['order_id']}/change", body, **extra)


def exchanging(shop: Any) -> str:
    """Let inventory answer with another reservation; return its id."""
    other = str(uuid4())
    until = (now() + timedelta(hours=1)).isoformat()

    def answer(_: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        lines = [{"line_no": no, **line} for no, line in enumerate(body["lines"], start=1)]
        return 200, {"reservation_id": other, "expires_at": until, "lines": lines}

    shop.line.answers["exchange"] = answer
    return other


def released(order: Any, reservation_id: str, reason: str) -> ReservationReleased:
    return ReservationReleased(
        reservation_id=reservation_id,
        order_id=order["order_id"],
        site_id="sh-01",
        at=now(),
        reason=reason,
    )


async def changes_of(shop: Any, order: Any) -> list[dict[str, Any]]:
    return list((await shop.read(f"/orders/{order['order_id']}/changes"))["items"])


async def test_a_changed_order_is_for_other_lines_and_another_total(shop: Any) -> None:
    order, other = await shop.reserved(), exchanging(shop)
    answer = await change(shop, order, TEA, RICE)
    body = answer.json()
    assert (answer.status_code, body["status"], body["total"]) == (200, "reserved", "75.5")
    assert (body["reservation_id"], body["lines_from"]) == (other, 3)
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert [(one["line_no"], one["quantity"], one["amount"]) for one in shown["lines"]] == [
        (3, "5", "60"),
        (4, "2", "15.5"),
    ]
    assert [(one["line_no"], one["order_line_no"]) for one in shown["held"]] == [(1, 3), (2, 4)]
    fact = (await shop.service.events())[-1]
    assert isinstance(fact, SalesOrderChanged)
    assert (fact.amount, str(fact.reservation_id)) == (Decimal("75.5"), other)
    assert [line.line_no for line in fact.lines] == [3, 4]
    wrong = await shop.pay(order["order_id"])
    assert wrong.json()["code"] == "wrong_amount"
    paid = await shop.pay(order["order_id"], "75.50")
    assert paid.json()["status"] == "paid"
    assert f"/reservations/{other}/confirm" in [path for path, _, _ in shop.line.asked]
    left = await shop.send(f"/orders/{order['order_id']}/ship")
    assert [
        (line["item_id"], line["quantity"], line["amount"]) for line in left.json()["lines"]
    ] == [
        ("tea", "5", "60"),
        ("rice", "2", "15.5"),
    ]


async def test_who_changed_what_and_when_is_kept_and_leaves_as_a_file(shop: Any) -> None:
    """H6, too."""
    order = await shop.reserved()
    exchanging(shop)
    await change(shop, order, TEA)
    shop.line.answers.clear()
    shop.line.refusals["exchange"] = (409, SHORT)
    await change(shop, order, RICE, lines_from=3)
    first, second = await changes_of(shop, order)
    assert (first["change_no"], first["asked_by"], first["outcome"]) == (1, "tester", "done")
    assert (first["total_before"], first["total"], first["lines_from"]) == ("47.4", "60", 3)
    assert [one["item_id"] for one in first["lines"]] == ["tea"]
    assert (second["outcome"], second["problem"]["shortages"]) == ("refused", SHORT["shortages"])
    assert [one["item_id"] for one in second["lines"]] == ["rice"]
    page = await shop.read(f"/orders/{order['order_id']}/changes", limit=1)
    assert [one["change_no"] for one in page["items"]] == [1]
    path = f"/orders/{order['order_id']}/changes"
    rest = await shop.read(path, limit=1, cursor=page["next_cursor"])
    assert [one["change_no"] for one in rest["items"]] == [2]
    for name in ("order-changes", "order-change-lines"):
        headers = shop.service.headers(["shop_manager"])
        file = await shop.service.api.get(f"/exports/{name}", headers=headers)
        assert file.status_code == 200, file.text
        assert len(file.text.strip().splitlines()) == 3
    elsewhere = shop.service.headers(["shop_manager"], ["bj-01"])
    assert (await shop.service.api.get(path, headers=elsewhere)).status_code == 403


async def test_lines_without_an_amount_are_priced_anew_and_given_ones_are_kept(shop: Any) -> None:
    listed = {"item_id": "tea", "quantity": "2", "unit": "box"}
    day = (now() - timedelta(days=1)).date().isoformat()
    price = {"item_id": "tea", "unit": "box", "currency": "CNY", "valid_from": day}
    await shop.send("/prices", {**price, "unit_price": "10"}, "master_data")
    order = await shop.reserved(lines=[listed])
    today = {**price, "valid_from": now().date().isoformat(), "unit_price": "11"}
    assert (await shop.send("/prices", today, "master_data")).status_code == 201
    answer = await change(shop, order, {**listed, "quantity": "3"}, RICE, lines_from=1)
    assert (answer.json()["total"], order["total"]) == ("48.5", "20")
    shown = await shop.read(f"/orders/{order['order_id']}")
    (why,) = shown["prices"]
    assert (why["line_no"], why["unit_price"]) == (2, "11")
    unpriced = await change(shop, order, {**RICE, "amount": None}, lines_from=2)
    assert unpriced.json()["code"] == "no_price"


async def test_a_refused_change_leaves_all_as_it_was_and_says_why(shop: Any) -> None:
    order = await shop.reserved()
    before, told = await shop.read(f"/orders/{order['order_id']}"), await shop.events()
    shop.line.refusals["exchange"] = (409, SHORT)
    key = str(uuid4())
    answer = await change(shop, order, TEA, key=key)
    body = answer.json()
    assert (answer.status_code, body["code"], body["number"]) == (
        409,
        "insufficient_stock",
        order["number"],
    )
    assert body["shortages"] == SHORT["shortages"]
    assert (await change(shop, order, TEA, key=key)).json()["code"] == "insufficient_stock"
    assert await shop.read(f"/orders/{order['order_id']}") == before
    assert await shop.events() == told
    shop.line.refusals["exchange"] = (422, {"code": "unknown_unit", "status": 422, "detail": "?"})
    odd = await change(shop, order, {**TEA, "unit": "barrel"})
    assert (odd.status_code, odd.json()["code"]) == (422, "unknown_unit")
    assert (await shop.pay(order["order_id"])).json()["status"] == "paid"
    assert len({key for _, key, _ in shop.line.asked if ":exchange" in key}) == 2


async def test_a_change_that_was_decided_on_other_lines_is_refused(shop: Any) -> None:
    order = await shop.reserved()
    exchanging(shop)
    assert (await change(shop, order, TEA)).status_code == 200
    late = await change(shop, order, RICE)
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")
    assert (await change(shop, order, RICE, lines_from=3)).status_code == 200
    assert (await shop.read(f"/orders/{order['order_id']}"))["total"] == "15.5"


async def test_what_has_left_or_is_over_is_not_changed_and_the_way_out_is_named(shop: Any) -> None:
    shipped = await shop.paid()
    await shop.send(f"/orders/{shipped['order_id']}/ship")
    answer = await change(shop, shipped)
    assert (answer.status_code, answer.json()["code"]) == (409, "order_not_changeable")
    assert "return" in answer.json()["detail"]
    lapsed = await shop.reserved()
    await shop.service.deliver(released(lapsed, lapsed["reservation_id"], "expired"))
    assert (await change(shop, lapsed)).json()["code"] == "reservation_expired"
    unknown = await change(shop, {"order_id": str(uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_order")
    elsewhere = await change(shop, await shop.reserved(), sites=("bj-01",))
    assert elsewhere.status_code == 403


async def test_while_inventory_is_asked_for_the_goods_the_caller_is_to_try_again(shop: Any) -> None:
    await shop.line.down()
    order = (await shop.order()).json()
    answer = await change(shop, order)
    assert (answer.status_code, answer.json()["code"]) == (409, "order_being_asked")


async def test_goods_that_are_not_for_sale_are_refused_by_their_line(shop: Any) -> None:
    order = await shop.reserved()
    answer = await change(shop, order, TEA, {**RICE, "item_id": "nothing"})
    assert answer.json()["code"] == "unknown_item"
    half = await change(shop, order, RICE, {**TEA, "quantity": "0.5"})
    assert (half.status_code, half.json()["line_no"]) == (422, 2)
    assert await shop.status(order["order_id"]) == "reserved"
    assert await changes_of(shop, order) == []


async def test_while_inventory_is_down_the_order_is_being_changed(shop: Any) -> None:
    order, key = await shop.reserved(), str(uuid4())
    await shop.line.down()
    answer = await change(shop, order, TEA, RICE, key=key)
    assert (answer.status_code, answer.json()["status"]) == (202, "changing")
    assert answer.json()["total"] == "47.4"
    for step in (
        shop.pay(order["order_id"]),
        shop.send(f"/orders/{order['order_id']}/cancel"),
        shop.send(f"/orders/{order['order_id']}/credit"),
        change(shop, order),
    ):
        refused = await step
        assert (refused.status_code, refused.json()["code"]) == (409, "order_being_changed")
    (pending,) = await changes_of(shop, order)
    assert (pending["outcome"], pending["decided_at"]) == ("pending", None)
    await shop.line.up()
    await shop.settle(timedelta(minutes=10))
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["total"]) == ("reserved", "75.5")
    assert shop.line.work_done() == ["reservations", "exchange"]


async def test_a_lost_answer_doubles_nothing(shop: Any) -> None:
    order, other = await shop.reserved(), exchanging(shop)
    shop.line.lost = True
    assert (await change(shop, order)).status_code == 202
    shop.line.lost = False
    await shop.settle()
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["reservation_id"], shown["total"]) == ("reserved", other, "60")
    assert shop.line.work_done() == ["reservations", "exchange"]
    assert (await shop.events())[-1:] == ["SalesOrderChanged"]
    assert (await shop.events()).count("SalesOrderReserved") == 1


@pytest.mark.parametrize("heard", [False, True])
async def test_a_process_that_dies_between_the_call_and_the_commit_loses_nothing(
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    heard: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    """The caller repeats, or nobody does and the sweep goes on."""
    order, other, key = await shop.reserved(), exchanging(shop), str(uuid4())

    async def die(*_: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(drive_order, "_record", die)
        request = asyncio.create_task(change(shop, order, key=key))
        await asyncio.gather(request, return_exceptions=True)
    assert await shop.status(order["order_id"]) == "changing"
    if heard:
        await shop.settle()
    answer = await change(shop, order, key=key)
    assert (answer.status_code, answer.json()["reservation_id"]) == (200, other)
    assert shop.line.work_done() == ["reservations", "exchange"]
    assert len(await changes_of(shop, order)) == 1


async def test_an_answer_to_an_earlier_change_changes_nothing(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was slow; by the time it is heard, another change is under way."""
    order, first = await shop.reserved(), exchanging(shop)
    said = list[Any]()

    async def overhear(*given: Any) -> Any:
        said.append(given)
        return await _record(*given)

    with monkeypatch.context() as listening:
        listening.setattr(drive_order, "_record", overhear)
        await change(shop, order, TEA)
    await shop.line.down()
    assert (await change(shop, order, RICE, lines_from=3)).status_code == 202
    await _record(*said[0])
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["reservation_id"]) == ("changing", first)
    await shop.line.up()
    second = exchanging(shop)
    await shop.settle()
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["reservation_id"], shown["total"]) == (
        "reserved",
        second,
        "15.5",
    )


async def test_an_expiry_that_was_first_at_inventory_ends_the_order(shop: Any) -> None:
    order = await shop.reserved()
    shop.line.refusals["exchange"] = (409, EXPIRED)
    answer = await change(shop, order)
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_expired")
    await shop.service.deliver(released(order, order["reservation_id"], "expired"))
    assert await shop.status(order["order_id"]) == "expired"
    assert (await shop.events()).count("SalesOrderClosed") == 1
    (lapsed,) = await changes_of(shop, order)
    assert lapsed["outcome"] == "lapsed"


async def test_an_expiry_of_what_was_exchanged_is_heard_before_the_late_answer(shop: Any) -> None:
    """Inventory exchanged, sales did not hear it, and the new reservation ran out."""
    order, other, key = await shop.reserved(), exchanging(shop), str(uuid4())
    shop.line.lost = True
    await change(shop, order, key=key)
    gone = [
        released(order, order["reservation_id"], "exchanged"),
        released(order, other, "expired"),
    ]
    await shop.service.deliver(gone)
    shop.line.lost = False
    await shop.settle()
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["reservation_id"]) == ("expired", other)
    assert (await shop.events()).count("SalesOrderClosed") == 1
    assert "SalesOrderChanged" not in await shop.events()


async def test_that_the_old_reservation_was_exchanged_ends_nothing(shop: Any) -> None:
    """Heard before the answer, or after it."""
    order, other = await shop.reserved(), exchanging(shop)
    shop.line.lost = True
    await change(shop, order)
    exchanged = released(order, order["reservation_id"], "exchanged")
    await shop.service.deliver(exchanged)
    assert await shop.status(order["order_id"]) == "changing"
    shop.line.lost = False
    await shop.settle()
    await shop.service.deliver(exchanged)
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["reservation_id"]) == ("reserved", other)


async def test_goods_called_back_while_it_changes_end_the_order_once(shop: Any) -> None:
    order = await shop.reserved()
    await shop.line.down()
    await change(shop, order)
    await shop.service.deliver(released(order, order["reservation_id"], "recalled"))
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["cause"]) == ("cancelled", "reservation_released")
    (lapsed,) = await changes_of(shop, order)
    assert lapsed["outcome"] == "lapsed"


@pytest.mark.parametrize("sweeps", [0, 2])
async def test_change_payment_and_expiry_at_once_end_in_exactly_one_way(
    shop: Any, sweeps: int
) -> None:
    """Some are changed, some paid, some expire; each in one way, and no order is for two totals."""
    orders = [await shop.reserved() for _ in range(8)]
    facts = [released(one, one["reservation_id"], "expired") for one in orders[4:]]
    answers = await asyncio.gather(
        *(change(shop, one) for one in orders),
        *(shop.pay(one["order_id"]) for one in orders),
        shop.service.deliver(facts),
        *(shop.service.run_job("settle_orders") for _ in range(sweeps)),
    )
    await shop.settle()
    for place, order in enumerate(orders):
        shown = await shop.read(f"/orders/{order['order_id']}")
        changed, paid = answers[place], answers[place + 8]
        assert not (changed.status_code == paid.status_code == 200)
        done = [one["outcome"] for one in await changes_of(shop, order)]
        assert "pending" not in done
        assert shown["total"] == ("60" if "done" in done else "47.4")
        assert shown["status"] in ("reserved", "paid", "expired")
        if shown["status"] == "paid":
            assert "done" not in done


async def test_changes_at_once_are_done_one_after_the_other_or_refused(shop: Any) -> None:
    order = await shop.reserved()
    answers = await asyncio.gather(*(change(shop, order) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409]
    codes = {one.json()["code"] for one in answers if one.status_code == 409}
    assert codes <= {"version_conflict", "order_being_changed"}
    assert len(await changes_of(shop, order)) == 1


async def waiting(shop: Any, *lines: dict[str, Any]) -> dict[str, Any]:
    shop.line.refusals["reservations"] = (409, SHORT)
    answer = await shop.order(shortage="backorder", lines=list(lines))
    assert answer.json()["status"] == "backordered", answer.text
    return dict(answer.json())


async def queue(shop: Any) -> list[tuple[str, str]]:
    rows = (await shop.read("/back-orders"))["items"]
    return [(one["item_id"], one["order_id"]) for one in rows]


async def test_a_back_order_that_wants_less_keeps_its_place(shop: Any) -> None:
    first, second = await waiting(shop, TEA), await waiting(shop, TEA)
    asked = len(shop.line.asked)
    answer = await change(shop, first, {**TEA, "quantity": "4", "amount": "48"})
    assert (answer.status_code, answer.json()["status"]) == (200, "backordered")
    assert answer.json()["total"] == "48"
    assert len(shop.line.asked) == asked
    assert await queue(shop) == [("tea", first["order_id"]), ("tea", second["order_id"])]
    fact = (await shop.service.events())[-1]
    assert isinstance(fact, SalesOrderChanged)
    assert (fact.amount, fact.reservation_id) == (Decimal(48), None)


async def test_a_back_order_that_adds_goods_stands_behind_those_who_wait(shop: Any) -> None:
    first, second = await waiting(shop, TEA), await waiting(shop, TEA)
    with shifted(timedelta(minutes=1)):
        await change(shop, first, TEA, RICE)
    assert await queue(shop) == [
        ("rice", first["order_id"]),
        ("tea", second["order_id"]),
        ("tea", first["order_id"]),
    ]


async def test_a_changed_back_order_is_tried_at_once_for_what_it_wants_now(shop: Any) -> None:
    order = await waiting(shop, TEA)
    del shop.line.refusals["reservations"]
    await change(shop, order, {**TEA, "quantity": "1", "amount": "12"})
    await shop.service.run_job("fill_back_orders")
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["total"]) == ("reserved", "12")
    assert [(one["order_line_no"], one["quantity"]) for one in shown["held"]] == [(2, "1")]
    assert b'"quantity":"1"' in shop.line.asked[-1][2].replace(b" ", b"")
    assert (await shop.pay(order["order_id"], "12")).json()["status"] == "paid"


async def test_a_back_order_that_is_just_tried_is_not_changed(shop: Any) -> None:
    order = await waiting(shop, TEA)
    await shop.line.down()
    with shifted(timedelta(minutes=2)):
        await shop.service.run_job("fill_back_orders")
    answer = await change(shop, order)
    assert (answer.status_code, answer.json()["code"]) == (409, "order_being_asked")
    await shop.line.up()


async def test_what_stands_in_for_something_says_so_after_a_change(shop: Any) -> None:
    order = await shop.reserved()
    bad = await change(shop, order, {**TEA, "substitute_for": "rice"})
    assert (bad.status_code, await changes_of(shop, order)) == (422, [])
    async with shop.service.context.database.transaction() as session:
        found = await drive_order.store.find(session, UUID(order["order_id"]))
    assert found.round == 0


async def test_a_change_may_promise_another_day_and_does_so_only_once_it_is_done(shop: Any) -> None:
    day = str(now().date() + timedelta(days=9))
    order = await shop.reserved(lines=[TEA])
    path, body = f"/orders/{order['order_id']}/change", {"lines_from": 1, "lines": [TEA]}
    shop.line.refusals["exchange"] = (409, SHORT)
    assert (await shop.send(path, body | {"promised_on": day})).status_code == 409
    assert (await shop.read(f"/orders/{order['order_id']}"))["promised_at"] is None
    del shop.line.refusals["exchange"]
    exchanging(shop)
    changed = (await shop.send(path, body | {"promised_on": day})).json()
    (_, done) = (await shop.read(f"/orders/{order['order_id']}/changes"))["items"]
    assert changed["promised_at"] == done["promised_at"] is not None
    past = {"lines_from": changed["lines_from"], "lines": [TEA], "promised_on": "2020-01-01"}
    answer = await shop.send(path, past)
    assert (answer.status_code, answer.json()["code"]) == (422, "promised_in_the_past")


async def test_a_back_order_that_is_promised_for_later_lets_others_go_ahead(shop: Any) -> None:
    shop.line.refusals["reservations"] = (409, SHORT)
    first = (await shop.order(shortage="backorder", lines=[TEA])).json()
    second = (await shop.order(shortage="backorder", lines=[TEA])).json()
    body = {"lines_from": 1, "lines": [TEA], "promised_on": str(now().date() + timedelta(days=9))}
    assert (await shop.send(f"/orders/{first['order_id']}/change", body)).status_code == 200
    queue = (await shop.read("/back-orders"))["items"]
    assert [one["order_id"] for one in queue] == [second["order_id"], first["order_id"]]
