"""An order that leaves in parts: each is booked, and what has not left is still held (B1, B2)."""

from decimal import Decimal
from typing import Any

from contracts.inventory import ReservationFulfilled, ReservationReduced, StockShipped


async def held(shop: Any) -> Any:
    """Return a paid reservation of ten teas and two oils, out of twenty and five."""
    await shop.receive(("tea", "20"), ("oil", "5"))
    made = await shop.held(("tea", "10"), ("oil", "2"))
    await shop.confirm(made)
    return made


def part(shop: Any, made: Any, **quantities: str) -> Any:
    """Return the fact that so much of the items has left."""
    lines = [
        {**line, "quantity": quantities[line["item_id"]]}
        for line in made["lines"]
        if line["item_id"] in quantities
    ]
    return shop.shipment(made | {"lines": lines}, in_parts=True)


async def stock(shop: Any, item: str) -> tuple[str, str, str]:
    found = await shop.stock(item)
    return found["on_hand"], found["allocated"], found["available"]


async def test_what_has_not_left_is_still_held(shop: Any) -> None:
    made = await held(shop)
    await shop.service.deliver([part(shop, made, tea="4")])
    assert await stock(shop, "tea") == ("16", "6", "10")
    assert await stock(shop, "oil") == ("5", "2", "3")
    seen = await shop.get(f"/reservations/{made['reservation_id']}")
    assert seen["status"] == "confirmed"
    assert await shop.facts(ReservationFulfilled) == []
    await shop.service.deliver([part(shop, made, tea="6", oil="2")])
    assert await stock(shop, "tea") == ("10", "0", "10")
    seen = await shop.get(f"/reservations/{made['reservation_id']}")
    assert seen["status"] == "fulfilled"
    assert len(await shop.facts(ReservationFulfilled)) == 1
    assert [fact.quantity for fact in await shop.facts(StockShipped)] == [4, 6, 2]
    assert await shop.books_agree()


async def test_parts_are_booked_once_each_in_whatever_order_they_are_heard_of(shop: Any) -> None:
    made = await held(shop)
    parts = [part(shop, made, tea="3"), part(shop, made, oil="2"), part(shop, made, tea="7")]
    await shop.service.deliver([parts[2], parts[0]])
    await shop.service.deliver([parts[0], parts[1], parts[2]])
    assert await stock(shop, "tea") == ("10", "0", "10")
    assert sum(fact.quantity for fact in await shop.facts(StockShipped)) == Decimal(12)
    assert len(await shop.facts(ReservationFulfilled)) == 1
    assert await shop.books_agree()


async def test_more_than_is_held_is_not_booked(shop: Any) -> None:
    made = await held(shop)
    await shop.service.deliver([part(shop, made, tea="4")])
    await shop.service.deliver([part(shop, made, tea="7")])
    (parked,) = await shop.parked()
    assert parked["error"].startswith("ShipmentDiffers")
    assert await stock(shop, "tea") == ("16", "6", "10")
    assert await shop.books_agree()


def rest(part: Any, **shipped: str) -> dict[str, Any]:
    """Return the command to let go of all but what has left, by line."""
    lines = [
        {"line_no": int(name.removeprefix("line_")), "quantity": quantity}
        for name, quantity in shipped.items()
    ]
    return {"shipment_id": str(part.shipment_id), "shipped": lines}


async def test_the_rest_is_free_again_and_what_left_is_booked_before_or_after(shop: Any) -> None:
    """B2: the release lets go of nothing that a shipment took, heard of or not."""
    made = await held(shop)
    path = f"/reservations/{made['reservation_id']}/release-rest"
    parts = [part(shop, made, tea="3"), part(shop, made, tea="2", oil="1")]
    await shop.service.deliver([parts[0]])
    body = rest(parts[1], line_1="5", line_2="1")
    let_go = await shop.post(path, body)
    assert (let_go.status_code, let_go.json()["status"]) == (200, "confirmed")
    assert await stock(shop, "tea") == ("17", "2", "15")
    assert await stock(shop, "oil") == ("5", "1", "4")
    (fact,) = await shop.facts(ReservationReduced)
    assert [(line.line_no, line.quantity) for line in fact.lines] == [(1, 5), (2, 1)]
    await shop.service.deliver([parts[1]])
    assert (await shop.get(f"/reservations/{made['reservation_id']}"))["status"] == "fulfilled"
    assert await stock(shop, "tea") == ("15", "0", "15")
    assert (await shop.post(path, body)).json()["status"] == "fulfilled"
    assert len(await shop.facts(ReservationReduced)) == 1
    assert await shop.books_agree()


async def test_where_all_that_left_is_booked_the_release_of_the_rest_is_the_end(shop: Any) -> None:
    made = await held(shop)
    path = f"/reservations/{made['reservation_id']}/release-rest"
    left = part(shop, made, tea="3")
    await shop.service.deliver([left])
    for wrong in ("2", "11"):
        answer = await shop.post(path, rest(left, line_1=wrong))
        assert (answer.status_code, answer.json()["code"]) == (422, "rest_differs")
    answer = await shop.post(path, rest(left, line_1="3"))
    assert (answer.json()["status"], answer.json()["shipment_id"]) == (
        "fulfilled",
        str(left.shipment_id),
    )
    assert await stock(shop, "tea") == ("17", "0", "17")
    assert len(await shop.facts(ReservationFulfilled)) == 1
    assert await shop.books_agree()
