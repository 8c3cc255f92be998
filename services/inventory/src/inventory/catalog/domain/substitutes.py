"""What may be sold instead of an item: nobody substitutes it silently."""

from dataclasses import dataclass
from datetime import date

from inventory.catalog.domain.items import Item
from servicekit.errors import Refusal


class SubstituteItself(Refusal):
    """An item can't stand in for itself."""

    code = "substitute_itself"
    en = "Item {item_id} can't stand in for itself. Name another item."
    zh = "商品 {item_id} 不能替代自身。请填写其他商品。"


class SubstituteNeverValid(Refusal):
    """The last day lies before the first."""

    code = "substitute_never_valid"
    en = "{substitute_id} would stand in for {item_id} until {valid_to}, before {valid_from}."
    zh = "{substitute_id} 替代 {item_id} 的截止日期 {valid_to} 早于起始日期 {valid_from}。"


class SubstituteNotSold(Refusal):
    """What is not for sale stands in for nothing."""

    code = "substitute_not_sold"
    en = "Item {substitute_id} is not for sale: it can't stand in for {item_id}."
    zh = "商品 {substitute_id} 为非卖品，不能替代 {item_id}。"


@dataclass(frozen=True, kw_only=True)
class Substitution:
    """`numerator` base units of the substitute stand for `denominator` of the item."""

    item_id: str
    substitute_id: str
    rank: int
    numerator: int
    denominator: int
    both_ways: bool
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Hold the rules: it is another item, and counts on some day."""
        if self.item_id == self.substitute_id:
            raise SubstituteItself(item_id=self.item_id)
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise SubstituteNeverValid(
                item_id=self.item_id,
                substitute_id=self.substitute_id,
                valid_from=self.valid_from.isoformat(),
                valid_to=self.valid_to.isoformat(),
            )

    def must_be_sold(self, substitute: Item) -> None:
        """Raise unless the substitute is something that is sold."""
        if not substitute.for_sale:
            raise SubstituteNotSold(item_id=self.item_id, substitute_id=self.substitute_id)
