"""Items, sites and warehouses, and the rules of their descriptions."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

from servicekit.errors import Kind, Refusal


class UnknownSite(Refusal):
    """There is no such site."""

    kind = Kind.NOT_FOUND
    code = "unknown_site"
    en = "There is no site {site_id}. Create it first, or check the id."
    zh = "不存在门店 {site_id}。请先创建，或核对编号。"


class UnknownWarehouse(Refusal):
    """The site has no such warehouse."""

    kind = Kind.NOT_FOUND
    code = "unknown_warehouse"
    en = "Site {site_id} has no warehouse {warehouse_id}. Create it first, or check the id."
    zh = "门店 {site_id} 没有仓库 {warehouse_id}。请先创建，或核对编号。"


class UnknownItem(Refusal):
    """There is no such item."""

    kind = Kind.NOT_FOUND
    code = "unknown_item"
    en = "There is no item {item_id}. Import it first, or check the id."
    zh = "不存在商品 {item_id}。请先导入，或核对编号。"


class UnknownTimeZone(Refusal):
    """The time zone is none of the IANA database's."""

    code = "unknown_time_zone"
    en = "{time_zone} is no IANA time zone. Use a name such as Asia/Shanghai."
    zh = "{time_zone} 不是 IANA 时区。请使用类似 Asia/Shanghai 的名称。"


class UnknownUnit(Refusal):
    """The item has no conversion for the unit; nothing is ever taken as 1:1."""

    code = "unknown_unit"
    en = "Item {item_id} is not kept in unit {unit}. Give the quantity in {base_unit}."
    zh = "商品 {item_id} 没有单位 {unit} 的换算。请以 {base_unit} 填写数量。"


class QuantityTooPrecise(Refusal):
    """The quantity has more decimals than the item is kept in."""

    code = "quantity_too_precise"
    en = "Item {item_id} is kept with {scale} decimals; {quantity} has more. Round it."
    zh = "商品 {item_id} 的数量保留 {scale} 位小数；{quantity} 超出精度，请先取舍。"


class ItemInUse(Refusal):
    """What the ledger counts in can't be changed under it."""

    kind = Kind.CONFLICT
    code = "item_in_use"
    en = "Item {item_id} has ledger entries: its unit {base_unit} and scale {scale} stay."
    zh = "商品 {item_id} 已有台账记录：其单位 {base_unit} 和小数位 {scale} 不能更改。"


class ItemRepeated(Refusal):
    """One import names the same item twice."""

    code = "item_repeated"
    en = "Item {item_id} stands in an earlier line of this import already. Keep one of the two."
    zh = "商品 {item_id} 已出现在本次导入的前面行中。请只保留一行。"


@cache
def time_zones() -> set[str]:
    """Return the names of all time zones; looking them up walks a folder tree, so once."""
    return available_timezones()


def plain(quantity: Decimal) -> str:
    """Write a quantity as people do: no exponent, no trailing zeros."""
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(eq=False)
class Site:
    """A shop or depot with a clock of its own."""

    site_id: str
    name: str
    time_zone: str

    def __post_init__(self) -> None:
        """Hold the rule: a site's time zone is one that exists."""
        if self.time_zone not in time_zones():
            raise UnknownTimeZone(time_zone=self.time_zone)

    def revise(self, newer: "Site") -> bool:
        """Take over the newer description; tell whether that changed anything."""
        before = (self.name, self.time_zone)
        self.name, self.time_zone = newer.name, newer.time_zone
        return before != (self.name, self.time_zone)


@dataclass(eq=False)
class Warehouse:
    """A place of a site where goods are kept apart from others."""

    site_id: str
    warehouse_id: str
    name: str

    def revise(self, newer: "Warehouse") -> bool:
        """Take over the newer description; tell whether that changed anything."""
        before, self.name = self.name, newer.name
        return before != self.name


@dataclass(eq=False)
class Item:
    """Something stock is kept of, counted in its base unit."""

    item_id: str
    name: str
    base_unit: str
    scale: int
    category: str | None = None
    in_use: bool = False
    """Set when the first ledger entry is booked, and never unset."""

    def revise(self, newer: "Item") -> bool:
        """Take over the newer description; tell whether that changed anything.

        What an item is counted in stays once something was counted.
        """
        recounted = (self.base_unit, self.scale) != (newer.base_unit, newer.scale)
        if recounted and self.in_use:
            raise ItemInUse(item_id=self.item_id, base_unit=self.base_unit, scale=self.scale)
        renamed = (self.name, self.category) != (newer.name, newer.category)
        self.name, self.category = newer.name, newer.category
        self.base_unit, self.scale = newer.base_unit, newer.scale
        return recounted or renamed

    def must_have_unit(self, unit: str) -> None:
        """Raise `UnknownUnit` for a unit without a conversion to the base unit."""
        if unit != self.base_unit:
            raise UnknownUnit(item_id=self.item_id, unit=unit, base_unit=self.base_unit)

    def must_hold(self, quantity: Decimal) -> None:
        """Raise `QuantityTooPrecise` for a quantity the item's scale can't express."""
        if quantity != round(quantity, self.scale):
            raise QuantityTooPrecise(
                item_id=self.item_id, quantity=plain(quantity), scale=self.scale
            )
