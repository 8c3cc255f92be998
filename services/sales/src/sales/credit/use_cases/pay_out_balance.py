"""Pay out what a customer has in advance, or a part of it: what settles nothing is its own."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import CustomerBalancePaidOut, PaymentPaidOut
from sales.credit import store
from sales.credit.domain.account import Standing
from sales.credit.domain.payout import Means, Payout, take_out
from sales.customers import store as customers
from sales.reference import store as reference
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True, kw_only=True)
class PayOut:
    """How much a customer is paid out, by which site, and how."""

    customer_id: str
    site_id: str
    amount: Decimal
    currency: str
    means: Means
    reference: str
    caller: Caller


async def pay_out_balance(session: AsyncSession, wanted: PayOut) -> tuple[Payout, Standing]:
    """Return what was paid out, and how the customer stands with it; raise if there is less.

    The customer stays locked: what is bought on credit meanwhile sees what is left.
    """
    wanted.caller.must_cover(wanted.site_id)
    await reference.site_of(session, wanted.site_id)
    customer = await customers.customer_to_change(session, wanted.customer_id)
    advance = await store.payments_left(session, wanted.customer_id)
    payout = Payout(
        payout_id=new_id(),
        customer_id=wanted.customer_id,
        site_id=wanted.site_id,
        amount=wanted.amount,
        currency=wanted.currency,
        means=wanted.means,
        reference=wanted.reference,
        paid_at=now(),
        paid_by=wanted.caller.subject,
        parts=take_out(wanted.customer_id, advance, wanted.amount),
    )
    await store.keep_payout(session, payout)
    standing = await store.standing_of(session, customer)
    await outbox.add(session, [_paid_out(payout, standing)])
    return payout, standing


def _paid_out(payout: Payout, standing: Standing) -> CustomerBalancePaidOut:
    return CustomerBalancePaidOut(
        payout_id=payout.payout_id,
        customer_id=payout.customer_id,
        site_id=payout.site_id,
        amount=payout.amount,
        currency=payout.currency,
        means=payout.means.value,
        reference=payout.reference,
        paid_at=payout.paid_at,
        paid_by=payout.paid_by,
        of_payments=tuple(
            PaymentPaidOut(payment_id=one.payment_id, amount=one.amount) for one in payout.parts
        ),
        balance=standing.balance,
    )
