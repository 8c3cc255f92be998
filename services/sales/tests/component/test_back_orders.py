"""Orders whose goods are not there wait for them, the first promised first, and none is lost (B2).

The line to inventory says here what is there; the platform's tests ask the real one.
"""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ReservationReleased, StockReceived
from contracts.sales import SalesOrderBackordered, SalesOrderClosed, SalesOrderReserved
from sales.orders.use_cases import drive_order
from servicekit.clock import now, shifted

TEA = {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "10.00"}
RICE = {"item_id": "rice", "quantity": "1.5", "unit": "kg", "amount": "9.90"}


def short(item: str) -> dict[str, Any]:
    return {
        "code": "insufficient_stock",
        "status": 409,
        "detail": "short",
        "site_id": "sh-01",
        "warehouse_id": "main",
        "lines_short": 1,
        "shortages": [
            {"line_no": 1, "item_id": item, "batch_id": "", "requested": "3", "short": "3"}
        ],
    }


def received(item: str, site: str = "sh-01", warehouse: str = "main") -> StockReceived:
    return StockReceived.model_validate(
        {
            "site_id": site,
            "item_id": item,
            "sequence": 1,
            "warehouse_id": warehouse,
            "quantity": "9",
            "document_id": uuid4(),
            "document_number": "GR-1",
            "line_no": 1,
            "effective_at": now(),
            "posted_at": now(),
            "unit_cost": "1",
            "currency": "CNY",
        }
    )


def none_there(shop: Any, item: str = "tea") -> None:
    shop.line.refusals["reservations"] = (409, short(item))


def all_there(shop: Any) -> None:
    shop.line.refusals.pop("reservations", None)
    shop.line.held, shop.line.shortages = [], []


def only(shop: Any, *lines: dict[str, Any]) -> None:
    """Let so much be there from now on, and the tea short of the rest."""
    all_there(shop)
    shop.line.held = list(lines)
    shop.line.shortages = short("tea")["shortages"]


