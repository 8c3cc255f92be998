"""What items, sites, warehouses and devices say about a document."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from servicekit.errors import Kind, Refusal


class UnknownItem(Refusal):
    """No copy of the item is here."""

    kind = Kind.NOT_FOUND
    code = "unknown_item"
    en = "Item {item_id} is not known here. Import it, or wait a moment if it was just imported."
    zh = "未找到商品 {item_id}。请先导入该商品；如刚刚导入，请稍候再试。"


class UnknownSite(Refusal):
    """No copy of the site is here."""

    kind = Kind.NOT_FOUND
    code = "unknown_site"
    en = "Site {site_id} is not known here. Define it, or wait a moment if it was just defined."
    zh = "未找到门店 {site_id}。请先建立该门店；如刚刚建立，请稍候再试。"


class UnknownWarehouse(Refusal):
    """The site has no such warehouse, as far as is known here."""

    kind = Kind.NOT_FOUND
    code = "unknown_warehouse"
    en = (
        "Site {site_id} has no warehouse {warehouse_id}. Name one of its own warehouses, or wait a"
        " moment if it was just defined."
    )
    zh = "门店 {site_id} 没有仓库 {warehouse_id}。请选择该门店的仓库；如刚刚建立，请稍候再试。"


class UnknownDevice(Refusal):
    """The site has no such device, as far as is known here."""

    kind = Kind.FORBIDDEN
    code = "unknown_device"
    en = (
        "Device {device_id} is not registered at site {site_id}. Let the shop manager register it,"
        " or wait a moment if it was just registered."
    )
    zh = "设备 {device_id} 未在门店 {site_id} 登记。请由店长登记；如刚刚登记，请稍候再试。"


class DeviceRevoked(Refusal):
    """The device is no longer trusted."""

    kind = Kind.FORBIDDEN
    code = "device_revoked"
    en = "Device {device_id} was revoked. Use another one, or register it again."
    zh = "设备 {device_id} 已注销。请换用其他设备，或重新登记。"


class QuantityTooPrecise(Refusal):
    """The quantity has more decimals than the item's unit can be split into."""

    code = "quantity_too_precise"
    en = (
        "Line {line_no}: {quantity} {unit} of item {item_id} has too many decimals; at most"
        " {scale} are possible."
    )
    zh = "第 {line_no} 行：商品 {item_id} 的数量 {quantity} {unit} 小数位过多，最多 {scale} 位。"


class ItemDisabled(Refusal):
    """Nobody orders the item any more."""

    code = "item_disabled"
    en = "Line {line_no}: item {item_id} is disabled. Enable it first, or take another item."
    zh = "第 {line_no} 行：商品 {item_id} 已停用。请先启用，或改用其他商品。"


class ItemNotForSale(Refusal):
    """Gifts, samples and materials are not sold."""

    code = "item_not_for_sale"
    en = (
        "Line {line_no}: item {item_id} is not for sale. Take another item, or give it away: as a"
        " `gift`, without an amount."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id} 为非卖品。"
        "请改用其他商品，或作为赠品（gift）赠送且不填金额。"
    )


@dataclass(frozen=True)
class Item:
    """What is known of an item here."""

    item_id: str
    base_unit: str
    scale: int
    for_sale: bool = True
    disabled: bool = False
    category: str | None = None

    def must_be_sellable(self, line_no: int, *, gift: bool = False) -> None:
        """Raise unless the item may be sold, or given away."""
        if self.disabled:
            raise ItemDisabled(line_no=line_no, item_id=self.item_id)
        if not self.for_sale and not gift:
            raise ItemNotForSale(line_no=line_no, item_id=self.item_id)

    def must_measure(self, quantity: Decimal, line_no: int) -> None:
        """Raise unless the line's quantity, in the base unit, is one of the item's."""
        if quantity != round(quantity, self.scale):
            raise QuantityTooPrecise(
                line_no=line_no,
                item_id=self.item_id,
                quantity=format(quantity.normalize(), "f"),
                unit=self.base_unit,
                scale=self.scale,
            )


@dataclass(frozen=True)
class Site:
    """What is known of a site here."""

    site_id: str
    time_zone: str

    def day_of(self, at: datetime) -> date:
        """Return the day it is at the site: the one people there write on their papers."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def start_of(self, day: date) -> datetime:
        """Return when a day begins at the site."""
        return datetime.combine(day, time(), ZoneInfo(self.time_zone)).astimezone(UTC)
