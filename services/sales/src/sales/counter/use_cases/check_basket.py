"""Check a basket against what is known here: customer, currency, and items that may be sold.

What is told late has been sold already: what doesn't fit is then no refusal but the first reason
why the sale is not covered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers import store as customers
from sales.orders.domain.lines import OrderLine, must_be_in_books_currency
from sales.orders.use_cases.place_order import check_lines
from sales.settings import settings_of
from servicekit.context import Context
from servicekit.errors import Refusal


class Basket(Protocol):
    """What is checked, whether it is a sale already or not."""

    @property
    def customer_id(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def lines(self) -> Sequence[OrderLine]: ...
    @property
    def sold_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class NotFit:
    """Why a basket that is told late does not fit."""

    code: str
    problem: Mapping[str, Any]


async def check_basket(session: AsyncSession, context: Context, basket: Basket) -> NotFit | None:
    """Return why a late basket is not fit to be sold; of one that is not late, raise it."""
    try:
        must_be_in_books_currency(basket.currency, settings_of(context).currency)
        await customers.must_know(session, basket.customer_id)
        await check_lines(session, basket.lines)
    except Refusal as refusal:
        if basket.sold_at is None:
            raise
        facts = {name: str(value) for name, value in refusal.facts.items()}
        return NotFit(refusal.code, {**facts, "code": refusal.code, "detail": refusal.text("en")})
    return None