async def waiting(shop: Any, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an order of which nothing is there, and which waits."""
    none_there(shop, lines[0]["item_id"] if lines else "tea")
    asked = {"shortage": "backorder", "lines": list(lines) or [TEA], **changes}
    answer = await shop.order(**asked)
    assert (answer.status_code, answer.json()["status"]) == (201, "backordered"), answer.text
    return dict(answer.json())


async def fill(shop: Any, later: timedelta = timedelta(0)) -> None:
    with shifted(later):
        await shop.service.run_job("fill_back_orders")


async def arrive(shop: Any, item: str = "tea", **place: str) -> None:
    await shop.service.deliver(received(item, **place))
    await fill(shop)


async def test_an_order_that_may_not_wait_is_refused_where_goods_are_short(shop: Any) -> None:
    none_there(shop)
    answer = await shop.order(lines=[TEA])
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert "partial" not in shop.line.asked[0][2].decode()


async def test_an_order_of_which_nothing_is_there_waits_and_says_why(shop: Any) -> None:
    order = await waiting(shop)
    assert (order["reservation_id"], order["total"]) == (None, "10")
    assert b'"partial":true' in shop.line.asked[0][2]
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert shown["refusal"]["shortages"][0]["short"] == "3"
    listed = await shop.read("/orders", status="backordered")
    assert [one["order_id"] for one in listed["items"]] == [order["order_id"]]
    (fact,) = [one for one in await shop.service.events() if isinstance(one, SalesOrderBackordered)]
    assert (str(fact.order_id), fact.from_order_id) == (order["order_id"], None)
    paid = await shop.pay(order["order_id"], "10")
    assert (paid.status_code, paid.json()["code"]) == (409, "order_not_payable")


async def test_it_is_filled_when_its_goods_arrive_and_goes_on_as_any_other(shop: Any) -> None:
    order = await waiting(shop)
    all_there(shop)
    await arrive(shop, "rice")
    await arrive(shop, "tea", warehouse="back")
    assert await shop.status(order["order_id"]) == "backordered"
    await arrive(shop)
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["refusal"]) == ("reserved", None)
    assert shown["expires_at"] > now().isoformat()
    assert (await shop.events())[-2:] == ["SalesOrderBackordered", "SalesOrderReserved"]
    assert b"partial" not in shop.line.asked[-1][2]
    assert (await shop.pay(order["order_id"], "10")).json()["status"] == "paid"
    assert (await shop.read("/back-orders"))["items"] == []


async def test_what_is_there_is_the_order_and_the_rest_waits_as_another(shop: Any) -> None:
    """Amounts add up to the cent; each is paid by itself."""
    only(
        shop,
        {"line_no": 1, "item_id": "tea", "quantity": "2"},
        {"line_no": 2, "item_id": "rice", "quantity": "1.5"},
    )
    answer = await shop.order(shortage="backorder", lines=[TEA, RICE])
    order = answer.json()
    assert (answer.status_code, order["status"], order["total"]) == (201, "reserved", "16.56")
    shown = await shop.read(f"/orders/{order['order_id']}")
    lines = [(one["line_no"], one["quantity"], one["amount"]) for one in shown["lines"]]
    assert lines == [(3, "2", "6.66"), (4, "1.5", "9.9")]
    assert [one["order_line_no"] for one in shown["held"]] == [3, 4]
    rest = await shop.read(f"/orders/{order['back_order_id']}")
    assert (rest["status"], rest["from_order_id"]) == ("backordered", order["order_id"])
    assert rest["number"] != order["number"]
    assert [(one["line_no"], one["quantity"], one["amount"]) for one in rest["lines"]] == [
        (1, "1", "3.34")
    ]
    facts = await shop.service.events()
    (waits,) = [one for one in facts if isinstance(one, SalesOrderBackordered)]
    (held,) = [one for one in facts if isinstance(one, SalesOrderReserved)]
    assert str(waits.from_order_id) == order["order_id"]
    assert (str(held.back_order_id), held.amount) == (rest["order_id"], Decimal("16.56"))
    assert (await shop.pay(order["order_id"], "19.9")).json()["code"] == "wrong_amount"
    assert (await shop.pay(order["order_id"], "16.56")).json()["status"] == "paid"
    shipped = await shop.send(f"/orders/{order['order_id']}/ship")
    assert [one["amount"] for one in shipped.json()["lines"]] == ["6.66", "9.9"]
    all_there(shop)
    await arrive(shop)
    assert (await shop.pay(rest["order_id"], "3.34")).json()["status"] == "paid"


async def test_an_order_all_of_which_is_there_is_not_split(shop: Any) -> None:
    answer = await shop.order(shortage="backorder", lines=[TEA, RICE])
    assert (answer.json()["status"], answer.json()["back_order_id"]) == ("reserved", None)
    shown = await shop.read(f"/orders/{answer.json()['order_id']}")
    assert [one["line_no"] for one in shown["lines"]] == [1, 2]


async def test_a_kit_is_split_by_whole_kits(shop: Any) -> None:
    """B4: its components say how many kits they are."""
    parts = [("tea", "4"), ("rice", "1")]
    only(
        shop,
        *(
            {"line_no": no, "item_id": item, "quantity": quantity, "unit_quantity": "2"}
            | {"kit_line_no": 1}
            for no, (item, quantity) in enumerate(parts, start=2)
        ),
    )
    order = (await shop.order(shortage="backorder", lines=[TEA])).json()
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert [(one["quantity"], one["amount"]) for one in shown["lines"]] == [("2", "6.66")]
    assert [one["order_line_no"] for one in shown["held"]] == [2, 2]


async def test_the_first_promised_is_filled_first_and_no_small_one_overtakes(shop: Any) -> None:
    """By the day promised if there is one, else by when it was placed."""
    late = (now() + timedelta(days=9)).date()
    third = await waiting(shop, promised_on=str(late))
    first = await waiting(shop)
    second = await waiting(shop, TEA | {"quantity": "1"})
    other = await waiting(shop, RICE)
    queue = (await shop.read("/back-orders", item_id="tea"))["items"]
    assert [(one["position"], one["order_id"]) for one in queue] == [
        (place, one["order_id"]) for place, one in enumerate([first, second, third], start=1)
    ]
    asked = len(shop.line.asked)
    await arrive(shop)
    assert len(shop.line.asked) == asked + 1, "only the first of a queue asks"
    assert await shop.status(second["order_id"]) == "backordered"
    all_there(shop)
    await arrive(shop)
    reserved = [one for one in await shop.service.events() if isinstance(one, SalesOrderReserved)]
    assert [str(one.order_id) for one in reserved] == [
        one["order_id"] for one in (first, second, third)
    ]
    assert await shop.status(other["order_id"]) == "backordered"


async def test_pages_of_the_queue_join_without_a_gap(shop: Any) -> None:
    orders = [(await waiting(shop, TEA, RICE))["order_id"] for _ in range(2)]
    seen, cursor = [], {}
    while True:
        page = await shop.read("/back-orders", limit=1, **cursor)
        seen += [(one["item_id"], one["position"], one["order_id"]) for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [
        (item, place, order)
        for item in ("rice", "tea")
        for place, order in enumerate(orders, start=1)
    ]


async def test_one_that_takes_parts_is_filled_each_time_by_what_there_is(shop: Any) -> None:
    first = await waiting(shop, shortage="backorder_in_parts")
    behind = await waiting(shop)
    only(shop, {"line_no": 1, "item_id": "tea", "quantity": "1"})
    await arrive(shop)
    shown = await shop.read(f"/orders/{first['order_id']}")
    assert (shown["status"], shown["total"]) == ("reserved", "3.33")
    rest = await shop.read(f"/orders/{shown['back_order_id']}")
    assert (rest["status"], rest["total"]) == ("backordered", "6.67")
    queue = (await shop.read("/back-orders"))["items"]
    assert [one["order_id"] for one in queue] == [rest["order_id"], behind["order_id"]]


async def test_goods_that_others_let_go_of_are_tried_for(shop: Any) -> None:
    """Released for an order of ours: those goods. For others: anything of the site."""
    order = await waiting(shop)
    all_there(shop)
    holder = await shop.reserved(lines=[RICE])

    async def release(order_id: str) -> None:
        gone = ReservationReleased.model_validate(
            {"reservation_id": uuid4(), "order_id": order_id, "site_id": "sh-01", "at": now()}
            | {"reason": "expired"}
        )
        await shop.service.deliver(gone)
        await fill(shop)

    await release(holder["order_id"])
    assert await shop.status(order["order_id"]) == "backordered"
    await release(str(uuid4()))
    assert await shop.status(order["order_id"]) == "reserved"


async def test_what_nobody_told_of_is_tried_once_in_a_while(shop: Any) -> None:
    """A lost message loses no order."""
    order = await waiting(shop)
    all_there(shop)
    await fill(shop)
    assert await shop.status(order["order_id"]) == "backordered"
    await fill(shop, timedelta(minutes=2))
    assert await shop.status(order["order_id"]) == "reserved"


async def test_a_process_that_dies_while_it_fills_is_followed_by_the_sweep(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B8: inventory held the goods, and nobody wrote it down."""
    order = await waiting(shop)
    all_there(shop)

    async def die(*_: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(drive_order, "_record", die)
        await asyncio.gather(arrive(shop), return_exceptions=True)
    assert await shop.status(order["order_id"]) == "backordered"
    await shop.settle()
    assert await shop.status(order["order_id"]) == "reserved"
    assert shop.line.work_done() == ["reservations"]


async def test_while_inventory_is_away_it_goes_on_waiting(shop: Any) -> None:
    order = await waiting(shop)
    all_there(shop)
    await shop.line.down()
    await arrive(shop)
    await shop.settle()
    assert await shop.status(order["order_id"]) == "backordered"
    await shop.line.up()
    await shop.settle(timedelta(minutes=10))
    assert await shop.status(order["order_id"]) == "reserved"


async def test_goods_that_come_while_it_is_being_refused_are_tried_for_again(shop: Any) -> None:
    order = await waiting(shop)
    shop.line.may_answer.clear()
    shop.line.arrived.clear()
    trying = asyncio.create_task(arrive(shop))
    await shop.line.arrived.wait()
    await shop.service.deliver(received("tea"))
    all_there(shop)
    shop.line.may_answer.set()
    await trying
    assert await shop.status(order["order_id"]) == "reserved"


async def test_a_back_order_is_cancelled_at_once_and_the_next_has_its_turn(shop: Any) -> None:
    first, second = await waiting(shop), await waiting(shop)
    all_there(shop)
    answer = await shop.send(f"/orders/{first['order_id']}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert shop.line.work_done() == []
    closed = (await shop.service.events())[-1]
    assert isinstance(closed, SalesOrderClosed)
    await arrive(shop)
    assert await shop.status(first["order_id"]) == "cancelled"
    assert await shop.status(second["order_id"]) == "reserved"


async def test_one_cancelled_while_it_is_tried_holds_nothing(shop: Any) -> None:
    order = await waiting(shop)
    all_there(shop)
    shop.line.lost = True
    await arrive(shop)
    answer = await shop.send(f"/orders/{order['order_id']}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (202, "cancelling")
    shop.line.lost = False
    await shop.settle()
    assert await shop.status(order["order_id"]) == "cancelled"
    assert shop.line.work_done() == ["reservations", "release"]
    assert (await shop.read("/back-orders"))["items"] == []


async def test_one_whose_goods_expired_before_it_heard_of_them_has_expired(shop: Any) -> None:
    order = await waiting(shop)
    all_there(shop)
    shop.line.lost = True
    await arrive(shop)
    gone = ReservationReleased.model_validate(
        {"reservation_id": uuid4(), "order_id": order["order_id"], "site_id": "sh-01"}
        | {"at": now(), "reason": "expired"}
    )
    await shop.service.deliver(gone)
    shop.line.lost = False
    await shop.settle()
    assert await shop.status(order["order_id"]) == "expired"


async def test_what_can_never_be_sold_ends_the_waiting(shop: Any) -> None:
    order = await waiting(shop)
    shop.line.refusals["reservations"] = (422, {"code": "item_not_for_sale", "status": 422})
    await arrive(shop)
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["cause"]) == ("refused", "item_not_for_sale")


async def test_goods_are_not_promised_for_a_day_that_is_over(shop: Any) -> None:
    answer = await shop.order(promised_on="2020-01-01", shortage="backorder")
    assert (answer.status_code, answer.json()["code"]) == (422, "promised_in_the_past")


async def test_several_workers_fill_each_back_order_once(shop: Any) -> None:
    orders = [(await waiting(shop))["order_id"] for _ in range(4)]
    all_there(shop)
    await shop.service.deliver(received("tea"))
    await asyncio.gather(*(fill(shop) for _ in range(3)))
    await fill(shop)
    assert [await shop.status(one) for one in orders] == ["reserved"] * 4
    assert len(shop.line.work_done()) == 4


async def test_back_orders_are_open_documents_that_wait_for_stock(shop: Any) -> None:
    """I3."""
    order = await waiting(shop)
    found = (await shop.read("/reports/open-documents", waits_for="stock"))["items"]
    assert [(one["id"], one["kind"]) for one in found] == [(order["order_id"], "sales_order")]


CHEESE = {"item_id": "tea", "quantity": "10", "unit": "box", "amount": "10.00"}
AS_PROPOSED = CHEESE | {"batch_choice": "fefo"}


def managed_by_batch(shop: Any, **batches: str) -> None:
    """Let tea be managed by batch, and so much of each be there; inventory proposes, or holds."""

    def answer(path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        unnamed = [one for one in body["lines"] if one["item_id"] == "tea" and not one["batch_id"]]
        if not unnamed:
            return None
        missing, picks = sum(Decimal(one["quantity"]) for one in unnamed), []
        for batch_id, there in batches.items():
            if taken := min(missing, Decimal(there)):
                picks.append({"batch_id": batch_id, "quantity": str(taken)})
                missing -= taken
        proposal = {"picks": picks, "left_out": [], "missing": str(missing)}
        said = {"code": "batch_missing", "status": 422, "item_id": "tea", "detail": "name it"}
        return 422, said | {"proposal": proposal}

    shop.line.answers["reservations"] = answer


async def batches_of(shop: Any, order_id: str) -> list[tuple[Any, ...]]:
    shown = await shop.read(f"/orders/{order_id}")
    return [
        (one["line_no"], one["quantity"], one["amount"], one["batch_id"]) for one in shown["lines"]
    ]


async def test_who_may_wait_and_names_no_batch_waits_until_goods_come_and_one_is_named(
    shop: Any,
) -> None:
    """B5: it is never picked silently, and keeps its place when it is named."""
    managed_by_batch(shop)
    order = (await shop.order(shortage="backorder", lines=[CHEESE])).json()
    path = f"/orders/{order['order_id']}"
    assert order["status"] == "backordered"
    (queued,) = (await shop.read("/back-orders"))["items"]
    assert queued["batch_to_be_named"] is False
    managed_by_batch(shop, L1="4", L2="9")
    await arrive(shop)
    (there,) = (await shop.read("/back-orders"))["items"]
    assert (there["batch_to_be_named"], there["promised_at"]) == (True, queued["promised_at"])
    proposed = (await shop.read(path))["refusal"]["proposal"]["picks"]
    assert [one["batch_id"] for one in proposed] == ["L1", "L2"]
    parts = [("4", "4", "L1"), ("6", "6", "L2")]
    lines = [
        CHEESE | {"quantity": much, "amount": amount, "batch_id": batch_id}
        for much, amount, batch_id in parts
    ]
    changed = await shop.send(f"{path}/change", {"lines_from": 1, "lines": lines})
    assert (changed.status_code, changed.json()["promised_at"]) == (200, order["promised_at"])
    await fill(shop)
    assert await shop.status(order["order_id"]) == "reserved"
    assert await batches_of(shop, order["order_id"]) == [(2, "4", "4", "L1"), (3, "6", "6", "L2")]


async def test_who_agreed_to_the_proposal_gets_it_by_batches_to_the_cent(shop: Any) -> None:
    """B5: agreed beforehand, and it stands on the lines; what is there comes at once."""
    managed_by_batch(shop, L1="3", L2="4")
    answer = await shop.order(shortage="backorder", lines=[AS_PROPOSED, RICE])
    order = answer.json()
    assert (order["status"], order["total"]) == ("reserved", "16.9")
    assert await batches_of(shop, order["order_id"]) == [
        (7, "3", "3", "L1"),
        (8, "4", "4", "L2"),
        (9, "1.5", "9.9", ""),
    ]
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert [one["batch_choice"] for one in shown["lines"]] == ["fefo", "fefo", "named"]
    assert [one["order_line_no"] for one in shown["held"]] == [7, 8, 9]
    rest = order["back_order_id"]
    assert await batches_of(shop, rest) == [(1, "3", "3", "")]
    managed_by_batch(shop, L3="2")
    await arrive(shop)
    assert await shop.status(rest) == "backordered"
    managed_by_batch(shop, L3="2", L4="5")
    await arrive(shop)
    assert await batches_of(shop, rest) == [(2, "2", "2", "L3"), (3, "1", "1", "L4")]
    assert await shop.status(rest) == "reserved"


async def test_an_order_by_the_proposal_is_held_once_though_its_answers_get_lost(shop: Any) -> None:
    """B2, B5."""
    managed_by_batch(shop, L1="30")
    shop.line.lost = True
    order = (await shop.order(lines=[AS_PROPOSED])).json()
    shop.line.lost = False
    managed_by_batch(shop, L2="30")
    await shop.settle()
    assert await shop.status(order["order_id"]) == "reserved"
    assert await batches_of(shop, order["order_id"]) == [(2, "10", "10", "L1")]
    assert shop.line.work_done() == ["reservations"]


async def test_a_proposal_that_somebody_else_was_faster_to_take_is_not_waited_for(
    shop: Any,
) -> None:
    managed_by_batch(shop, L1="10")
    problem = short("tea")
    problem["shortages"][0]["batch_id"] = "L1"
    shop.line.refusals["reservations"] = (409, problem)
    order = (await shop.order(shortage="backorder", lines=[AS_PROPOSED])).json()
    (queued,) = (await shop.read("/back-orders"))["items"]
    assert (order["status"], queued["batch_id"]) == ("backordered", "")
    all_there(shop)
    managed_by_batch(shop, L2="10")
    await arrive(shop)
    assert await batches_of(shop, order["order_id"]) == [(2, "10", "10", "L2")]


async def test_an_order_waits_for_a_batch_that_nobody_has_seen_yet(shop: Any) -> None:
    problem = {"code": "unknown_batch", "status": 422, "item_id": "tea", "batch_id": "L9"}
    shop.line.refusals["reservations"] = (422, problem)
    order = (await shop.order(shortage="backorder", lines=[CHEESE | {"batch_id": "L9"}])).json()
    assert order["status"] == "backordered"
    all_there(shop)
    await arrive(shop)
    assert await shop.status(order["order_id"]) == "reserved"


async def test_whose_goods_are_there_is_told_at_once_to_name_the_batch(shop: Any) -> None:
    """B5."""
    managed_by_batch(shop, L1="30")
    answer = await shop.order(shortage="backorder", lines=[CHEESE])
    assert (answer.status_code, answer.json()["code"]) == (422, "batch_missing")
    other = await shop.order(lines=[AS_PROPOSED | {"unit": "case"}])
    assert (other.status_code, other.json()["code"]) == (422, "batch_choice_needs_base_unit")


async def test_a_newcomer_who_may_wait_stands_behind_who_was_promised_the_goods_before(
    shop: Any,
) -> None:
    """B2: but one who is to get them now or never takes what is free."""
    first = await waiting(shop, TEA | {"quantity": "6"})
    asked = len(shop.line.asked)
    all_there(shop)
    second = (await shop.order(shortage="backorder", lines=[TEA])).json()
    assert (second["status"], len(shop.line.asked)) == ("backordered", asked)
    why = (await shop.read(f"/orders/{second['order_id']}"))["refusal"]
    assert (why["code"], why["ahead"]) == (
        "others_wait_longer",
        [{"item_id": "tea", "batch_id": "", "number": first["number"]}],
    )
    rice = (await shop.order(shortage="backorder", lines=[RICE])).json()
    at_once = (await shop.order(lines=[TEA])).json()
    assert (rice["status"], at_once["status"]) == ("reserved", "reserved")
    await arrive(shop)
    for one in (first, second):
        assert await shop.status(one["order_id"]) == "reserved"
