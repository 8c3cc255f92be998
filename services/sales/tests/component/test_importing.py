"""Orders come in as files: each is placed by itself and once, and the report says so row by row."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from servicekit.clock import now

HEADER = "reference,customer_id,site_id,warehouse_id,item_id,quantity,unit,amount,batch_id"
GOOD = """PO-1,wang,sh-01,main,tea,3,box,37.50,
PO-2,wang,bj-01,main,rice,1.25,kg,9.90,b1
PO-1,wang,sh-01,main,rice,2,kg,12.00,
"""


async def upload(
    shop: Any, rows: str, key: str | None = None, sites: Any = ("*",), more: str = ""
) -> Any:
    headers = shop.service.headers(["clerk"], sites, **({} if key is None else {"key": key}))
    headers["Content-Type"] = "text/csv"
    content = f"{HEADER}{more}\n{rows}".encode()
    return await shop.service.api.post("/orders/import-file", content=content, headers=headers)


async def report(shop: Any, rows: str, **extra: Any) -> Any:
    answer = await upload(shop, rows, **extra)
    assert answer.status_code == 200, answer.text
    return answer.json()


def outcomes(said: Any) -> list[tuple[str, str]]:
    return [(one["reference"], one["outcome"]) for one in said["orders"]]


def refused(said: Any) -> list[tuple[int, str]]:
    return [(one["line"], one["code"]) for one in said["refused_rows"]]


async def test_each_order_is_placed_by_itself_and_the_same_file_again_places_none(
    shop: Any,
) -> None:
    """B8, H6."""
    said = await report(shop, GOOD)
    assert outcomes(said) == [("PO-1", "placed"), ("PO-2", "placed")]
    first = await shop.read(f"/orders/{said['orders'][0]['order_id']}")
    assert (first["channel"], first["total"], first["status"]) == ("import", "49.5", "reserved")
    assert [(one["item_id"], one["quantity"]) for one in first["lines"]] == [
        ("tea", "3"),
        ("rice", "2"),
    ]
    again = await report(shop, GOOD)
    assert outcomes(again) == [("PO-1", "unchanged"), ("PO-2", "unchanged")]
    assert [one["number"] for one in again["orders"]] == [one["number"] for one in said["orders"]]
    other = await report(shop, GOOD.replace("37.50", "37.51"))
    assert outcomes(other) == [("PO-1", "refused"), ("PO-2", "unchanged")]
    assert refused(other) == [(2, "reference_taken"), (4, "reference_taken")]
    assert len((await shop.read("/orders"))["items"]) == 2


async def test_two_who_send_the_same_file_at_once_place_its_orders_once(shop: Any) -> None:
    """B8."""
    answers = await asyncio.gather(*(upload(shop, GOOD) for _ in range(3)))
    assert {one.status_code for one in answers} == {200}
    assert len((await shop.read("/orders"))["items"]) == 2
    assert shop.line.work_done() == ["reservations", "reservations"]


async def test_what_is_refused_says_why_row_by_row_and_keeps_no_other_order_out(
    shop: Any,
) -> None:
    """H6."""
    rows = """A,wang,sh-01,main,tea,1,box,1.00,
