"""C4: names and prices are held against what was agreed, and only what agrees needs nobody."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.recognition.domain import (
    Agreed,
    Held,
    Names,
    Said,
    doubts_of,
    hold,
    judge,
    meant_by,
    said_lines,
)
from purchasing.recognition.domain.agreed import looks_alike
from purchasing.reference.domain import Conversion, Units

LEAST = Decimal("0.85")
ALL = {"name", "specification", "unit", "unit_price"}
WATER, SODA = ("*软饮料*矿泉水", "550ml"), ("*软饮料*汽水", "330ml")
NAMES = Names({WATER: "water", SODA: "soda"})


def agreed(
    item_id: str = "water", cost: str = "1.25", quantity: str = "240", **more: Any
) -> Agreed:
    units = Units(item_id, "瓶", 0, {"箱": Conversion(1, 24, 1)})
    facts = {
        "receipt_id": UUID(int=1),
        "return_id": None,
        "line_no": 1,
        "item_id": item_id,
        "item_name": {"water": "矿泉水 550ml", "soda": "汽水 330ml"}.get(item_id, item_id),
        "unit": "瓶",
        "units": units,
        "quantity": Decimal(quantity),
        "unit_cost": Decimal(cost),
    }
    return Agreed(**{**facts, **more})


OWED = [agreed(), agreed("soda", "2.50", line_no=2)]


def said(
    named: tuple[str, str] = WATER, price: str = "1.25", quantity: str = "240", **more: Any
) -> Said:
    facts = {
        "line_no": 1,
        "name": named[0],
        "specification": named[1],
        "unit": "瓶",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
    }
    return Said(**{**facts, **more})


def held(line: Said, owed: Sequence[Agreed] = OWED, names: Names = NAMES) -> Held:
    (found,) = hold([line], owed, names)
    return found


def test_a_name_and_the_price_agreed_for_what_it_names_prove_each_other() -> None:
    found = held(said())
    assert (set(found.proven), found.contradicted, dict(found.expected)) == (ALL, (), {})
    assert found.agreed == OWED[0]


def test_so_does_our_own_name_for_the_item_with_its_specification() -> None:
    found = held(said(("*水*矿泉水", "550ml")), names=Names())
    assert set(found.proven) == ALL
    bare = held(said(("*水*矿泉水 550ml", "")), names=Names())
    assert set(bare.proven) == {"name", "unit", "unit_price"}, "a specification may be unseen"


def test_a_specification_that_only_the_eye_has_seen_is_in_doubt_beside_the_one_known() -> None:
    water = agreed(item_name="矿泉水")
    found = held(said((WATER[0], "550m1")), [water])
    assert set(found.proven) == {"name", "unit", "unit_price"}
    assert dict(found.expected) == {"specification": "550ml"}


def test_a_price_may_be_that_of_another_unit_of_the_item() -> None:
    assert set(held(said(price="30.00", quantity="10", unit="箱")).proven) == ALL


@pytest.mark.parametrize(
    "line",
    [
        said(price="1.26"),
        said(price="1.24"),
        said(price="12.5"),
        said(price="1.251"),
        said(price="30.01", unit="箱", quantity="10"),
        said(price="1.25", unit="箱", quantity="10"),
        said(price="2.50"),
        said(SODA, price="1.25"),
        said(quantity="241"),
    ],
    ids=lambda one: f"{one.name} {one.unit_price}/{one.unit} x {one.quantity}",
)
def test_a_price_that_is_not_agreed_for_that_name_puts_both_in_doubt(line: Said) -> None:
    """One digit off, the price of other goods, of another unit, for more than was received."""
    found = held(line)
    assert found.proven == ()
    assert {"name", "unit_price"} <= set(found.contradicted)
    assert "unit_price" in found.expected


def test_the_value_that_was_agreed_stands_beside_the_one_in_doubt() -> None:
    assert dict(held(said(price="1.35")).expected) == {"name": WATER[0], "unit_price": "1.25"}
    by_case = held(said(price="31.00", quantity="10", unit="箱"))
    assert by_case.expected["unit_price"] == "30"
    unknown = held(said(unit="袋"))
    assert {"unit", "unit_price"} <= set(unknown.contradicted)
    assert (unknown.expected["unit"], unknown.expected["unit_price"]) == ("瓶", "1.25")


def test_lines_whose_names_were_swapped_are_in_doubt_both() -> None:
    lines = [said(SODA, "1.25"), said(WATER, "2.50", line_no=2)]
    found = hold(lines, OWED, NAMES)
    assert [one.proven for one in found] == [(), ()]
    assert [one.expected["unit_price"] for one in found] == ["2.5", "1.25"]


@pytest.mark.parametrize(
    "named",
    [
        ("*软饮料*矿泉水", "500ml"),
        ("*软饮料*矿泉水", "550m1"),
        ("*软饮料*矿泉氷", "550ml"),
        ("*软饮料*矿泉水", ""),
        ("*软饮料*矿 泉水", "550ml"),
        ("*饮料*矿泉水", "5500ml"),
    ],
)
def test_a_name_one_sign_off_is_no_name_that_is_known(named: tuple[str, str]) -> None:
    """Its price alone proves nothing, but says what it may be."""
    found = held(said(named))
    assert found.proven == ()
    assert found.expected["name"] == WATER[0]
    assert (found.agreed, found.meant) == (OWED[0], None)


def test_names_that_look_alike_prove_nothing_where_their_prices_do_not_differ() -> None:
    """550ml, misread as the 500ml that is sold at the same price."""
    names = Names({WATER: "water", (WATER[0], "500ml"): "small"})
    same = [agreed(), agreed("small", "1.25", line_no=2)]
    other = [agreed(), agreed("small", "1.10", line_no=2)]
    line = said((WATER[0], "500ml"))
    assert held(line, same, names).proven == ()
    assert set(held(replace(line, unit_price=Decimal("1.10")), other, names).proven) == ALL
    assert held(line, other, names).contradicted


def test_an_item_that_was_never_invoiced_may_be_the_one_that_looks_alike() -> None:
    small = agreed("small", "1.25", line_no=2, item_name="矿泉水 500ml")
    assert held(said(), [agreed(), small], NAMES).proven == ()


def test_a_name_of_goods_that_are_not_to_be_invoiced_is_in_doubt_while_others_are() -> None:
    found = held(said(price="2.50"), [agreed("soda", "2.50")])
    assert (found.proven, found.contradicted) == ((), ("name",))
    assert found.expected["name"] == SODA[0]


def test_where_nothing_is_to_be_invoiced_a_name_that_was_confirmed_is_proven_alone() -> None:
    assert set(held(said(), []).proven) == {"name", "specification"}
    twin = Names({WATER: "water", (WATER[0], "500ml"): "small"})
    assert held(said(), [], twin).proven == ()
    assert held(said(), [], Names(NAMES.known, complete=False)).proven == ()
    assert held(said(), [], Names()).proven == ()


def test_what_one_line_takes_is_not_there_for_the_next() -> None:
    twice = hold([said(), said(line_no=2)], OWED, NAMES)
    assert [bool(one.proven) for one in twice] == [True, False]
    parts = [agreed(quantity="100"), agreed(quantity="140", line_no=2)]
    assert held(said(), parts).proven


def test_a_discount_is_named_as_the_line_it_follows() -> None:
    less = said(line_no=2, is_discount=True)
    assert hold([said(), less], OWED, NAMES)[1].proven == ("name",)
    assert hold([said(price="1.26"), less], OWED, NAMES)[1].proven == ()
    other = replace(less, name=SODA[0])
    assert hold([said(), other], OWED, NAMES)[1].proven == ()


def test_two_items_of_one_name_are_told_apart_by_nobody_but_a_person() -> None:
    twins = [agreed("a", item_name="茶"), agreed("b", item_name="茶", line_no=2)]
    assert meant_by(said(("茶", "")), twins, Names()) is None
    known = Names({("茶", ""): "a"})
    assert held(said(("茶", "")), twins, known).proven == ()


@pytest.mark.parametrize(
    ("cost", "printed", "same"),
    [
        ("8.333333", "100", True),
        ("8.333333", "100.01", False),
        ("8.333333", "99.99", False),
    ],
)
def test_a_cost_that_was_rounded_is_the_price_it_was_rounded_from(
    cost: str,
    printed: str,
    same: bool,  # noqa: FBT001
) -> None:
    units = Units("water", "瓶", 0, {"打": Conversion(1, 12, 1)})
    one = agreed(cost=cost, units=units)
    assert one.has_price(said(price=printed, unit="打")) is same


@given(
    cost=st.decimals("0.01", "99999", places=2),
    off=st.decimals("0.01", "99", places=2),
    many=st.integers(1, 1_000_000),
)
def test_no_other_price_of_whole_cents_is_ever_taken_for_the_one_agreed(
    cost: Decimal, off: Decimal, many: int
) -> None:
    """In any unit, however many of the base unit it is."""
    units = Units("water", "瓶", 0, {"箱": Conversion(1, many, 1)})
    one = agreed(cost=str(cost), units=units)
    assert one.has_price(said(price=str(cost * many), unit="箱"))
    assert not one.has_price(said(price=str(cost * many + off), unit="箱"))
    assert not one.has_price(said(price=str(cost + off)))


@given(st.text("ab1 *", max_size=6), st.text("ab1 *", max_size=6))
def test_names_look_alike_from_both_sides(one: str, other: str) -> None:
    assert looks_alike((one, "x"), (other, "y")) == looks_alike((other, "y"), (one, "x"))


# ------------------------------------------------------------------ as it is read

HEAD = {
    "number": "26312000000123456789",
    "issued_on": "2026-11-20",
    "buyer_name": "北京和美饮料有限公司",
    "buyer_tax_id": "91110000802100433B",
    "seller_name": "上海恒信食品有限公司",
    "seller_tax_id": "91110000802100433B",
    "net": "300.00",
    "tax": "39.00",
    "total": "339.00",
    "total_in_words": "叁佰叁拾玖圆整",
}
LINE = {
    "name": WATER[0],
    "specification": WATER[1],
    "unit": "瓶",
    "quantity": "240",
    "unit_price": "1.25",
    "amount": "300.00",
    "tax_rate": "13%",
    "tax": "39.00",
}


def reading(form: str = "picture", **line: str) -> dict[str, Any]:
    def field(value: str) -> dict[str, Any]:
        return {"value": value, "confidence": "0.97", "page": 1, "box": [0, 0, 9, 9]}

    return {
        "form": form,
        "code_says": {name: HEAD[name] for name in ("number", "issued_on", "total")},
        "head": {name: field(value) for name, value in HEAD.items()},
        "lines": [{name: field(value) for name, value in {**LINE, **line}.items()}],
    }


def judged(read: dict[str, Any], owed: Sequence[Agreed] = OWED) -> dict[str, Any]:
    found = hold(said_lines(read), owed, NAMES)
    return judge(read, Decimal("339.00"), seller_known=True, held=found)


def doubts(read: dict[str, Any], least: Decimal = LEAST) -> set[str]:
    return {one for one in doubts_of(judged(read), least) if one.startswith("lines.")}


@pytest.mark.parametrize("least", [LEAST, Decimal(0)])
def test_a_line_that_agrees_needs_nobody_and_one_that_does_not_does(least: Decimal) -> None:
    """However little a deployment minds confidence."""
    assert doubts(reading(), least) == set()
    # Price and quantity give the amount, and still the price is not the one agreed.
    wrong = reading(unit_price="1.5", quantity="200")
    assert {"lines.1.name", "lines.1.unit_price"} <= doubts(wrong, least)
    one = judged(wrong)["lines"][0]["unit_price"]
    assert (one["value"], one["expected"]) == ("1.5", "1.25")


def test_what_comes_as_data_is_compared_and_never_doubted_for_it() -> None:
    one = judged(reading("xml", unit_price="1.5", quantity="200"))
    assert doubts_of(one, LEAST) == []
    assert one["lines"][0]["unit_price"]["expected"] == "1.25"
    assert "agrees_with_the_order" in {c["name"] for c in one["checks"] if not c["holds"]}


def test_what_a_line_is_proposed_for_is_said_with_the_reason() -> None:
    for line, by in (({}, "confirmed_name"), ({"name": "?"}, "price")):
        (one,) = judged(reading(**line))["proposed"]
        assert (one["item_id"], one["receipt_line_no"], one["by"]) == ("water", 1, by)
