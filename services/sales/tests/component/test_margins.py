"""What was earned: from costing's facts, in any order, however often they come."""

import itertools
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.costing import CostOfSalesCorrected, GoodsReturnedCosted, GoodsSoldCosted
from contracts.inventory import ItemDefined
from servicekit.clock import now

PAGE = "/reports/margins"


async def shipped(shop: Any, **changes: Any) -> dict[str, Any]:
    order = await shop.reserved(**changes)
    paid = await shop.pay(order["order_id"], order["total"])
    assert paid.status_code == 200, paid.text
    return dict((await shop.send(f"/orders/{order['order_id']}/ship")).json())


def sold(shipment: Any, line_no: int, cost: str, sequence: int) -> GoodsSoldCosted:
    line = shipment["lines"][line_no - 1]
    return GoodsSoldCosted(
        site_id=shipment["site_id"],
        item_id=line["item_id"],
        sequence=sequence,
        shipment_id=shipment["shipment_id"],
        line_no=line_no,
        order_id=shipment["order_id"],
        quantity=Decimal(line["quantity"]),
        unit_cost=Decimal(1),
        cost=Decimal(cost),
        currency="CNY",
        costed_at=now(),
    )


def corrected(amount: str, sequence: int, receipt: int = 1) -> CostOfSalesCorrected:
    return CostOfSalesCorrected(
        site_id="sh-01",
        item_id="tea",
        sequence=sequence,
        cause="invoice",
        document_id=uuid4(),
        document_number="I-1",
        line_no=1,
        receipt_sequence=receipt,
        amount=Decimal(amount),
        currency="CNY",
        effective_at=now(),
        costed_at=now(),
    )


async def margins(shop: Any, **asked: Any) -> list[dict[str, Any]]:
    return list((await shop.read(PAGE, **asked))["items"])


async def test_amount_cost_and_margin_and_what_is_not_costed_yet(shop: Any) -> None:
    shipment = await shipped(shop)
    (before,) = await margins(shop)
    assert (before["lines"], before["lines_not_costed"], before["margin"]) == (2, 2, "0")
    assert (before["amount"], before["margin_percent"]) == ("47.4", None)
    assert before["oldest_not_costed_at"]
    await shop.service.deliver(sold(shipment, 1, "30.00", 2))
    (half,) = await margins(shop)
    assert (half["lines_not_costed"], half["amount_costed"], half["cost"]) == (1, "37.5", "30")
    assert (half["margin"], half["margin_percent"]) == ("7.5", "20")
    await shop.service.deliver(sold(shipment, 2, "5.00", 2))
    (whole,) = await margins(shop, by="site")
    assert (whole["key"], whole["margin"], whole["lines_not_costed"]) == ("sh-01", "12.4", 0)
    assert whole["costed_at"]


