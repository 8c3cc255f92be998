"""Other batches or units are picked than those held: the order comes to hold them first (B5, B2).

The line to inventory says here what it would do; the platform's tests ask the real one.
"""

import asyncio
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ReservationReleased
from contracts.sales import SalesOrderChanged, SalesOrderRefunded, ShipmentPosted
from sales.orders.use_cases import drive_order
from servicekit.clock import now, shifted

HELD = [
    {"line_no": 1, "item_id": "tea", "quantity": "3", "batch_id": "", "serials": ["a", "b", "c"]},
    {"line_no": 2, "item_id": "rice", "quantity": "1.25", "batch_id": "r1", "serials": []},
]
OTHER_RICE = {"line_no": 2, "quantity": "1.25", "batch_id": "r2"}
EXPIRED = {
    "status": 422,
    "code": "batch_expired",
    "detail": "Batch r2 of item rice expired",
    "item_id": "rice",
    "batch_id": "r2",
}


async def pick(shop: Any, order: Any, *lines: Any, key: str | None = None, **more: Any) -> Any:
    body = {"lines": list(lines), "exchange": True, **more}
    return await shop.send(f"/orders/{order['order_id']}/picks", body, key=key)


def exchanging(shop: Any) -> str:
    """Let inventory hold what it is asked for instead, for good; return the reservation's id."""
    other = str(uuid4())

    def answer(_: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        lines = [{"line_no": no, **line} for no, line in enumerate(body["lines"], start=1)]
        day = str((now() + timedelta(days=9)).date())
        dates = [
            {"line_no": one["line_no"], "expires_on": day, "sellable_until": day}
            for one in lines
            if one["batch_id"]
        ]
        said = {"reservation_id": other, "expires_at": now().isoformat(), "lines": lines}
        return 200, said | {"dates": dates}

    shop.line.answers["exchange"] = answer
    return other


async def paid(shop: Any, **changes: Any) -> Any:
    shop.line.held = HELD
    return await shop.paid(**changes)


async def held(shop: Any, order: Any) -> list[tuple[int, str, str, list[str]]]:
    shown = await shop.read(f"/orders/{order['order_id']}")
    names = ("order_line_no", "quantity", "batch_id", "serials")
    return [tuple(one[name] for name in names) for one in shown["held"]]


def asked(shop: Any) -> list[list[tuple[str, str, str, list[str]]]]:
    """Return what inventory was asked to hold instead, each time."""
    questions = [json.loads(body) for path, _, body in shop.line.asked if "/exchange" in path]
    names = ("item_id", "quantity", "batch_id", "serials")
    return [[tuple(line[name] for name in names) for line in one["lines"]] for one in questions]


async def test_another_batch_in_hand_is_held_then_picked_and_leaves(shop: Any) -> None:
    """B5: money and lines of the order stay as they are, to the cent."""
    order, other = await paid(shop), exchanging(shop)
    made = await pick(shop, order, OTHER_RICE)
    assert made.status_code == 201, made.text
    assert [(one["line_no"], one["batch_id"]) for one in made.json()["lines"]] == [(2, "r2")]
    assert asked(shop) == [[("tea", "3", "", ["a", "b", "c"]), ("rice", "1.25", "r2", [])]]
    shown = await shop.read(f"/orders/{order['order_id']}")
    now_so = (shown["status"], shown["reservation_id"], shown["total"], shown["lines_from"])
    assert now_so == ("paid", other, "47.4", 1)
    fact = (await shop.service.events())[-1]
    assert isinstance(fact, SalesOrderChanged)
    assert (str(fact.reservation_id), fact.amount) == (other, Decimal("47.4"))
    (change,) = (await shop.read(f"/orders/{order['order_id']}/changes"))["items"]
    assert (change["swap"], change["outcome"], change["asked_by"]) == (True, "done", "tester")
    assert [(one["batch_id"], one["in_hand"]) for one in change["held"]] == [
        ("", None),
        ("r2", "1.25"),
    ]
    await shop.send(f"/picks/{made.json()['pick_id']}/ship")
    rest = await shop.send(f"/orders/{order['order_id']}/ship")
    assert rest.status_code == 201, rest.text
    facts = [one for one in await shop.service.events() if isinstance(one, ShipmentPosted)]
    assert {str(one.reservation_id) for one in facts} == {other}
    left = [(line.line_no, line.batch_id, line.amount) for one in facts for line in one.lines]
    assert left == [(2, "r2", Decimal("9.9")), (1, "", Decimal("37.5"))]


async def test_of_a_line_only_a_part_may_be_of_another_batch_and_the_rest_stays(shop: Any) -> None:
    """The parts of its amount add up."""
    order = await paid(shop)
    exchanging(shop)
    made = await pick(shop, order, {"line_no": 2, "quantity": "1", "batch_id": "r2"})
    assert [(one["line_no"], one["quantity"]) for one in made.json()["lines"]] == [(3, "1")]
    assert await held(shop, order) == [
        (1, "3", "", ["a", "b", "c"]),
        (2, "0.25", "r1", []),
        (2, "1", "r2", []),
    ]
    left = await shop.read(f"/orders/{order['order_id']}/pick-list")
    assert [(one["line_no"], one["quantity"]) for one in left["items"]] == [(1, "3"), (2, "0.25")]
    shipped = await shop.send(f"/orders/{order['order_id']}/ship")
    amounts = [Decimal(one["amount"]) for one in shipped.json()["lines"]]
    assert sum(amounts) == Decimal("47.4")


async def test_other_units_in_hand_take_the_place_of_some_that_are_held(shop: Any) -> None:
    order = await paid(shop)
    exchanging(shop)
    line = {"line_no": 1, "quantity": "2", "serials": ["x", "b"]}
    made = await pick(shop, order, line)
    assert made.json()["lines"][0]["serials"] == ["x", "b"]
    assert (await held(shop, order))[0] == (1, "3", "", ["x", "b", "c"])
    rest = await shop.read(f"/orders/{order['order_id']}/pick-list")
    assert rest["items"][0]["serials"] == ["c"]


async def test_what_inventory_refuses_is_not_picked_and_all_stays_as_it_was(shop: Any) -> None:
    order = await paid(shop)
    before, told = await shop.read(f"/orders/{order['order_id']}"), await shop.events()
    shop.line.refusals["exchange"] = (422, EXPIRED)
    key = str(uuid4())
    for _ in range(2):
        answer = await pick(shop, order, OTHER_RICE, key=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "batch_expired")
        assert (answer.json()["batch_id"], answer.json()["order_id"]) == ("r2", order["order_id"])
    assert await shop.read(f"/orders/{order['order_id']}") == before
    assert await shop.events() == told
    assert (await shop.read("/picks", order_id=order["order_id"]))["items"] == []
    as_held = await pick(shop, order, {**OTHER_RICE, "batch_id": "r1"})
    assert as_held.status_code == 201, as_held.text
    assert len(asked(shop)) == 1


async def test_what_is_named_wrongly_is_refused_before_anybody_is_asked(shop: Any) -> None:
    order = await paid(shop)
    for line, code in (
        ({"line_no": 2, "quantity": "2", "batch_id": "r2"}, "part_too_large"),
        ({"line_no": 7, "quantity": "1", "batch_id": "r2"}, "part_not_held"),
        ({"line_no": 1, "quantity": "2", "serials": ["x"]}, "units_miscounted"),
        ({"line_no": 1, "quantity": "2", "serials": ["x", "x"]}, "units_miscounted"),
        ({"line_no": 2, "quantity": "0.0001", "batch_id": "r2"}, "quantity_too_precise"),
    ):
        answer = await pick(shop, order, line)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    two = [{"line_no": 2, "quantity": "0.5", "batch_id": one} for one in ("r2", "r3")]
    mixed = await pick(shop, order, *two)
    assert (mixed.status_code, mixed.json()["code"]) == (422, "part_not_held")
    assert "from one batch" in mixed.json()["detail"]
    unmeant = await pick(shop, order, OTHER_RICE, exchange=False)
    assert unmeant.json()["code"] == "other_batch_picked"
    assert "`exchange`" in unmeant.json()["detail"]
    unpaid = await shop.reserved()
    assert (await pick(shop, unpaid, OTHER_RICE)).json()["code"] == "order_not_shippable"
    assert await shop.status(order["order_id"]) == "paid"
    assert asked(shop) == []


async def test_once_goods_are_picked_or_have_left_nothing_is_exchanged(shop: Any) -> None:
    """The ways out are named: put it back, or give up the rest."""
    order = await paid(shop)
    exchanging(shop)
    tea = {"line_no": 1, "quantity": "1", "serials": ["a"]}
    first = (await pick(shop, order, tea)).json()
    picked = await pick(shop, order, OTHER_RICE)
    assert (picked.status_code, picked.json()["code"]) == (409, "order_picked")
    assert "Put them back" in picked.json()["detail"]
    assert "ship it" not in picked.json()["detail"]
    await shop.send(f"/picks/{first['pick_id']}/ship")
    left = await pick(shop, order, OTHER_RICE)
    assert (left.status_code, left.json()["code"]) == (409, "order_partly_shipped")
    assert "cancel-rest" in left.json()["detail"]
    assert asked(shop) == []


async def test_while_inventory_is_down_the_same_request_is_to_be_sent_again(shop: Any) -> None:
    order, key = await paid(shop), str(uuid4())
    exchanging(shop)
    await shop.line.down()
    answer = await pick(shop, order, OTHER_RICE, key=key)
    assert (answer.status_code, answer.json()["code"]) == (503, "pick_not_decided")
    for path in ("ship", "picks", "cancel"):
        meanwhile = await shop.send(f"/orders/{order['order_id']}/{path}")
        assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "order_being_changed")
    await shop.line.up()
    made = await pick(shop, order, OTHER_RICE, key=key)
    assert (made.status_code, made.json()["lines"][0]["batch_id"]) == (201, "r2")
    assert await pick(shop, order, OTHER_RICE, key=key)
    assert len((await shop.read("/picks", order_id=order["order_id"]))["items"]) == 1
    assert shop.line.work_done() == ["reservations", "confirm", "exchange"]


