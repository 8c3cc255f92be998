"""What is held for good is exchanged too, for good, until a part of it has left (B2, B5)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ReservationConfirmed, ReservationReleased, StockReserved
from contracts.purchasing import PurchaseLine
from servicekit.clock import now, shifted

MILK = {"item_id": "milk", "name": "Milk", "base_unit": "EA", "scale": 0, "tracking": "batch"}
PHONE = {"item_id": "phone", "name": "Phone", "base_unit": "EA", "scale": 0, "tracking": "serial"}
TEA = {"item_id": "tea", "quantity": "2", "unit": "box"}


@pytest.fixture
async def dairy(shop: Any) -> Any:
    """Return a shop with tea, two batches of milk and three phones."""
    items = [MILK | {"shelf_life_days": 30, "no_sale_days": 5}, PHONE]
    assert (await shop.post("/items/import", {"items": items}, "master_data")).json()["accepted"]
    await shop.receive(("tea", "10"))
    await take_in(shop, "milk", "5", batch_id="older", expires_on=in_days(20))
    await take_in(shop, "milk", "5", batch_id="young", expires_on=in_days(28))
    await take_in(shop, "phone", "3", serials=("a", "b", "c"))
    return shop


def in_days(days: int) -> str:
    return str(now().date() + timedelta(days=days))


async def take_in(shop: Any, item_id: str, quantity: str, **naming: Any) -> None:
    receipt = shop.receipt((item_id, quantity))
    line = {**receipt.lines[0].model_dump(), **naming}
    fact = receipt.model_copy(update={"lines": (PurchaseLine.model_validate(line),)})
    await shop.service.deliver(fact)
    assert await shop.parked() == []


def milk(batch_id: str, quantity: str = "3") -> dict[str, Any]:
    return {"item_id": "milk", "quantity": quantity, "unit": "EA", "batch_id": batch_id}


def phones(*serials: str) -> dict[str, Any]:
    named = {"quantity": str(len(serials)), "serials": list(serials)}
    return {"item_id": "phone", "unit": "EA", **named}


async def paid(shop: Any, *lines: Any) -> Any:
    """Return a reservation that is confirmed, with no time left to pay."""
    made = await shop.held(lines=list(lines), ttl_seconds=60)
    assert (await shop.confirm(made)).status_code == 200
    return made


async def exchange(shop: Any, held: Any, *lines: Any, key: str | None = None) -> Any:
    path = f"/reservations/{held['reservation_id']}/exchange"
    return await shop.post(path, {"lines": list(lines)}, key=key)


async def shown(shop: Any, held: Any) -> Any:
    return await shop.get(f"/reservations/{held['reservation_id']}")


async def allocated(shop: Any, item: str) -> list[str]:
    page = await shop.get("/stock", site_id="north", item_id=item, warehouse_id="main")
    return [one["allocated"] for one in page["items"]]


async def test_another_batch_is_held_for_good_instead_and_its_dates_are_told(dairy: Any) -> None:
    """Long after its time to pay; nobody takes it away later."""
    held, key = await paid(dairy, TEA, milk("older")), str(uuid4())
    with shifted(timedelta(hours=3)):
        answer = await exchange(dairy, held, TEA, milk("young"), key=key)
        again = await exchange(dairy, held, TEA, milk("young"), key=key)
        await dairy.service.run_job("expire_reservations")
    made = answer.json()
    assert (answer.status_code, made["status"]) == (200, "confirmed")
    assert again.json() == made
    dates = {"expires_on": in_days(28), "sellable_until": in_days(23)}
    assert made["dates"] == [{"line_no": 2, **dates}]
    assert (await shown(dairy, made))["status"] == "confirmed"
    before = await shown(dairy, held)
    assert (before["status"], before["reason"]) == ("released", "exchanged")
    assert await allocated(dairy, "milk") == ["0", "3"]
    assert await dairy.books_agree()
    await dairy.service.deliver(dairy.shipment(made))
    assert (await shown(dairy, made))["status"] == "fulfilled"
    assert await dairy.books_agree()


async def test_all_three_facts_are_told_in_order_and_once(dairy: Any) -> None:
    """Who follows reservations learns that the new one is held for good."""
    held = await paid(dairy, milk("older"))
    made = (await exchange(dairy, held, milk("young"))).json()
    facts = (await dairy.service.events())[-3:]
    kinds = [ReservationReleased, StockReserved, ReservationConfirmed]
    assert [type(one) for one in facts] == kinds
    assert [str(one.reservation_id) for one in facts] == [
        held["reservation_id"],
        made["reservation_id"],
        made["reservation_id"],
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([TEA, milk("young", "6")], "insufficient_stock"),
        ([TEA, milk("near")], "batch_in_no_sale_window"),
        ([TEA, milk("past")], "batch_expired"),
        ([TEA, phones("c")], "serial_held"),
        ([TEA, phones("x")], "unknown_serial"),
    ],
)
async def test_what_a_new_reservation_would_not_get_is_refused_and_all_stays(
    dairy: Any, lines: Any, code: str
) -> None:
    await take_in(dairy, "milk", "5", batch_id="near", expires_on=in_days(2))
    await take_in(dairy, "milk", "5", batch_id="past", expires_on=in_days(-1))
    await paid(dairy, phones("c"))
    held = await paid(dairy, TEA, milk("older"))
    before, told = await shown(dairy, held), len(await dairy.service.events())
    answer = await exchange(dairy, held, *lines)
    assert (answer.is_success, answer.json()["code"]) == (False, code)
    assert await shown(dairy, held) == before
    assert len(await dairy.service.events()) == told
    assert await dairy.books_agree()


async def test_what_stays_was_sold_before_and_is_judged_by_no_rule_for_new_sales(
    dairy: Any,
) -> None:
    """Else a line past its date kept all others from being exchanged, and its own rest too."""
    held = await paid(dairy, TEA, milk("older"), phones("a"))
    for item in (MILK | {"shelf_life_days": 30, "no_sale_days": 5}, PHONE):
        off = {"items": [item | {"for_sale": False}]}
        assert (await dairy.post("/items/import", off, "master_data")).json()["accepted"]
    with shifted(timedelta(days=17)):
        made = (await exchange(dairy, held, milk("older"), TEA, phones("a"))).json()
        assert made.get("status") == "confirmed", made
        less = (await exchange(dairy, made, milk("older", "1"), milk("older", "1"), TEA)).json()
        assert less.get("status") == "confirmed", less
        assert [one["quantity"] for one in less["lines"]] == ["1", "1", "2"]
        assert {one["sellable_until"] for one in less["dates"]} == {in_days(15 - 17)}
    assert await allocated(dairy, "milk") == ["2", "0"]
    assert await dairy.books_agree()


@pytest.mark.parametrize(
    ("lines", "days", "code"),
    [
        ([milk("older", "4")], 17, "batch_in_no_sale_window"),
        ([milk("older", "2"), milk("older", "2")], 17, "batch_in_no_sale_window"),
        ([milk("older", "2"), milk("young", "1")], 24, "batch_in_no_sale_window"),
        ([milk("older"), phones("b")], 0, "item_not_for_sale"),
        ([milk("older"), phones("a", "b")], 0, "item_not_for_sale"),
    ],
)
async def test_what_is_added_is_judged_as_new(dairy: Any, lines: Any, days: int, code: str) -> None:
    held = await paid(dairy, milk("older"), phones("a"))
    off = {"items": [PHONE | {"for_sale": False}]}
    assert (await dairy.post("/items/import", off, "master_data")).json()["accepted"]
    before = await shown(dairy, held)
    with shifted(timedelta(days=days)):
        answer = await exchange(dairy, held, *lines)
    assert (answer.is_success, answer.json()["code"]) == (False, code)
    assert await shown(dairy, held) == before
    assert await dairy.books_agree()


async def test_what_is_held_for_a_time_is_judged_as_new_when_it_is_exchanged(dairy: Any) -> None:
    held = await dairy.held(lines=[milk("older"), TEA], ttl_seconds=600_000)
    off = {"items": [MILK | {"shelf_life_days": 30, "no_sale_days": 5, "for_sale": False}]}
    assert (await dairy.post("/items/import", off, "master_data")).json()["accepted"]
    answer = await exchange(dairy, held, milk("older", "1"))
    assert answer.json()["code"] == "item_not_for_sale"


async def test_no_unit_is_held_twice_by_one_reservation(dairy: Any) -> None:
    """A mistake of whoever asks would promise one unit twice to the same customer."""
    named_twice = [
        [phones("a", "b"), phones("b", "c")],
        [phones("a", "b") | {"serials": ["a", "a", "b"]}],
    ]
    for lines in named_twice:
        answer = await dairy.reserve(lines=lines)
        assert (answer.status_code, answer.json()["code"]) == (422, "serial_named_twice")
    held = await paid(dairy, phones("a"), phones("b"))
    answer = await exchange(dairy, held, phones("b"), phones("b"))
    assert (answer.status_code, answer.json()["code"]) == (422, "serial_named_twice")
    across = (await exchange(dairy, held, phones("b"), phones("a"))).json()
    assert [one["serials"] for one in across["lines"]] == [["b"], ["a"]]
    assert await dairy.books_agree()


async def test_units_change_hands_and_those_let_go_of_are_anybodys(dairy: Any) -> None:
    held = await paid(dairy, phones("a", "b"))
    made = (await exchange(dairy, held, phones("b", "c"))).json()
    assert made["lines"][0]["serials"] == ["b", "c"]
    assert (await dairy.reserve(lines=[phones("a")])).status_code == 201
    taken = await dairy.reserve(lines=[phones("c")])
    assert taken.json()["code"] == "serial_held"
    assert await dairy.books_agree()


async def test_once_a_part_has_left_it_is_not_exchanged_and_the_way_out_is_named(
    dairy: Any,
) -> None:
    held = await paid(dairy, TEA, milk("older"))
    part = dairy.shipment(held | {"lines": held["lines"][:1]}, in_parts=True)
    await dairy.service.deliver(part)
    answer = await exchange(dairy, held, TEA, milk("young"))
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_partly_shipped")
    assert "release-rest" in answer.json()["detail"]
    rest = dairy.shipment(held | {"lines": held["lines"][1:]}, in_parts=True)
    await dairy.service.deliver(rest)
    answer = await exchange(dairy, held, TEA, milk("young"))
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_not_exchangeable")
    assert await dairy.books_agree()


async def test_of_an_exchange_and_a_shipment_at_once_just_one_gets_the_goods(dairy: Any) -> None:
    """Whoever is second is refused, or parked, as if it had come later."""
    held = [await paid(dairy, milk("older", "1")) for _ in range(4)]
    shipments = [dairy.shipment(one) for one in held]
    answers = await dairy.at_once(
        *(exchange(dairy, one, milk("young", "1")) for one in held),
        *(dairy.service.deliver(one) for one in shipments),
    )
    ends = [(await shown(dairy, one))["status"] for one in held]
    for answer, end in zip(answers[:4], ends, strict=True):
        assert (answer.status_code, end) in [(200, "released"), (409, "fulfilled")]
    assert len(await dairy.parked()) == ends.count("released")
    assert await dairy.books_agree()


async def test_what_is_exchanged_is_recalled_like_anything_held(dairy: Any) -> None:
    held = await paid(dairy, milk("older"))
    made = (await exchange(dairy, held, milk("young"))).json()
    recall = {"number": "R-1", "recall_class": "I", "reason": "germs", "item_id": "milk"}
    answer = await dairy.post("/recalls", recall | {"batches": ["young"]}, "operator")
    assert answer.status_code == 201, answer.text
    await dairy.service.run_job("pursue_recalls")
    assert (await shown(dairy, made))["reason"] == "recalled"
    gone = await exchange(dairy, made, milk("older"))
    assert (gone.status_code, gone.json()["code"]) == (409, "reservation_released")
    assert await dairy.books_agree()
