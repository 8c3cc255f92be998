"""Sites and their warehouses."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

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


class UnknownTimeZone(Refusal):
    """The time zone is none of the IANA database's."""

    code = "unknown_time_zone"
    en = "{time_zone} is no IANA time zone. Use a name such as Asia/Shanghai."
    zh = "{time_zone} 不是 IANA 时区。请使用类似 Asia/Shanghai 的名称。"


class PositionIncomplete(Refusal):
    """A place on earth takes two numbers."""

    code = "position_incomplete"
    en = "Give site {site_id} both latitude and longitude, or neither."
    zh = "请同时填写门店 {site_id} 的纬度和经度，或都不填。"


class EntryCodeMissing(Refusal):
    """The warehouse is older than entry codes."""

    kind = Kind.NOT_FOUND
    code = "entry_code_missing"
    en = "Warehouse {warehouse_id} of site {site_id} has no entry code yet. Change it to get one."
    zh = "门店 {site_id} 的仓库 {warehouse_id} 尚无入口码。请更换入口码以生成。"


@cache
def time_zones() -> set[str]:
    """Return the names of all time zones; looking them up walks a folder tree, so once."""
    return available_timezones()


@dataclass(eq=False)
class Site:
    """A shop or depot with a clock of its own."""

    site_id: str
    name: str
    time_zone: str
    latitude: Decimal | None = None
    """Where it is, in degrees (WGS 84): north and east are above zero."""
    longitude: Decimal | None = None

    def __post_init__(self) -> None:
        """Hold the rules: a site's time zone is one that exists, its position is a whole one."""
        if self.time_zone not in time_zones():
            raise UnknownTimeZone(time_zone=self.time_zone)
        if (self.latitude is None) is not (self.longitude is None):
            raise PositionIncomplete(site_id=self.site_id)

    def day_of(self, at: datetime) -> date:
        """Return the day it is at the site: the one that dates on packages are compared with."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def revise(self, newer: "Site") -> bool:
        """Take over the newer description; tell whether that changed anything."""
        before = self._described
        self.name, self.time_zone = newer.name, newer.time_zone
        self.latitude, self.longitude = newer.latitude, newer.longitude
        return before != self._described

    @property
    def _described(self) -> tuple[object, ...]:
        return self.name, self.time_zone, self.latitude, self.longitude


@dataclass(eq=False)
class Warehouse:
    """A place of a site where goods are kept apart from others."""

    site_id: str
    warehouse_id: str
    name: str
    inspect_on_receipt: bool = False
    """Whether all goods that arrive here wait for an inspection."""
    entry_code: str = ""
    """What the QR code at its door says; a new one makes copies of the old one worthless."""
    ships_for_others: bool = False
    """Whether it may ship what was ordered at another site, or from another warehouse."""

    def must_have_entry_code(self) -> None:
        """Raise `EntryCodeMissing` for a warehouse that was never given one."""
        if not self.entry_code:
            raise EntryCodeMissing(site_id=self.site_id, warehouse_id=self.warehouse_id)

    def revise(self, newer: "Warehouse") -> bool:
        """Take over the newer description; tell whether that changed anything."""
        before = self._described
        self.name, self.inspect_on_receipt = newer.name, newer.inspect_on_receipt
        self.ships_for_others = newer.ships_for_others
        return before != self._described

    @property
    def _described(self) -> tuple[object, ...]:
        return self.name, self.inspect_on_receipt, self.ships_for_others
