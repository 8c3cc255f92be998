"""C3: goods that came free are never sold: neither by putting their item up for sale nor in a race.

What is not for sale may be there at no cost; what is for sale takes nothing in that costs nothing.
"""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts.inventory import ItemDefined, ReceiptBooked, ReceiptHeld
from contracts.purchasing import GoodsReceiptPosted
from inventory.catalog.domain import Item
from inventory.stock.use_cases.book_receipts import book_receipts
from inventory.stock.use_cases.import_items import import_items

KEEPER = "master_data"
WAITING = text(
    "select count(*) from pg_locks where not granted"
    " and pg_backend_pid() = any(pg_blocking_pids(pid))"
)
"""Who waits for what this session holds."""


async def describe(shop: Any, *items: str, for_sale: bool) -> Any:
    lines = [
        {"item_id": item, "name": item, "base_unit": "pc", "scale": 0, "for_sale": for_sale}
        for item in items
    ]
    answer = await shop.post("/items/import", {"items": lines}, KEEPER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def free(shop: Any, item: str, quantity: str = "5", **place: str) -> GoodsReceiptPosted:
    paid: GoodsReceiptPosted = shop.receipt((item, quantity), **place)
    lines = tuple(
        one.model_copy(update={"kind": "gift", "unit_cost": Decimal(0)}) for one in paid.lines
    )
    return paid.model_copy(update={"lines": lines})


async def moved(shop: Any, kind: str, quantity: str, **more: str) -> str:
    line = {"item_id": "mug", "quantity": quantity, "unit": "pc"}
    body = {"kind": kind, "site_id": "north", "warehouse_id": "main", "lines": [line], **more}
    return await shop.finished("/documents", body)


async def refused_places(shop: Any) -> str:
    """Return where mugs are said to be, since they can't be put up for sale."""
    report = await describe(shop, "mug", "cup", for_sale=True)
    (refused,) = report["refused"]
    assert (refused["line"], refused["code"]) == (1, "goods_left_not_for_sale")
    assert not (await shop.get("/items/mug"))["for_sale"]
    return str(refused["detail"].partition("There are: ")[2])


@pytest.fixture
async def mugs(shop: Any) -> Any:
    """Return a shop with five mugs at one site and two at another, all of them free."""
    await describe(shop, "mug", for_sale=False)
    await shop.service.deliver([free(shop, "mug"), free(shop, "mug", "2", site="south")])
    assert await shop.parked() == []
    return shop


async def test_an_item_is_put_up_for_sale_when_nothing_free_is_left_anywhere(mugs: Any) -> None:
    """C3: on a shelf or under way; other lines of the import go on."""
    assert await refused_places(mugs) == "north/main 5; south/main 2."
    assert (await mugs.get("/items/cup"))["for_sale"]
    way = {"to_site_id": "south", "to_warehouse_id": "back"}
    sent = await moved(mugs, "transfer_dispatch", "3", **way)
    assert await refused_places(mugs) == ("north/main → south/back 3; north/main 2; south/main 2.")
    await moved(mugs, "issue", "2", reason="given away")
    assert await refused_places(mugs) == "north/main → south/back 3; south/main 2."
    await mugs.finished(f"/transfers/{sent}/arrivals", {})
    assert await refused_places(mugs) == "south/back 3; south/main 2."
    await moved(mugs, "issue", "3", reason="given away", site_id="south", warehouse_id="back")
    await moved(mugs, "issue", "2", reason="given away", site_id="south")
    assert (await describe(mugs, "mug", for_sale=True))["accepted"] == 1
    told = [one.for_sale for one in await mugs.facts(ItemDefined) if one.item_id == "mug"]
    assert told == [False, True]


async def test_what_was_taken_off_sale_by_mistake_goes_back_with_all_its_stock(shop: Any) -> None:
    """C3: nothing of it came free; once something has, it doesn't."""
    await describe(shop, "mug", for_sale=True)
    await shop.service.deliver(shop.receipt(("mug", "5")))
    for on in (False, True, False):
        assert (await describe(shop, "mug", for_sale=on))["accepted"] == 1
    await shop.service.deliver(free(shop, "mug", "1"))
    assert await refused_places(shop) == "north/main 6."
    await moved(shop, "issue", "6", reason="given away")
    for on in (True, False):
        assert (await describe(shop, "mug", for_sale=on))["accepted"] == 1
    await shop.service.deliver(shop.receipt(("mug", "2")))
    assert (await describe(shop, "mug", for_sale=True))["accepted"] == 1


async def test_goods_in_inspection_keep_their_item_off_sale(shop: Any) -> None:
    """C3."""
    mug = {"item_id": "mug", "name": "mug", "base_unit": "pc", "scale": 0}
    inspected = {**mug, "for_sale": False, "inspect_on_receipt": True}
    await shop.post("/items/import", {"items": [inspected]}, KEEPER)
    await shop.service.deliver(free(shop, "mug"))
    assert (await shop.stock("mug"))["in_inspection"] == "5"
    assert await refused_places(shop) == "north/main 5."


async def test_a_sheet_says_in_its_report_why_an_item_stays_off_sale(mugs: Any) -> None:
    """C3, H6: in the caller's language, the first places by name and how many more there are."""
    for number in range(6):
        body = {"warehouse_id": f"w{number}", "name": "w"}
        assert (await mugs.post("/sites/north/warehouses", body, KEEPER)).is_success
    await mugs.service.deliver([free(mugs, "mug", warehouse=f"w{one}") for one in range(6)])
    sheet = "item_id,name,base_unit,scale,for_sale\r\ncup,Cup,pc,0,true\r\nmug,Mug,pc,0,true\r\n"
    headers = mugs.service.headers([KEEPER], ["*"])
    headers |= {"Content-Type": "text/csv", "Accept-Language": "zh-CN"}
    answer = await mugs.service.api.post("/items/import-file", content=sheet, headers=headers)
    report = answer.json()
    (refused,) = report["refused"]
    assert (report["accepted"], refused["line"], refused["id"]) == (1, 3, "mug")
    assert refused["detail"].endswith("；+3。".replace("；", "; "))
    assert "报废" in refused["detail"]


async def test_free_goods_of_what_is_for_sale_wait_until_it_is_off_sale_again(shop: Any) -> None:
    """C3: never booked silently at no cost; the receipt says why, and is booked when mended."""
    posted = free(shop, "mug")
    await describe(shop, "mug", for_sale=True)
    await shop.service.deliver([shop.receipt(("tea", "1")), posted])
    (parked,) = await shop.parked()
    assert parked["error"].startswith("FreeGoodsForSale")
    await shop.service.run_job("tell_held_receipts")
    (held,) = await shop.facts(ReceiptHeld)
    assert held.receipt_id == posted.receipt_id
    assert "Take the item off sale again and retry" in held.cause
    path = f"/ops/parked/{parked['number']}/release"

    async def booked() -> set[UUID]:
        assert (await shop.post(path, {}, "operator")).is_success
        await shop.service.consume_due()
        return {one.receipt_id for one in await shop.facts(ReceiptBooked)}

    assert posted.receipt_id not in await booked()
    await describe(shop, "mug", for_sale=False)
    assert posted.receipt_id in await booked()
    assert (await shop.stock("mug"))["on_hand"] == "5"
    assert await shop.books_agree()


async def blocked(session: Any, task: asyncio.Task[Any]) -> None:
    """Wait until a task waits for what the session holds, or need not."""
    for _ in range(500):
        if task.done() or await session.scalar(WAITING):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it neither waits nor ends")


@pytest.fixture
async def given_away(mugs: Any) -> Any:
    """Return a shop whose mugs are all gone: their item is in use, and may be put up for sale."""
    await moved(mugs, "issue", "5", reason="given away")
    await moved(mugs, "issue", "2", reason="given away", site_id="south")
    return mugs


async def test_who_books_free_goods_waits_for_who_puts_their_item_up_for_sale(
    given_away: Any,
) -> None:
    """C3: and then finds it for sale."""
    async with given_away.service.context.database.transaction() as session:
        report = await import_items(session, {1: Item("mug", "mug", "pc", 0)})
        assert report.accepted == 1
        receipt = free(given_away, "mug")
        booking = asyncio.create_task(given_away.service.deliver(receipt))
        await blocked(session, booking)
    await booking
    (parked,) = await given_away.parked()
    assert parked["error"].startswith("FreeGoodsForSale")


async def test_who_puts_an_item_up_for_sale_waits_for_who_books_free_goods_of_it(
    given_away: Any,
) -> None:
    """C3: and then finds them."""
    async with given_away.service.context.database.transaction() as session:
        await book_receipts(session, [free(given_away, "mug", "3")], [])
        described = asyncio.create_task(describe(given_away, "mug", for_sale=True))
        await blocked(session, described)
    (refused,) = (await described)["refused"]
    assert refused["code"] == "goods_left_not_for_sale"
    assert refused["detail"].endswith("There are: north/main 3.")
