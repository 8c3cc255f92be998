"""Up to which amount a role decides about orders; where no limit is set, nobody needs approval."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from purchasing.orders.domain.lines import plain
from purchasing.orders.domain.refusals import OverLimit


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Up to which amount in a currency a role decides; None: up to any."""

    role: str
    currency: str
    amount: Decimal | None
    set_at: datetime
    set_by: str


def may_decide(
    limits: Sequence[Limit], roles: Collection[str], currency: str, total: Decimal
) -> bool:
    """Return whether one of the roles may decide about the amount.

    Once a limit is set, a currency that has none is nobody's to decide: ordering in another
    currency is no way around.
    """
    return not limits or any(one.role in roles and _reaches(one, currency, total) for one in limits)


def must_decide(
    limits: Sequence[Limit], roles: Collection[str], currency: str, total: Decimal
) -> None:
    """Raise unless one of the roles may decide about the amount; say who may."""
    if may_decide(limits, roles, currency, total):
        return
    mine = [one for one in limits if one.role in roles and one.currency == currency]
    most = max((one.amount for one in mine if one.amount is not None), default=Decimal(0))
    able = sorted(one.role for one in limits if _reaches(one, currency, total))
    raise OverLimit(
        total=plain(total),
        currency=currency,
        limit=plain(most),
        deciders=", ".join(able) or f"(none yet: have finance set a limit in {currency})",
    )


def _reaches(limit: Limit, currency: str, total: Decimal) -> bool:
    return limit.currency == currency and (limit.amount is None or total <= limit.amount)
