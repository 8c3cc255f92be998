"""Receive a payment on account: it settles named orders or the oldest, and the rest is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import CustomerPaymentReceived, PaymentPart
from sales.credit import store
from sales.credit.domain.account import Application, Payment, Standing
from sales.credit.use_cases.settle_account import settle_account
from sales.customers import store as customers
from sales.reference import store as reference
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True, kw_only=True)
class ReceivePayment:
    """What a customer paid, where, and for which orders if it says so."""

    customer_id: str
    site_id: str
    amount: Decimal
    currency: str
    reference: str | None
    orders: Sequence[UUID]
    caller: Caller


async def receive_payment(
    session: AsyncSession, wanted: ReceivePayment
) -> tuple[Payment, Sequence[Application], Standing]:
    """Return the payment, what it settles, and how the customer stands with it."""
    wanted.caller.must_cover(wanted.site_id)
    await reference.site_of(session, wanted.site_id)
    customer = await customers.customer_to_change(session, wanted.customer_id)
    at = now()
    payment = Payment(
        payment_id=new_id(),
        customer_id=wanted.customer_id,
        site_id=wanted.site_id,
        amount=wanted.amount,
        currency=wanted.currency,
        reference=wanted.reference,
        received_at=at,
        received_by=wanted.caller.subject,
    )
    session.add(payment)
    await session.flush()
    settled = await settle_account(session, wanted.customer_id, at, wanted.orders)
    standing = await store.standing_of(session, customer)
    await outbox.add(session, [_received(payment, settled, standing, at)])
    return payment, settled, standing


def _received(
    payment: Payment, settled: Sequence[Application], standing: Standing, at: datetime
) -> CustomerPaymentReceived:
    return CustomerPaymentReceived(
        payment_id=payment.payment_id,
        customer_id=payment.customer_id,
        site_id=payment.site_id,
        amount=payment.amount,
        currency=payment.currency,
        reference=payment.reference,
        received_at=at,
        received_by=payment.received_by,
        settles=tuple(
            PaymentPart(order_id=one.order_id, number=one.number, amount=one.amount)
            for one in settled
        ),
        owed=standing.owed,
        balance=standing.balance,
    )