@pytest.mark.parametrize("by", ["order", "line", "item", "site", "customer", "day", "month"])
async def test_all_ways_of_summing_up_come_to_the_same(shop: Any, by: str) -> None:
    for _ in range(2):
        shipment = await shipped(shop)
        for line_no, cost in ((1, "30.00"), (2, "5.00")):
            await shop.service.deliver(sold(shipment, line_no, cost, 2))
    rows = await margins(shop, by=by)
    assert sum(Decimal(one["margin"]) for one in rows) == Decimal("24.8")
    paged, cursor = list[str](), None
    for _ in rows:
        page = await shop.read(PAGE, by=by, limit=1, **({"cursor": cursor} if cursor else {}))
        paged += [one["key"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (paged, cursor) == ([one["key"] for one in rows], None)
    assert await margins(shop, by=by, until="2020-01-01T00:00:00Z") == []


async def test_a_return_takes_its_cost_back(shop: Any) -> None:
    """B7: and until costing has said how much, the line counts as not costed."""
    shipment = await shipped(shop)
    lines = [{"shipment_line_no": 1, "quantity": "1"}]
    body = {"shipment_id": shipment["shipment_id"], "lines": lines}
    made = (await shop.send("/returns", body)).json()
    for step in ("audit", "post"):
        await shop.send(f"/returns/{made['return_id']}/{step}")
    await shop.service.deliver(sold(shipment, 1, "30.00", 2))
    (tea,) = await margins(shop, item_id="tea")
    assert (tea["amount"], tea["lines_not_costed"]) == ("25", 1)
    back = GoodsReturnedCosted(
        site_id="sh-01",
        item_id="tea",
        sequence=3,
        return_id=UUID(made["return_id"]),
        line_no=1,
        shipment_id=shipment["shipment_id"],
        shipment_line_no=1,
        order_id=shipment["order_id"],
        quantity=Decimal(1),
        cost=Decimal(10),
        currency="CNY",
        costed_at=now(),
    )
    await shop.service.deliver(back)
    (tea,) = await margins(shop, item_id="tea")
    assert (tea["cost"], tea["margin"], tea["lines_not_costed"]) == ("20", "5", 0)


async def test_what_is_lost_on_its_way_stays_part_of_the_cost_and_is_shown_apart(
    shop: Any,
) -> None:
    """B7: no cost of a return is waited for, since nothing comes back."""
    shipment = await shipped(shop)
    lines = [{"shipment_line_no": 1, "quantity": "1"}]
    body = {"shipment_id": shipment["shipment_id"], "lines": lines, "cause": "lost"}
    made = (await shop.send("/returns", body | {"reason": "the lorry burnt"})).json()
    for step, by in (("audit", "anna"), ("post", "ben")):
        answer = await shop.send(f"/returns/{made['return_id']}/{step}", subject=by)
        assert answer.is_success, answer.text
    await shop.service.deliver(sold(shipment, 1, "30.00", 2))
    (tea,) = await margins(shop, item_id="tea")
    assert (tea["amount"], tea["lines_not_costed"]) == ("25", 0)
    assert (tea["cost"], tea["cost_lost"], tea["margin"]) == ("30", "10", "-5")


@pytest.mark.parametrize("place", [0, 29, 61, 119])
async def test_a_correction_is_borne_by_the_lines_after_its_receipt_in_any_order_of_facts(
    shop: Any, place: int
) -> None:
    """C7, E2."""
    first, second, third = [await shipped(shop) for _ in range(3)]
    facts = [sold(first, 1, "30", 2), sold(second, 1, "30", 4), sold(third, 1, "30", 7)]
    facts += [corrected("1.01", 6, receipt=1), corrected("-0.50", 8, receipt=3)]
    told = list(itertools.permutations(facts))[place]
    for fact in (*told, *told):
        await shop.service.deliver(fact)
    rows = await margins(shop, item_id="tea")
    assert [(one["cost"], one["corrections"]) for one in rows] == [
        ("30.51", "0.51"),
        ("30.25", "0.25"),
        ("29.75", "-0.25"),
    ]


async def test_gifts_and_what_was_free_are_no_part_of_the_margin_and_listed_apart(
    shop: Any,
) -> None:
    """C3."""
    lines = [
        {"item_id": "tea", "quantity": "1", "unit": "box", "amount": "12.00"},
        {"item_id": "rice", "quantity": "1", "unit": "kg", "amount": "0"},
    ]
    shipment = await shipped(shop, lines=lines)
    for line_no, cost in ((1, "10.00"), (2, "4.00")):
        await shop.service.deliver(sold(shipment, line_no, cost, 2))
    (row,) = await margins(shop)
    assert (row["lines"], row["margin"], row["free_lines"], row["free_cost"]) == (1, "2", 1, "4")
    (free,) = (await shop.read(f"{PAGE}/free-lines"))["items"]
    assert (free["item_id"], free["cost"]) == ("rice", "4")
    sample = ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0, for_sale=False)
    await shop.service.deliver(sample)
    (row,) = await margins(shop)
    assert (row["lines"], row["free_lines"]) == (0, 2)


async def test_margins_are_of_the_callers_sites_and_leave_as_files(shop: Any) -> None:
    """H6."""
    await shipped(shop)
    assert (await shop.read(PAGE, ["bj-01"]))["items"] == []
    assert (await shop.read(PAGE, ["bj-01"], site_id="sh-01"))["code"] == "site_forbidden"
    for form in ("csv", "xlsx", "parquet"):
        headers = shop.service.headers(["finance"])
        path = f"{PAGE}/export?form={form}&by=line"
        assert (await shop.service.api.get(path, headers=headers)).status_code == 200
    clerk = await shop.service.api.get(PAGE, headers=shop.service.headers(["clerk"]))
    assert (clerk.status_code, clerk.json()["code"]) == (403, "role_missing")
