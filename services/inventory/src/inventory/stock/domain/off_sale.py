"""Goods of items of which some came free: while any is left, none is put up for sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.catalog.domain import plain
from servicekit.errors import Kind, Refusal

PLACES_MAX = 5


class GoodsOffSale(Refusal):
    """An item is put up for sale only when none of it is left that may have come free."""

    kind = Kind.CONFLICT
    code = "goods_left_not_for_sale"
    en = (
        "Some of item {item_id} came free, and goods of it that may have cost nothing are"
        " left. Use them up or scrap them first, or define another item for what is sold."
        " There are: {places}."
    )
    zh = (
        "商品 {item_id} 曾有免费入库，且仍有可能为零成本的库存。请先用完或报废，"
        "或为销售另建商品。现存：{places}。"
    )


@dataclass(frozen=True)
class Remainder:
    """How much of an item is left at a warehouse, or under way from it to another."""

    site_id: str
    warehouse_id: str
    to_site_id: str | None
    to_warehouse_id: str | None
    quantity: Decimal

    def __str__(self) -> str:
        """Write it as people read it in any language."""
        place = f"{self.site_id}/{self.warehouse_id}"
        if self.to_site_id is not None:
            place += f" → {self.to_site_id}/{self.to_warehouse_id}"
        return f"{place} {plain(self.quantity)}"


@dataclass(frozen=True)
class Remains:
    """What is left of an item: the first places, and how many there are."""

    first: Sequence[Remainder]
    places: int

    def refusal(self, item_id: str) -> GoodsOffSale:
        """Return why the item is not put up for sale."""
        more = self.places - len(self.first)
        listed = "; ".join(map(str, self.first)) + (f"; +{more}" if more else "")
        return GoodsOffSale(item_id=item_id, places=listed)
