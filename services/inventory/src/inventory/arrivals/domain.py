"""Arrival rules: the first one that fits decides which warehouse a line goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from servicekit.errors import Kind, Refusal


class UnknownArrivalRule(Refusal):
    """The site has no such rule."""

    kind = Kind.NOT_FOUND
    code = "unknown_arrival_rule"
    en = "Site {site_id} has no arrival rule {rule_id}."
    zh = "门店 {site_id} 没有到货规则 {rule_id}。"


class EmptyShelfLife(Refusal):
    """No number of days fits the rule."""

    code = "empty_shelf_life"
    en = "No goods have at least {days_left_from} and fewer than {days_left_below} days left."
    zh = "不存在剩余天数至少 {days_left_from} 且少于 {days_left_below} 的商品。请修改天数。"


class Criterion(StrEnum):
    """What a rule can look at."""

    SUPPLIER = "supplier_id"
    CATEGORY = "category"
    ITEM = "item_id"
    DAYS_LEFT_FROM = "days_left_from"
    DAYS_LEFT_BELOW = "days_left_below"


@dataclass(frozen=True)
class Arrival:
    """What is known of an arriving line."""

    supplier_id: str
    item_id: str
    category: str | None
    days_left: int | None
    """From the day it arrived to the day it expires; None if that day is not known."""


@dataclass(frozen=True)
class Terms:
    """What must hold of a line for a rule to decide; what is None may be anything."""

    supplier_id: str | None = None
    category: str | None = None
    item_id: str | None = None
    days_left_from: int | None = None
    """At least so many days of shelf life."""
    days_left_below: int | None = None
    """Fewer days of shelf life than this; what has expired has a negative number of them."""

    def __post_init__(self) -> None:
        """Hold the rule: some number of days fits."""
        least, limit = self.days_left_from, self.days_left_below
        if least is not None and limit is not None and least >= limit:
            raise EmptyShelfLife(days_left_from=least, days_left_below=limit)


@dataclass(frozen=True)
class Mismatch:
    """Why a rule does not decide."""

    criterion: Criterion
    wanted: str
    found: str | None


@dataclass(frozen=True)
class ArrivalRule:
    """A version of a rule of a site. Rules are asked by priority, the lowest number first."""

    site_id: str
    rule_id: str
    version: int
    priority: int
    warehouse_id: str
    terms: Terms
    active: bool
    changed_at: datetime
    changed_by: str

    @property
    def name(self) -> str:
        """Return what stands on the lines that the rule has decided."""
        return f"arrival:{self.rule_id}@{self.version}"

    def says_the_same_as(self, other: "ArrivalRule") -> bool:
        """Tell whether the two decide alike."""
        mine = (self.priority, self.warehouse_id, self.terms, self.active)
        return mine == (other.priority, other.warehouse_id, other.terms, other.active)

    def mismatches(self, arrival: Arrival) -> list[Mismatch]:
        """Return all that keeps the rule from deciding; nothing if it fits."""
        terms, days = self.terms, arrival.days_left
        fits = {
            Criterion.SUPPLIER: terms.supplier_id == arrival.supplier_id,
            Criterion.CATEGORY: terms.category == arrival.category,
            Criterion.ITEM: terms.item_id == arrival.item_id,
            Criterion.DAYS_LEFT_FROM: days is not None and days >= (terms.days_left_from or 0),
            Criterion.DAYS_LEFT_BELOW: days is not None and days < (terms.days_left_below or 0),
        }
        return [
            Mismatch(criterion, str(wanted), _found(criterion, arrival))
            for criterion, is_met in fits.items()
            if (wanted := getattr(terms, criterion)) is not None and not is_met
        ]


def _found(criterion: Criterion, arrival: Arrival) -> str | None:
    by_days = criterion in (Criterion.DAYS_LEFT_FROM, Criterion.DAYS_LEFT_BELOW)
    value = arrival.days_left if by_days else getattr(arrival, criterion)
    return None if value is None else str(value)


@dataclass(frozen=True)
class Verdict:
    """Which rule decided, and why those before it did not."""

    rule: ArrivalRule | None
    passed_over: list[tuple[ArrivalRule, list[Mismatch]]]


def decide(rules: Sequence[ArrivalRule], arrival: Arrival) -> Verdict:
    """Return the first rule that fits. Without one, a line goes where it was ordered to."""
    passed_over: list[tuple[ArrivalRule, list[Mismatch]]] = []
    for rule in sorted(rules, key=lambda one: (one.priority, one.rule_id)):
        if not rule.active:
            continue
        mismatches = rule.mismatches(arrival)
        if not mismatches:
            return Verdict(rule, passed_over)
        passed_over.append((rule, mismatches))
    return Verdict(None, passed_over)
