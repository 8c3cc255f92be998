"""Plans: the fewest shipments first, then the nearest; ties by the id."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sales.sourcing.domain.planning import Choice
from sales.sourcing.domain.sources import Mode, Need, Part, Plan, Rule, Source

D = Decimal


def need(line_no: int, item: str, quantity: str, step: str = "1", **ratios: str) -> Need:
    parts = ratios if ratios else {item: "1"}
    return Need(
        line_no,
        D(quantity),
        D(step),
        tuple(Part((one, ""), D(much) * D(quantity)) for one, much in parts.items()),
    )


def source(site_id: str, distance_m: int | None = None, **more: Any) -> Source:
    return Source(site_id=site_id, warehouse_id="floor", distance_m=distance_m, **more)


def choice(needs: list[Need], sources: list[Source], **stock: dict[str, str]) -> Choice:
    there = {
        (site, "floor"): {(item, ""): D(much) for item, much in goods.items()}
        for site, goods in stock.items()
    }
    return Choice(needs, sources, there)


def told(plan: Plan) -> tuple[Rule, dict[str, dict[int, str]]]:
    return plan.rule, {
        one.source.site_id: {line: str(much) for line, much in one.lines.items()}
        for one in plan.shippings
    }


OWN = source("own", 0, is_own=True, preference=0)


def test_the_asking_site_comes_first_however_much_others_have() -> None:
    found = choice([need(1, "tea", "2")], [source("a", 1), OWN], own={"tea": "2"}, a={"tea": "9"})
    plans = [told(one) for one in found.plans(Mode.NEAREST)]
    assert plans == [(Rule.OWN_SITE, {"own": {1: "2"}}), (Rule.NEAREST, {"a": {1: "2"}})]


def test_of_those_with_everything_the_nearest_ships_and_ties_go_by_the_id() -> None:
    sources = [source("far", 9), source("b", 5), source("a", 5), source("unknown")]
    found = choice([need(1, "tea", "2")], sources, **{one.site_id: {"tea": "2"} for one in sources})
    assert [list(told(one)[1]) for one in found.plans(Mode.NEAREST)] == [
        ["a"],
        ["b"],
        ["far"],
        ["unknown"],
    ]


def test_a_stated_order_goes_before_distance() -> None:
    sources = [source("near", 1), source("second", 99, preference=2), source("first", preference=1)]
    found = choice([need(1, "tea", "1")], sources, **{one.site_id: {"tea": "1"} for one in sources})
    order = [next(iter(told(one)[1])) for one in found.plans(Mode.NEAREST)]
    assert order == ["first", "second", "near"]


def test_nothing_is_split_unless_that_is_wanted() -> None:
    found = choice([need(1, "tea", "5")], [OWN, source("a", 1)], own={"tea": "3"}, a={"tea": "3"})
    assert list(found.plans(Mode.NEAREST)) == []
    (plan,) = (told(one) for one in found.plans(Mode.SPLIT) if one.rule is Rule.FEWEST)
    assert plan == (Rule.FEWEST, {"own": {1: "3"}, "a": {1: "2"}})


def test_one_shipment_from_far_goes_before_two_from_near() -> None:
    needs = [need(1, "tea", "1"), need(2, "rice", "1")]
    stock = {"own": {"tea": "1"}, "near": {"rice": "1"}, "far": {"tea": "1", "rice": "1"}}
    found = choice(needs, [OWN, source("near", 1), source("far", 1000)], **stock)
    plans = [told(one) for one in found.plans(Mode.SPLIT)]
    assert plans[0] == (Rule.NEAREST, {"far": {1: "1", 2: "1"}})
    assert plans[1] == (Rule.FEWEST, {"own": {1: "1"}, "near": {2: "1"}})


def test_what_was_tried_is_not_tried_again() -> None:
    found = choice([need(1, "tea", "1")], [OWN, source("a", 1)], own={"tea": "1"}, a={"tea": "1"})
    tried = [frozenset({("own", "floor")})]
    assert next(told(one)[1] for one in found.plans(Mode.SPLIT, tried)) == {"a": {1: "1"}}


def test_other_units_and_kits_are_divided_into_whole_ones_alone() -> None:
    case = need(1, "tea", "3", "1", tea="10")
    found = choice([case], [OWN, source("a", 1)], own={"tea": "19"}, a={"tea": "29"})
    plan = next(found.plans(Mode.SPLIT))
    assert told(plan)[1] == {"own": {1: "1"}, "a": {1: "2"}}
    kit = need(1, "box", "2", "1", tea="2", cup="1")
    found = choice([kit], [OWN, source("a", 1)], own={"tea": "4"}, a={"tea": "9", "cup": "2"})
    assert told(next(found.plans(Mode.SPLIT)))[1] == {"a": {1: "2"}}


def test_lines_of_the_same_goods_draw_on_the_same() -> None:
    needs = [need(1, "tea", "2"), need(2, "tea", "2")]
    found = choice(needs, [OWN, source("a", 1)], own={"tea": "3"}, a={"tea": "1"})
    assert told(next(found.plans(Mode.SPLIT)))[1] == {"own": {1: "2", 2: "1"}, "a": {2: "1"}}


def test_past_what_can_be_compared_lines_are_completed_one_after_the_other() -> None:
    needs = [need(no, f"i{no}", "1") for no in range(1, 7)]
    sources = [source(f"s{no}", no) for no in range(1, 7)]
    stock = {f"s{no}": {f"i{no}": "1"} for no in range(1, 7)}
    (plan,) = choice(needs, sources, **stock).plans(Mode.SPLIT)
    assert (plan.rule, len(plan.shippings)) == (Rule.COVER, 6)


stocks = st.dictionaries(
    st.sampled_from(["own", "a", "b", "c", "d"]),
    st.dictionaries(st.sampled_from(["tea", "rice"]), st.integers(0, 5).map(str)),
)


@given(stocks, st.integers(1, 9), st.integers(1, 9))
def test_a_plan_ships_all_that_is_wanted_and_nothing_that_is_not_there(
    stock: dict[str, dict[str, str]], tea: int, rice: int
) -> None:
    needs = [need(1, "tea", str(tea)), need(2, "rice", str(rice))]
    sources = [OWN, *(source(one, no) for no, one in enumerate("abcd", start=1))]
    plans = list(choice(needs, sources, **stock).plans(Mode.SPLIT))
    total = {
        item: sum(int(goods.get(item, 0)) for goods in stock.values()) for item in ("tea", "rice")
    }
    assert bool(plans) or total["tea"] < tea or total["rice"] < rice or len(stock) > 4
    for plan in plans:
        shipped = defaultdict[int, Decimal](Decimal)
        for one in plan.shippings:
            for line_no, much in one.lines.items():
                there = stock[one.source.site_id].get({1: "tea", 2: "rice"}[line_no], "0")
                assert 0 < much <= D(there)
                shipped[line_no] += much
        assert shipped == {1: tea, 2: rice}
    counts = [len(plan.shippings) for plan in plans if plan.rule is not Rule.COVER]
    assert counts == sorted(counts)
