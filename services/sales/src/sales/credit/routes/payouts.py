"""HTTP: what is paid out to customers of what they have in advance."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Amount, Code, Currency, Moment, Name
from sales.credit import queries
from sales.credit.domain.payout import Means
from sales.credit.routes.accounts import Paid, StandingOut, standing_out
from sales.credit.use_cases.pay_out_balance import PayOut, pay_out_balance
from sales.reference.routes import Reader
from sales.settings import settings_of
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
)

Finance = Annotated[Caller, Depends(allow("finance"))]

commands = command_router("credit")
queries_router = query_router("credit")


class PayoutIn(BaseModel):
    """How much of a customer's balance is paid out, in the currency of the books, and how."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    """Whose money it is paid from."""
    amount: Paid
    means: Means
    reference: Name
    """What the bank or the till calls it."""


class PayoutPartOut(BaseModel):
    """How much of a payment on account was paid out."""

    model_config = ConfigDict(from_attributes=True)

    payment_id: UUID
    amount: Amount


class PayoutOut(BaseModel):
    """What was paid out to a customer, and which of its payments that was."""

    model_config = ConfigDict(from_attributes=True)

    payout_id: UUID
    customer_id: str
    site_id: str
    amount: Amount
    currency: Currency
    means: Means
    reference: str
    paid_at: Moment
    paid_by: str
    parts: list[PayoutPartOut]


class PaidOutOut(PayoutOut):
    """What was just paid out, and how the customer stands with it."""

    account: StandingOut


@commands.post("/customers/{customer_id}/payouts", status_code=201)
async def pay_out(
    customer_id: Code, body: PayoutIn, session: Session, context: CurrentContext, caller: Finance
) -> PaidOutOut:
    """Pay a customer's balance out, or a part of it; never more than there is."""
    wanted = PayOut(
        customer_id=customer_id,
        **vars(body),
        currency=settings_of(context).currency,
        caller=caller,
    )
    payout, standing = await pay_out_balance(session, wanted)
    shown = PayoutOut.model_validate(payout)
    return PaidOutOut(**dict(shown), account=standing_out(standing))


@queries_router.get("/customers/{customer_id}/payouts")
async def list_payouts(
    customer_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[PayoutOut]:
    """List what was paid out to a customer, the newest first."""
    rows = await queries.payouts_before(session, customer_id, paging.after_id(), paging.limit + 1)
    parts = await queries.parts_of(session, [row["payout_id"] for row in rows])
    shown = [
        PayoutOut(**row, parts=[PayoutPartOut(**part) for part in parts[row["payout_id"]]])
        for row in rows
    ]
    return paging.page(shown, lambda one: [one.payout_id])
