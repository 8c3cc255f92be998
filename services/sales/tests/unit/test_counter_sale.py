"""A counter sale ends in exactly one way, and what has left is never refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from sales.counter.domain.refusals import BasketToldTwice, SaleNotUncovered, SoldInFuture
from sales.counter.domain.sale import CounterSale, Money, SaleStatus, moment_sold
from sales.counter.domain.take_back import Back, lines_taken_back
from sales.counter.domain.take_back_refusals import SaleNotKept, TakeBackExceedsSale
from sales.orders.domain.lines import OrderLine

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SALE, SHIPMENT, FIRST, SECOND = (UUID(int=number) for number in range(1, 5))
TEA = OrderLine(
    line_no=1, item_id="tea", unit="box", quantity=Decimal(3), amount=Decimal("37.50"), serials=()
)
WHY = {"code": "insufficient_stock", "shortages": []}


def sale(**changes: Any) -> CounterSale:
    told = {
        "site_id": "sh-01",
        "sale_id": SALE,
        "number": "CS-1",
        "device": "till-1",
        "basket_no": "7",
        "customer_id": "walk-in",
        "warehouse_id": "main",
        "currency": "CNY",
        "total": Decimal("37.50"),
        "lines": (TEA,),
        "sold_at": NOON,
        "is_late": True,
        "taken_at": NOON,
        "taken_by": "li",
    }
    return CounterSale(**told | changes)


def uncovered() -> CounterSale:
    one = sale()
    one.deny("insufficient_stock", WHY, NOON)
    return one


def test_a_covered_sale_ships_and_waits_no_longer() -> None:
    one = sale()
    assert one.is_open
    assert one.due_at == NOON + timedelta(seconds=2)
    one.cover(SHIPMENT, NOON)
    assert (one.status, one.shipment_id, one.due_at) == (SaleStatus.SOLD, SHIPMENT, None)
    assert one.closed_at == NOON


def test_goods_that_are_still_in_the_shop_are_refused() -> None:
    one = sale(is_late=False)
    one.deny("insufficient_stock", WHY, NOON)
    assert (one.status, one.cause, one.closed_at) == (
        SaleStatus.REFUSED,
        "insufficient_stock",
        NOON,
    )


def test_goods_that_have_left_are_an_exception_and_stay_one_until_somebody_closes_it() -> None:
    one = uncovered()
    assert (one.status, one.cause, one.problem) == (
        SaleStatus.UNCOVERED,
        "insufficient_stock",
        WHY,
    )
    assert (one.closed_at, one.due_at) == (None, None)


def test_asking_afresh_is_a_new_question_and_a_repeat_of_it_is_not() -> None:
    one = uncovered()
    assert one.ask_again(FIRST, "li", NOON)
    assert (one.status, one.round) == (SaleStatus.OPEN, 1)
    assert not one.ask_again(FIRST, "li", NOON)
    with pytest.raises(SaleNotUncovered):
        one.ask_again(SECOND, "li", NOON)
    assert one.round == 1
    one.cover(SHIPMENT, NOON)
    assert (one.cause, one.problem) == (None, None)
    assert not one.ask_again(FIRST, "li", NOON)


def test_what_is_written_off_stays_so_and_says_why() -> None:
    one = uncovered()
    one.write_off(Money.KEPT, "manager", "counted wrongly in the spring", NOON)
    assert (one.status, one.reason, one.closed_by) == (
        SaleStatus.WRITTEN_OFF,
        "counted wrongly in the spring",
        "manager",
    )
    with pytest.raises(SaleNotUncovered):
        one.ask_again(FIRST, "li", NOON)
    with pytest.raises(SaleNotUncovered):
        one.write_off(Money.REFUNDED, "manager", "he came back", NOON)
    assert one.money is Money.KEPT


def test_of_what_was_written_off_long_ago_the_money_can_be_told_once() -> None:
    one = sale(status=SaleStatus.WRITTEN_OFF)
    one.write_off(Money.REFUNDED, "manager", "the till was paid back", NOON)
    assert (one.money, one.reason) == (Money.REFUNDED, "the till was paid back")
    with pytest.raises(SaleNotUncovered):
        one.write_off(Money.KEPT, "manager", "it was not", NOON)


@pytest.mark.parametrize("status", [SaleStatus.OPEN, SaleStatus.SOLD, SaleStatus.REFUSED])
def test_only_an_exception_can_be_written_off(status: SaleStatus) -> None:
    with pytest.raises(SaleNotUncovered):
        sale(status=status).write_off(Money.KEPT, "manager", "because", NOON)


def test_the_wait_for_inventory_doubles_up_to_a_minute() -> None:
    one, waits = sale(), []
    for _ in range(7):
        one.try_again(NOON)
        assert one.due_at is not None
        waits.append((one.due_at - NOON).total_seconds())
    assert waits == [4, 8, 16, 32, 60, 60, 60]


def test_a_till_that_tells_the_same_again_is_not_doubted() -> None:
    sale().must_be_same(sale(sale_id=FIRST, number="", taken_by="wang"))


@pytest.mark.parametrize(
    "other", [{"total": Decimal(1)}, {"lines": ()}, {"sold_at": NOON - timedelta(hours=1)}]
)
def test_a_till_that_uses_a_number_for_two_baskets_is_told_so(other: dict[str, Any]) -> None:
    with pytest.raises(BasketToldTwice):
        sale().must_be_same(sale(**other))


def test_a_sale_is_made_now_or_when_the_till_says_and_never_tomorrow() -> None:
    assert moment_sold(None, NOON) == NOON
    assert moment_sold(NOON - timedelta(days=3), NOON) == NOON - timedelta(days=3)
    with pytest.raises(SoldInFuture):
        moment_sold(NOON + timedelta(minutes=6), NOON)


def kept() -> CounterSale:
    one = uncovered()
    one.write_off(Money.KEPT, "boss", "baked in the shop", NOON)
    return one


def test_what_comes_back_in_parts_is_paid_back_as_a_whole() -> None:
    before: dict[int, Back] = {}
    paid_back = []
    for _ in range(3):
        (line,) = lines_taken_back(kept(), before, [(1, Decimal(1))])
        past = before.get(1, Back())
        before[1] = Back(quantity=past.quantity + line.quantity, amount=past.amount + line.amount)
        paid_back.append(line.amount)
    assert sum(paid_back) == TEA.amount
    with pytest.raises(TakeBackExceedsSale):
        lines_taken_back(kept(), before, [(1, Decimal("0.000001"))])


def test_a_basket_that_inventory_has_not_answered_for_yet_pays_nothing_back() -> None:
    with pytest.raises(SaleNotKept) as refused:
        lines_taken_back(sale(), {}, [(1, Decimal(1))])
    assert refused.value.facts["status"] == "open"
