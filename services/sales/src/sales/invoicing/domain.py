"""Rates of VAT and buyers, and why a list of invoices can't be made."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from servicekit.errors import Refusal


class VatRateMissing(Refusal):
    """Without a rate nobody knows the tax: a list without these lines would be wrong."""

    code = "vat_rate_missing"
    en = (
        "{missing} of the items sold have no rate of VAT in force on their day; `items` names some"
        " of them. Have finance set a rate for the item, its category or in general, then list"
        " again."
    )
    zh = (
        "有 {missing} 个已售商品在销售当日没有生效的增值税税率，items 列出了其中一部分。"
        "请财务为商品、其类别或全部商品设置税率后再导出。"
    )


class ScopeUnclear(Refusal):
    """A rate is that of an item, of a category, or the general one."""

    code = "vat_scope_unclear"
    en = "A rate for {scope} goods needs {needed}. Say for what the rate is, or that it is general."
    zh = "适用范围为 {scope} 的税率需要 {needed}。请填写适用对象，或设为通用税率。"


class InvoiceListTooLong(Refusal):
    """A list is made in one piece, and its length is bounded therefore."""

    code = "invoice_list_too_long"
    en = "The list would have more than {most} lines. Ask for it site by site."
    zh = "清单将超过 {most} 行。请按门店分别导出。"


class Scope(StrEnum):
    """What a rate is for; the narrowest one that is in force counts."""

    ITEM = "item"
    CATEGORY = "category"
    GENERAL = "general"


@dataclass(frozen=True, kw_only=True)
class VatRate:
    """A rate of VAT, in percent, and from which day on it is in force."""

    scope: Scope
    name: str
    """The item or the category; empty for the general rate."""
    percent: Decimal
    valid_from: date
    set_at: datetime
    set_by: str

    def __post_init__(self) -> None:
        """Hold the rule: what the rate is for is named, unless it is for everything."""
        if (self.scope is Scope.GENERAL) != (not self.name):
            needed = "no name" if self.scope is Scope.GENERAL else "a name"
            raise ScopeUnclear(scope=self.scope.value, needed=needed)


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """A customer as invoices name it; persons have no tax number."""

    customer_id: str
    title: str
    tax_number: str | None
    set_at: datetime
    set_by: str
