"""Goods move while they are counted: the line's own time decides what is a difference (A3)."""

from datetime import timedelta
from typing import Any

from servicekit.clock import now, shifted


async def sell(shop: Any, quantity: str) -> None:
    """Sell tea, all the way."""
    reservation = await shop.held(("tea", quantity))
    await shop.confirm(reservation)
    await shop.service.deliver(shop.shipment(reservation))


async def test_movements_before_and_after_the_count_are_no_differences(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"))
    with shifted(timedelta(minutes=-60)):
        sheet = await floor.open()
    with shifted(timedelta(minutes=-50)):
        await shop.receive(("tea", "6"))
    with shifted(timedelta(minutes=-40)):
        await sell(shop, "5")
    counted = now() - timedelta(minutes=30)
    with shifted(timedelta(minutes=-20)):
        await sell(shop, "4")
        await shop.receive(("tea", "1"))
    became = await floor.count(sheet, "ann", "tea", "11", at=counted)
    assert became["outcome"] == "counted"
    line = await floor.line(sheet, "tea")
    assert (line["book_quantity"], line["expected"], line["difference"]) == ("10", "11", "0")
    await floor.settle(sheet)
    assert (await shop.stock("tea"))["on_hand"] == "8"
    assert (await shop.get("/documents"))["items"] == []


async def test_only_the_true_difference_is_put_right(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"))
    with shifted(timedelta(minutes=-60)):
        sheet = await floor.open(tolerance={"quantity": "5"})
    counted = now() - timedelta(minutes=30)
    await sell(shop, "4")
    await floor.count(sheet, "ann", "tea", "9", at=counted)
    await floor.settle(sheet)
    assert (await shop.stock("tea"))["on_hand"] == "5"


async def test_goods_that_move_between_two_spots_make_their_sum_uncertain(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"))
    with shifted(timedelta(minutes=-60)):
        sheet = await floor.open(tolerance={"percent": "100"})
    at = [now() - timedelta(minutes=minutes) for minutes in (40, 20)]
    await floor.count(sheet, "ann", "tea", "6", spot="A", at=at[0])
    with shifted(timedelta(minutes=-30)):
        await sell(shop, "1")
    await floor.count(sheet, "ann", "tea", "4", spot="B", at=at[1])
    line = await floor.line(sheet, "tea")
    assert (line["counted"], line["uncertain"], line["state"]) == ("10", True, "to_recount")
    await floor.step(sheet, "recount")
    await floor.count(sheet, "bob", "tea", "9")
    await floor.settle(sheet)
    assert (await shop.stock("tea"))["on_hand"] == "9"


async def test_spots_add_up_and_the_last_count_of_a_spot_counts(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "12"))
    with shifted(timedelta(minutes=-60)):
        sheet = await floor.open()
    minutes = [now() - timedelta(minutes=one) for one in (50, 40, 30)]
    outcomes = [
        (await floor.count(sheet, who, "tea", quantity, spot=spot, at=at))["outcome"]
        for who, quantity, spot, at in (
            ("ann", "5", "A", minutes[1]),
            ("bob", "4", "B", minutes[1]),
            ("bob", "7", "B", minutes[2]),
            ("ann", "9", "A", minutes[0]),
        )
    ]
    assert outcomes == ["counted", "counted", "replaced", "superseded"]
    assert (await floor.line(sheet, "tea"))["counted"] == "12"
    told = (await floor.look("max", f"/count-sheets/{sheet['sheet_id']}/counts")).json()["items"]
    assert sorted((one["spot"], one["quantity"]) for one in told) == [
        ("A", "5"),
        ("A", "9"),
        ("B", "4"),
        ("B", "7"),
    ]


async def test_counts_come_late_out_of_order_and_more_than_once(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"))
    await shop.register("PDA-1")
    with shifted(timedelta(minutes=-60)):
        sheet = await floor.open()
    first = floor.said("tea", "8", at=now() - timedelta(minutes=45), device_id="PDA-1")
    for outcome in ("counted", "repeated"):
        answer = await floor.upload(sheet, "ann", first, first)
        assert [one["outcome"] for one in answer.json()] == [outcome, "repeated"]
    other = await floor.upload(sheet, "ann", {**first, "quantity": "9"})
    assert other.json()[0]["code"] == "count_differs"
    await floor.step(sheet, "recount")
    late = await floor.count(sheet, "bob", "tea", "3", at=now() - timedelta(minutes=50))
    assert late["outcome"] == "superseded"
    line = await floor.line(sheet, "tea")
    assert (line["state"], line["round_no"], line["counted"]) == ("uncounted", 2, None)


async def test_a_clock_that_is_wrong_is_refused(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open()
    early = await floor.count(sheet, "ann", "tea", "10", at=now() - timedelta(hours=1))
    ahead = await floor.count(sheet, "ann", "tea", "10", at=now() + timedelta(hours=1))
    assert (early["code"], ahead["code"]) == ("counted_too_early", "counted_in_future")
    assert (await floor.line(sheet, "tea"))["state"] == "uncounted"


async def test_what_is_booked_late_with_a_time_before_the_count_undoes_the_audit(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"))
    with shifted(timedelta(minutes=-60)):
        sheet = await floor.open(tolerance={"quantity": "5"})
    with shifted(timedelta(minutes=-50)):
        late = shop.receipt(("tea", "2"))
    await floor.count(sheet, "ann", "tea", "12", at=now() - timedelta(minutes=40))
    await floor.step(sheet, "audit")
    await shop.service.deliver(late)
    refused = await floor.refused(sheet, "approve", "fay")
    assert (refused["code"], refused["lines"]) == ("count_books_changed", [1])
    await floor.step(sheet, "recount", lines=[1])
    await floor.count(sheet, "bob", "tea", "12")
    await floor.settle(sheet)
    assert (await shop.stock("tea"))["on_hand"] == "12"


async def test_goods_that_nobody_expected_are_added_with_what_the_books_held_then(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"), ("rice", "3"))
    sheet = await floor.open(goods=[{"item_id": "rice"}], tolerance={"quantity": "9"})
    found = await floor.count(sheet, "ann", "tea", "12")
    assert (found["outcome"], found["added"], found["line_no"]) == ("counted", True, 2)
    ghost = await floor.count(sheet, "ann", "ghost", "1")
    oil = await floor.count(sheet, "ann", "oil", "1.5")
    assert (ghost["code"], oil["line_no"]) == ("unknown_item", 3)
    await floor.count(sheet, "ann", "rice", "3")
    assert (await floor.line(sheet, "tea"))["expected"] == "10"
    await floor.settle(sheet)
    assert [(await shop.stock(item))["on_hand"] for item in ("tea", "oil")] == ["12", "1.5"]
    assert await shop.books_agree()