A,wang,sh-01,main,tea,none,box,1.00,
B,nobody,sh-01,main,tea,1,box,1.00,
C,wang,sh-01,main,tea,1,box,1.00,
C,wang,sh-01,main,nothing,1,box,1.00,
D,wang,sh-01,main,tea,1,box,1.00,
D,wang,bj-01,main,tea,1,box,1.00,
E,wang,sh-01,main,tea,0.5,box,1.00,
F,wang,sh-01,main,tea,1,box,1.00,
"""
    said = await report(shop, rows)
    assert outcomes(said)[-1] == ("F", "placed")
    assert refused(said) == [
        (2, "order_torn"),
        (3, "invalid_line"),
        (4, "unknown_customer"),
        (6, "unknown_item"),
        (7, "order_unclear"),
        (8, "order_unclear"),
        (9, "quantity_too_precise"),
    ]
    mended = await report(shop, "B,wang,sh-01,main,tea,1,box,1.00,\n")
    assert outcomes(mended) == [("B", "placed")]


async def test_inventorys_refusal_is_told_for_the_rows_that_are_short_and_can_be_tried_again(
    shop: Any,
) -> None:
    """B3: in its own words."""
    problem = {
        "code": "insufficient_stock",
        "status": 409,
        "detail": "short",
        "warehouse_id": "main",
        "site_id": "sh-01",
        "lines_short": 1,
        "shortages": [{"line_no": 2, "item_id": "rice", "available": "0"}],
    }
    shop.line.refusals["reservations"] = 409, problem
    rows = "".join(row + "\n" for row in GOOD.splitlines() if row.startswith("PO-1"))
    said = await report(shop, rows)
    (order,) = said["orders"]
    assert (order["outcome"], order["code"], order["status"]) == (
        "refused",
        "insufficient_stock",
        "refused",
    )
    assert order["refusal"]["shortages"] == problem["shortages"]
    assert refused(said) == [(3, "insufficient_stock")]
    shop.line.refusals.clear()
    again = await report(shop, rows)
    assert outcomes(again) == [("PO-1", "placed")]


@pytest.mark.parametrize("patience_seconds", [0.5])
async def test_while_inventory_is_silent_the_rest_of_a_file_is_left_alone(shop: Any) -> None:
    await shop.line.down()
    rows = "".join(f"P{no},wang,sh-01,main,tea,1,box,1.00,\n" for no in range(40))
    said = await report(shop, rows)
    assert said["waiting"] + said["refused"] == 40
    assert 0 < said["waiting"] <= 16
    assert {code for _, code in refused(said)} == {"not_tried"}
    await shop.line.up()
    await shop.settle()
    again = await report(shop, rows)
    assert (again["unchanged"], again["placed"]) == (said["waiting"], said["refused"])


async def test_a_file_is_bounded_and_of_the_callers_sites(shop: Any) -> None:
    many = "".join(f"P{no},wang,sh-01,main,tea,1,box,1.00,\n" for no in range(501))
    answer = await upload(shop, many)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_orders")
    long = await report(shop, "L,wang,sh-01,main,tea,1,box,1.00,\n" * 501)
    assert {code for _, code in refused(long)} == {"order_too_long"}
    mine = await report(shop, GOOD, sites=["bj-01"])
    assert outcomes(mine) == [("PO-1", "refused"), ("PO-2", "placed")]
    assert refused(mine) == [(2, "site_forbidden"), (4, "site_forbidden")]


async def test_rows_name_units_and_say_what_their_order_was_promised(shop: Any) -> None:
    """B2, B5, H6: a file without these columns is the same as one that leaves them empty."""
    said = await report(shop, GOOD)
    empty = "\n".join(f"{row},,," for row in GOOD.split())
    again = await report(shop, empty, more=",serials,shortage,promised_on")
    assert [one["order_id"] for one in again["orders"]] == [
        one["order_id"] for one in said["orders"]
    ]
    day = str(now().date() + timedelta(days=9))
    rows = f"""PO-8,wang,sh-01,main,tea,2,box,9,,S1; S2,backorder,{day}
PO-9,wang,sh-01,main,tea,1,box,9,,,backorder,{day}
PO-9,wang,sh-01,main,rice,1,kg,9,,,refuse,{day}
"""
    told = await report(shop, rows, more=",serials,shortage,promised_on")
    assert outcomes(told) == [("PO-8", "placed"), ("PO-9", "refused")]
    assert refused(told) == [(3, "order_unclear"), (4, "order_unclear")]
    shown = await shop.read(f"/orders/{told['orders'][0]['order_id']}")
    assert (shown["lines"][0]["serials"], shown["shortage"]) == (["S1", "S2"], "backorder")
    assert shown["promised_at"] is not None
