"""Exchange rates, each fixed for a period: what was valued by one is never valued anew (E6)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from servicekit.errors import Kind, Refusal

FINEST_COST = Decimal("0.000001")


class RateMissing(Refusal):
    """Goods in a foreign currency can't be valued without the period's rate."""

    code = "rate_missing"
    en = (
        "There is no rate of {currency} for {period}. Have finance set the rate of {currency} for"
        " {period}, then post again."
    )
    zh = "缺少 {currency} 在 {period} 期间的汇率。请财务设置该期间汇率后再过账。"


class RateUsed(Refusal):
    """Documents were valued by the rate: another one would make their values wrong."""

    kind = Kind.CONFLICT
    code = "rate_used"
    en = (
        "The rate of {currency} for {period} is {rate} and was used first at {used_at}. It can't"
        " change any more; set another rate for a later period."
    )
    zh = (
        "{currency} 在 {period} 的汇率 {rate} 已于 {used_at} 被使用，不能修改。"
        "请为后续期间设置汇率。"
    )


class BooksCurrencyRate(Refusal):
    """The currency of the books is worth one of itself."""

    code = "rate_of_books_currency"
    en = "The books are kept in {currency}: it has no rate. Name a foreign currency."
    zh = "{currency} 为账簿本位币，无需汇率。请选择外币。"


@dataclass(eq=False, kw_only=True)
class ExchangeRate:
    """What one of a currency is worth in the currency of the books during a period."""

    currency: str
    period: str
    rate: Decimal
    set_at: datetime
    set_by: str
    used_at: datetime | None = None

    def correct(self, rate: Decimal, by: str, at: datetime) -> None:
        """Take another rate; raise if something was valued by this one."""
        if self.rate == rate:
            return
        if self.used_at is not None:
            raise RateUsed(
                currency=self.currency,
                period=self.period,
                rate=format(self.rate.normalize(), "f"),
                used_at=self.used_at.isoformat(),
            )
        self.rate, self.set_at, self.set_by = rate, at, by


def period_of(day: date) -> str:
    """Return the period a day belongs to."""
    return f"{day:%Y-%m}"


def in_books(cost: Decimal, rate: Decimal | None) -> Decimal:
    """Return a unit cost in the currency of the books; without a rate it is in that already."""
    return cost if rate is None else (cost * rate).quantize(FINEST_COST, ROUND_HALF_UP)
