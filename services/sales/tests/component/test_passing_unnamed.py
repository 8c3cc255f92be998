"""Who waits only for somebody to name a batch keeps nobody waiting where there is enough (B2, B5).

The shelf of the line to inventory proposes, explains and holds here as the real one does.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from servicekit.clock import shifted

TEA = {"item_id": "tea", "unit": "box", "amount": "10.00"}
LATER = timedelta(seconds=61)


class Shelf:
    """One batch of tea, L1, and whatever else is asked for."""

    def __init__(self, shop: Any) -> None:
        self.shop, self.free = shop, Decimal(0)
        shop.line.answers |= {"reservations": self.reserve, "explanations": self.explain}

    def reserve(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        teas = [one for one in body["lines"] if one["item_id"] == "tea"]
        wanted = sum(Decimal(one["quantity"]) for one in teas)
        if any(not one["batch_id"] for one in teas):
            return 422, self.unnamed(wanted)
        assert wanted <= self.free, "nobody asks for more than was proposed"
        self.free -= wanted
        return None

    def explain(self, path: str, _: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked = {name: one[0] for name, one in parse_qs(urlparse(path).query).items()}
        if asked["item_id"] != "tea":
            return 200, {"can_ship": True, "code": None, "facts": {}, "lines": []}
        facts = self.unnamed(Decimal(asked["quantity"]))
        return 200, {"can_ship": False, "code": "batch_missing", "facts": facts, "lines": []}

    def unnamed(self, wanted: Decimal) -> dict[str, Any]:
        taken = min(wanted, self.free)
        picks = [{"batch_id": "L1", "quantity": str(taken)}] if taken else []
        proposal = {"picks": picks, "left_out": [], "missing": f"{wanted - taken:f}"}
        said = {"code": "batch_missing", "status": 422, "detail": "name it", "item_id": "tea"}
        return said | {"proposal": proposal}

    async def waiting(self, quantity: str, choice: str = "named", *more: Any) -> str:
        """Return an order that waits."""
        line = TEA | {"quantity": quantity, "batch_choice": choice}
        answer = await self.shop.order(shortage="backorder", lines=[line, *more])
        assert answer.json()["status"] == "backordered", answer.text
        return str(answer.json()["order_id"])

    async def look(self, free: str, later: timedelta = LATER) -> None:
        """Let so much be there, and have all back orders looked at."""
        self.free = Decimal(free)
        with shifted(later):
            await self.shop.service.run_job("fill_back_orders")

    async def to_be_named(self) -> list[str]:
        page = await self.shop.read("/back-orders", item_id="tea")
        return [one["order_id"] for one in page["items"] if one["batch_to_be_named"]]


@pytest.fixture
def shelf(shop: Any) -> Shelf:
    """Return an empty shelf."""
    return Shelf(shop)


async def test_those_behind_one_to_be_named_are_filled_where_there_is_enough_for_all(
    shop: Any, shelf: Shelf
) -> None:
    first = await shelf.waiting("6")
    second, third = await shelf.waiting("4", "fefo"), await shelf.waiting("3", "fefo")
    await shelf.look("12")
    assert await shelf.to_be_named() == [first]
    await shelf.look("8", 2 * LATER)
    ends = [await shop.status(one) for one in (first, second, third)]
    assert (ends, shelf.free) == (["backordered", "reserved", "backordered"], 8)
    why = (await shop.read(f"/orders/{third}"))["refusal"]
    number = (await shop.read(f"/orders/{first}"))["number"]
    assert (why["code"], [one["number"] for one in why["ahead"]]) == (
        "others_wait_longer",
        [number],
    )
    named = TEA | {"quantity": "6", "batch_id": "L1"}
    body = {"lines_from": 1, "lines": [named]}
    assert (await shop.send(f"/orders/{first}/change", body)).status_code == 200
    await shelf.look("8", timedelta(0))
    assert (await shop.status(first), shelf.free) == ("reserved", 2)


async def test_what_is_enough_for_one_stays_for_who_was_promised_it_first(
    shop: Any, shelf: Shelf
) -> None:
    first, second = await shelf.waiting("6"), await shelf.waiting("4", "fefo")
    for look in (1, 2, 3):
        await shelf.look("9", look * LATER)
    assert [await shop.status(one) for one in (first, second)] == ["backordered"] * 2
    assert (await shelf.to_be_named(), shelf.free) == ([first], 9)
    await shop.send(f"/orders/{first}/cancel")
    await shelf.look("9", 5 * LATER)
    assert await shop.status(second) == "reserved"


async def test_one_that_waits_for_goods_besides_lets_nobody_pass(shop: Any, shelf: Shelf) -> None:
    """Nobody can know how much of what comes is its own."""
    first, second = await shelf.waiting("6"), await shelf.waiting("4", "fefo")
    for look in (1, 2):
        await shelf.look("5", look * LATER)
    assert (await shelf.to_be_named(), shelf.free) == ([], 5)
    assert [await shop.status(one) for one in (first, second)] == ["backordered"] * 2


async def test_several_to_be_named_are_told_so_as_far_as_there_is_enough(
    shop: Any, shelf: Shelf
) -> None:
    waiting = [await shelf.waiting("4") for _ in range(3)]
    for look in (1, 2, 3):
        await shelf.look("8", look * LATER)
    assert await shelf.to_be_named() == waiting[:2]
    await shelf.look("7", 4 * LATER)
    await shelf.look("7", 5 * LATER)
    assert await shelf.to_be_named() == waiting[:1]


async def test_in_another_unit_nobody_knows_whether_there_is_enough(
    shop: Any, shelf: Shelf
) -> None:
    line = TEA | {"quantity": "1", "unit": "case"}
    first = (await shop.order(shortage="backorder", lines=[line])).json()["order_id"]
    second = await shelf.waiting("4", "fefo")
    for look in (1, 2):
        await shelf.look("100", look * LATER)
    assert (await shelf.to_be_named(), await shop.status(second)) == ([first], "backordered")


async def test_a_newcomer_behind_one_to_be_named_has_its_turn_at_once(
    shop: Any, shelf: Shelf
) -> None:
    first = await shelf.waiting("6")
    await shelf.look("10")
    second = await shelf.waiting("4", "fefo")
    await shelf.look("10", timedelta(0))
    assert [await shop.status(one) for one in (first, second)] == ["backordered", "reserved"]


async def test_while_inventory_is_away_nobody_passes_and_later_one_does(
    shop: Any, shelf: Shelf
) -> None:
    await shelf.waiting("6")
    await shelf.look("10")
    second = await shelf.waiting("4", "fefo")
    await shop.line.down()
    await shelf.look("10", timedelta(0))
    assert await shop.status(second) == "backordered"
    await shop.line.up()
    await shelf.look("10", 2 * LATER)
    assert await shop.status(second) == "reserved"
