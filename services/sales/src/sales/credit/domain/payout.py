"""What is paid out of a customer's balance: what it paid in advance, given back to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sales.credit.domain.account import ZERO, Payment
from sales.credit.domain.refusals import BalanceExceeded


class Means(StrEnum):
    """How money reaches a customer."""

    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"
    CARD = "card"
    WECHAT = "wechat"
    ALIPAY = "alipay"


@dataclass(frozen=True, kw_only=True)
class PayoutPart:
    """How much of a payment on account was paid out."""

    payment_id: UUID
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Payout:
    """What a customer was paid out of its balance, and which of its payments that was."""

    payout_id: UUID
    customer_id: str
    site_id: str
    amount: Decimal
    currency: str
    means: Means
    reference: str
    paid_at: datetime
    paid_by: str
    parts: Sequence[PayoutPart]


def take_out(
    customer_id: str, payments: Sequence[Payment], amount: Decimal
) -> Sequence[PayoutPart]:
    """Take so much of what was paid in advance, in the order given; raise if there is less."""
    balance = sum((one.rest for one in payments), ZERO)
    if amount > balance:
        raise BalanceExceeded(
            customer_id=customer_id,
            balance=f"{balance:f}",
            amount=f"{amount:f}",
            over=f"{amount - balance:f}",
        )
    return list(_parts(payments, amount))


def _parts(payments: Sequence[Payment], amount: Decimal) -> Iterator[PayoutPart]:
    for payment in payments:
        part = min(payment.rest, amount)
        if part > 0:
            payment.applied += part
            amount -= part
            yield PayoutPart(payment_id=payment.payment_id, amount=part)
