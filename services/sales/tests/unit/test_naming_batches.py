"""The rules by which lines take the batches that are proposed for them, to the cent (B5)."""

from dataclasses import replace
from decimal import Decimal

from sales.orders.domain.changing import adds_goods
from sales.orders.domain.lines import BatchChoice, OrderLine
from sales.orders.domain.naming import Named, leave_it_to, name_batches


def line(number: int, item: str, quantity: str, amount: str, batch: str = "") -> OrderLine:
    return OrderLine(
        line_no=number,
        item_id=item,
        unit="pcs",
        quantity=Decimal(quantity),
        amount=Decimal(amount),
        batch_id=batch,
        batch_choice=BatchChoice.NAMED if batch else BatchChoice.FEFO,
    )


def told(named: Named) -> list[tuple[int, int, str, str, str]]:
    return [
        (one.line_no, named.of[one.line_no], str(one.quantity), str(one.amount), one.batch_id)
        for one in named.lines
    ]


def proposed(**batches: int) -> dict[str, Decimal]:
    return {batch: Decimal(much) for batch, much in batches.items()}


def test_lines_take_batches_in_turn_and_what_none_covers_stands_last() -> None:
    lines = [line(1, "milk", "4", "1.00"), line(2, "milk", "3", "1.00"), line(3, "tea", "1", "5")]
    named = name_batches(lines, {"milk": proposed(A=5, B=1)})
    assert told(named) == [
        (4, 1, "4", "1.00", "A"),
        (5, 2, "1", "0.33", "A"),
        (6, 2, "1", "0.33", "B"),
        (7, 3, "1", "5", ""),
        (8, 2, "1", "0.34", ""),
    ]
    assert named.asked == 4


def test_what_another_line_names_is_not_taken_twice() -> None:
    lines = [line(1, "milk", "4", "8", "A"), line(2, "milk", "3", "6")]
    named = name_batches(lines, {"milk": proposed(A=5, B=2)})
    assert told(named)[1:] == [(4, 2, "1", "2.00", "A"), (5, 2, "2", "4.00", "B")]
    assert named.asked == 3


def test_of_a_batch_that_is_named_in_another_unit_only_the_rest_is_taken() -> None:
    """A case of twelve takes A, so of the nine that are proposed beside it two are of B."""
    case = replace(line(1, "milk", "1", "12", "A"), unit="case")
    named = name_batches([case, line(2, "milk", "9", "9")], {"milk": proposed(A=19, B=2)})
    assert told(named)[1:] == [(4, 2, "2", "2.00", "B"), (5, 2, "7", "7.00", "A")]
    assert named.asked == 3


def test_batches_are_left_to_the_proposal_only_where_every_line_agrees() -> None:
    agreed = line(1, "milk", "4", "8")
    by_name = OrderLine(
        line_no=2, item_id="milk", unit="pcs", quantity=Decimal(1), amount=Decimal(2)
    )
    assert leave_it_to([agreed], "milk")
    assert leave_it_to([agreed, line(2, "milk", "1", "2", "A")], "milk")
    assert not leave_it_to([agreed, by_name], "milk")
    assert not leave_it_to([agreed], "tea")


def test_to_name_a_batch_adds_nothing_but_more_of_it_does() -> None:
    before = [line(1, "milk", "4", "8")]
    assert not adds_goods(before, [line(2, "milk", "1", "2", "A"), line(3, "milk", "3", "6", "B")])
    assert not adds_goods(before, [line(2, "milk", "1", "2", "A"), line(3, "milk", "3", "6")])
    assert adds_goods(before, [line(2, "milk", "2", "4", "A"), line(3, "milk", "3", "6")])
    assert adds_goods([line(1, "milk", "4", "8", "A")], [line(2, "milk", "4", "8")])
