"""Arrival rules: the first that fits decides, and each that does not says why (A7)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.arrivals.domain import (
    Arrival,
    ArrivalRule,
    Criterion,
    EmptyShelfLife,
    Mismatch,
    Terms,
    decide,
)

MILK = Arrival("farm", "milk", "chilled", 6)


def rule(name: str, priority: int = 1, **terms: Any) -> ArrivalRule:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return ArrivalRule(
        site_id="north",
        rule_id=name,
        version=1,
        priority=priority,
        warehouse_id=f"to-{name}",
        terms=Terms(**terms),
        active=True,
        changed_at=at,
        changed_by="li",
    )


def decided(*rules: ArrivalRule, arrival: Arrival = MILK) -> str | None:
    found = decide(rules, arrival).rule
    return found and found.rule_id


@pytest.mark.parametrize(
    ("terms", "fits"),
    [
        ({}, True),
        ({"supplier_id": "farm"}, True),
        ({"supplier_id": "mill"}, False),
        ({"category": "chilled"}, True),
        ({"category": "dry"}, False),
        ({"item_id": "milk"}, True),
        ({"item_id": "tea"}, False),
        ({"days_left_from": 6}, True),
        ({"days_left_from": 7}, False),
        ({"days_left_below": 7}, True),
        ({"days_left_below": 6}, False),
        ({"supplier_id": "farm", "category": "chilled", "days_left_from": 0}, True),
        ({"supplier_id": "farm", "category": "dry"}, False),
    ],
)
def test_a_rule_fits_when_all_its_terms_hold(*, terms: dict[str, Any], fits: bool) -> None:
    assert (decided(rule("a", **terms)) == "a") is fits


def test_the_lowest_priority_number_is_asked_first_and_the_id_breaks_ties() -> None:
    assert decided(rule("b", 2), rule("c", 1), rule("d", 1)) == "c"


def test_without_a_rule_that_fits_nothing_is_decided() -> None:
    assert decided() is None
    assert decided(rule("a", item_id="tea")) is None


def test_a_rule_put_out_of_use_decides_nothing_and_is_not_told_of() -> None:
    verdict = decide([replace(rule("a"), active=False)], MILK)
    assert (verdict.rule, verdict.passed_over) == (None, [])


def test_each_rule_before_says_all_that_kept_it_from_deciding() -> None:
    dry = rule("dry", 1, supplier_id="mill", category="dry")
    old = rule("old", 2, days_left_below=5)
    verdict = decide([rule("rest", 3), old, dry], MILK)
    assert verdict.rule is not None
    assert verdict.rule.name == "arrival:rest@1"
    assert verdict.passed_over == [
        (
            dry,
            [
                Mismatch(Criterion.SUPPLIER, "mill", "farm"),
                Mismatch(Criterion.CATEGORY, "dry", "chilled"),
            ],
        ),
        (old, [Mismatch(Criterion.DAYS_LEFT_BELOW, "5", "6")]),
    ]


@pytest.mark.parametrize("terms", [{"days_left_from": 0}, {"days_left_below": 100}])
def test_goods_without_a_known_day_of_expiry_fit_no_rule_of_shelf_life(
    terms: dict[str, Any],
) -> None:
    unknown = replace(MILK, days_left=None, category=None)
    (passed,) = decide([rule("a", **terms)], unknown).passed_over
    assert [one.found for one in passed[1]] == [None]
    assert decided(rule("a", category="dry"), arrival=unknown) is None


def test_goods_that_have_expired_are_below_every_limit() -> None:
    assert decided(rule("a", days_left_below=0), arrival=replace(MILK, days_left=-1)) == "a"


def test_a_range_that_nothing_fits_is_refused() -> None:
    with pytest.raises(EmptyShelfLife):
        Terms(days_left_from=5, days_left_below=5)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 15), st.booleans()), max_size=8))
def test_the_rule_that_decides_fits_and_no_active_one_before_it_does(
    given_rules: list[tuple[int, int, bool]],
) -> None:
    rules = [
        replace(rule(f"r{at}", priority, days_left_from=days), active=active)
        for at, (priority, days, active) in enumerate(given_rules)
    ]
    verdict = decide(rules, MILK)
    fitting = [one for one in rules if one.active and not one.mismatches(MILK)]
    expected = min(fitting, key=lambda one: (one.priority, one.rule_id), default=None)
    assert verdict.rule == expected
    assert all(mismatches for _, mismatches in verdict.passed_over)
