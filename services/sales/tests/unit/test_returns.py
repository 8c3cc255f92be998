"""What may come back of a shipment, and what is paid back for it (B7)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.returns.domain.customer_return import CustomerReturn, ReturnLine
from sales.returns.domain.refusals import (
    ReturnAlreadyPosted,
    ReturnChanged,
    ReturnedGoodsDiffer,
    ReturnExceedsShipment,
    ReturnNotAudited,
    ReturnNotDraft,
    ReturnNotExchangeable,
    ShipmentLinesUnclear,
)
from sales.returns.domain.shipped import ZERO, LineWanted, ShippedLine, must_be_returnable
from sales.returns.domain.states import ReturnCause, ReturnStatus

AT = datetime(2026, 11, 23, tzinfo=UTC)
TEA = ShippedLine(
    line_no=1, item_id="tea", unit="box", quantity=Decimal(5), amount=Decimal(10), batch_id="L1"
)
PHONES = ShippedLine(
    line_no=2,
    item_id="phone",
    unit="EA",
    quantity=Decimal(2),
    amount=Decimal(1999),
    serials=("a", "b"),
)
SHIPPED = {1: TEA, 2: PHONES}


def of(line_no: int, quantity: str, batch_id: str = "", *serials: str) -> LineWanted:
    return LineWanted(
        shipment_line_no=line_no, quantity=Decimal(quantity), batch_id=batch_id, serials=serials
    )


def test_what_was_shipped_can_come_back() -> None:
    must_be_returnable("SH-1", [of(1, "5", "L1"), of(2, "1", "", "b")], SHIPPED)


def test_no_more_comes_back_than_left_and_the_refusal_gives_every_figure() -> None:
    claimed = {
        1: replace(TEA, claimed=Decimal(4)),
        2: replace(PHONES, claimed=Decimal(1), claimed_serials=frozenset({"a"})),
    }
    with pytest.raises(ReturnExceedsShipment) as refused:
        must_be_returnable("SH-1", [of(1, "2", "L1"), of(2, "2", "", "a", "b")], claimed)
    tea, phones = refused.value.facts["lines"]  # type: ignore[misc]
    assert (tea["shipped"], tea["returned"], tea["requested"]) == ("5", "4", "2")
    assert (tea["returnable"], phones["returnable"]) == ("1", "1")


@pytest.mark.parametrize(
    "wanted",
    [
        of(1, "1"),
        of(1, "1", "L2"),
        of(1, "1", "L1", "x"),
        of(2, "1"),
        of(2, "1", "", "c"),
        of(2, "2", "", "a", "a"),
    ],
    ids=["no batch", "another batch", "a unit of none", "no unit", "not shipped", "one twice"],
)
def test_what_comes_back_is_named_as_it_was_shipped(wanted: LineWanted) -> None:
    with pytest.raises(ReturnedGoodsDiffer) as refused:
        must_be_returnable("SH-1", [wanted], SHIPPED)
    assert len(refused.value.facts["lines"]) == 1  # type: ignore[arg-type]


def test_a_unit_comes_back_once() -> None:
    gone = {2: replace(PHONES, claimed=Decimal(1), claimed_serials=frozenset({"a"}))}
    with pytest.raises(ReturnedGoodsDiffer) as refused:
        must_be_returnable("SH-1", [of(2, "1", "", "a")], gone)
    (line,) = refused.value.facts["lines"]  # type: ignore[misc]
    assert line["serials_returnable"] == ["b"]


def test_lines_that_are_none_or_named_twice_are_all_told() -> None:
    with pytest.raises(ShipmentLinesUnclear) as refused:
        must_be_returnable("SH-1", [of(1, "1", "L1"), of(1, "1", "L1"), of(7, "1")], SHIPPED)
    assert [one["line_no"] for one in refused.value.facts["lines"]] == [1, 2, 3]  # type: ignore[attr-defined]


def test_what_is_left_is_named_as_it_can_come_back() -> None:
    gone = replace(PHONES, claimed=Decimal(1), claimed_serials=frozenset({"a"}))
    assert gone.rest == of(2, "1", "", "b")


def test_free_goods_bring_no_money() -> None:
    assert replace(TEA, amount=ZERO).refund(Decimal(3)) == 0


amounts = st.decimals("0", "99999", places=2)
parts_of_a_line = st.lists(st.decimals("0.001", "99", places=3), min_size=1, max_size=8)


@given(amounts, parts_of_a_line)
def test_the_parts_are_paid_back_to_the_cent_and_never_more_than_was_paid(
    amount: Decimal, parts: list[Decimal]
) -> None:
    line = replace(TEA, quantity=sum(parts, ZERO), amount=amount)
    for part in parts:
        paid = line.refund(part)
        assert 0 <= paid <= amount - line.refunded
        line = replace(line, returned=line.returned + part, refunded=line.refunded + paid)
    assert line.refunded == amount


def drafted() -> CustomerReturn:
    line = ReturnLine(
        line_no=1, shipment_line_no=1, item_id="tea", unit="box", quantity=Decimal(2), batch_id="L1"
    )
    return CustomerReturn(
        return_id=UUID(int=1),
        number="RT-1",
        cause=ReturnCause.CUSTOMER,
        shipment_id=UUID(int=2),
        shipment_number="SH-1",
        order_id=UUID(int=3),
        customer_id="wang",
        site_id="sh-01",
        warehouse_id="main",
        currency="CNY",
        reason=None,
        returned_at=AT,
        returned_by="anna",
        lines=[line],
    )


def test_a_return_goes_from_draft_to_posted_by_its_steps() -> None:
    one = drafted()
    with pytest.raises(ReturnNotAudited):
        one.post(SHIPPED, "bob", AT)
    one.audit("bob", AT)
    with pytest.raises(ReturnNotDraft):
        one.audit("bob", AT)
    assert one.post(SHIPPED, "bob", AT) == Decimal("4.00")
    assert (one.status, one.refund, one.lines[0].amount) == (ReturnStatus.POSTING, 4, 4)
    one.book(AT)
    one.book(AT)
    assert (one.status, one.version) == (ReturnStatus.POSTED, 4)


def test_a_posted_return_is_neither_posted_again_nor_cancelled() -> None:
    one = drafted()
    one.audit("bob", AT)
    one.post(SHIPPED, "bob", AT)
    with pytest.raises(ReturnAlreadyPosted):
        one.post(SHIPPED, "bob", AT)
    with pytest.raises(ReturnAlreadyPosted):
        one.cancel("bob", AT)


def test_a_cancelled_return_stays_so_and_is_not_exchanged() -> None:
    one = drafted()
    one.cancel("bob", AT)
    one.cancel("eve", AT)
    assert (one.status, one.version, one.cancelled_by) == (ReturnStatus.CANCELLED, 2, "bob")
    with pytest.raises(ReturnNotExchangeable):
        one.exchange(UUID(int=9))


def test_a_step_is_taken_from_the_version_that_was_seen() -> None:
    one = drafted()
    one.must_be_at({1})
    one.must_be_at(None)
    one.audit("bob", AT)
    with pytest.raises(ReturnChanged):
        one.must_be_at({1})