async def test_a_repeat_that_comes_after_another_exchange_picks_nothing(shop: Any) -> None:
    """Its lines are others by now: the first of them is not what was in hand."""
    order, key = await paid(shop), str(uuid4())
    exchanging(shop)
    part = {"line_no": 2, "quantity": "1", "batch_id": "r2"}
    await shop.line.down()
    assert (await pick(shop, order, part, key=key)).status_code == 503
    await shop.line.up()
    await shop.settle()
    assert await shop.status(order["order_id"]) == "paid"
    again = await pick(shop, order, {"line_no": 3, "quantity": "1", "batch_id": "r3"})
    assert again.json()["lines"][0]["batch_id"] == "r3", again.text
    await shop.send(f"/picks/{again.json()['pick_id']}/cancel")
    late = await pick(shop, order, part, key=key)
    assert (late.status_code, late.json()["code"]) == (409, "held_otherwise")
    picks = (await shop.read("/picks", order_id=order["order_id"]))["items"]
    assert [one["status"] for one in picks] == ["cancelled"]


@pytest.mark.parametrize("heard", [False, True])
async def test_a_process_that_dies_between_the_call_and_the_commit_loses_nothing(
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    heard: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    """The caller repeats, maybe after the sweep went on: one exchange, one pick."""
    order, other, key = await paid(shop), exchanging(shop), str(uuid4())

    async def die(*_: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(drive_order, "_record", die)
        request = asyncio.create_task(pick(shop, order, OTHER_RICE, key=key))
        await asyncio.gather(request, return_exceptions=True)
    assert await shop.status(order["order_id"]) == "changing"
    if heard:
        await shop.settle()
        assert await shop.status(order["order_id"]) == "paid"
    made = await pick(shop, order, OTHER_RICE, key=key)
    assert (made.status_code, made.json()["lines"][0]["batch_id"]) == (201, "r2")
    assert (await shop.read(f"/orders/{order['order_id']}"))["reservation_id"] == other
    assert shop.line.work_done() == ["reservations", "confirm", "exchange"]
    assert len((await shop.read("/picks", order_id=order["order_id"]))["items"]) == 1


async def test_of_a_shipment_and_an_exchange_at_once_one_is_refused(shop: Any) -> None:
    """Whoever locks the order first; no shipment ever names what is not held any more."""
    order, other = await paid(shop), exchanging(shop)
    picked, shipped = await asyncio.gather(
        pick(shop, order, OTHER_RICE), shop.send(f"/orders/{order['order_id']}/ship")
    )
    facts = [one for one in await shop.service.events() if isinstance(one, ShipmentPosted)]
    if shipped.status_code == 201:
        batches = [line.batch_id for line in facts[0].lines]
        swapped = str(facts[0].reservation_id) == other
        assert batches[1] == ("r2" if swapped else "r1")
        assert swapped or picked.status_code == 409
    else:
        assert (picked.status_code, facts) == (201, [])
        assert shipped.json()["code"] == "order_being_changed"


async def test_goods_that_were_called_back_meanwhile_are_paid_back(shop: Any) -> None:
    """Inventory let go of them before it was asked to exchange them, or after."""
    first, second = await paid(shop), await paid(shop)
    gone = {"status": 409, "code": "reservation_released", "detail": "gone"}
    shop.line.refusals["exchange"] = (409, gone)
    answer = await pick(shop, first, OTHER_RICE)
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_released")
    assert await shop.status(first["order_id"]) == "cancelled"
    del shop.line.refusals["exchange"]
    other = exchanging(shop)
    shop.line.lost = True
    assert (await pick(shop, second, OTHER_RICE)).status_code == 503
    shop.line.lost = False
    for reservation_id, reason in ((second["reservation_id"], "exchanged"), (other, "recalled")):
        fact = ReservationReleased(
            reservation_id=reservation_id,
            order_id=second["order_id"],
            site_id="sh-01",
            at=now(),
            reason=reason,
        )
        await shop.service.deliver(fact)
    await shop.settle()
    assert await shop.status(second["order_id"]) == "cancelled"
    told = [one for one in await shop.service.events() if isinstance(one, SalesOrderRefunded)]
    assert [one.amount for one in told] == [Decimal("47.4")] * 2
    (lapsed,) = (await shop.read(f"/orders/{second['order_id']}/changes"))["items"]
    assert lapsed["outcome"] == "lapsed"


async def test_what_was_exchanged_leaves_only_in_time(shop: Any) -> None:
    """B5: inventory said until when the other batch may be sold."""
    order = await paid(shop)
    exchanging(shop)
    made = (await pick(shop, order, OTHER_RICE)).json()
    with shifted(timedelta(days=11)):
        late = await shop.send(f"/picks/{made['pick_id']}/ship")
    assert (late.status_code, late.json()["code"]) == (422, "batch_expired")
