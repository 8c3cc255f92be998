"""HTTP: up to which amount a role decides about orders."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Currency, Moment, UnitCost
from purchasing.orders import store
from purchasing.orders.use_cases.set_limit import remove_limit, set_limit
from purchasing.reference.routes import Reader
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, command_router, query_router

Finance = Annotated[Caller, Depends(allow("finance"))]

commands = command_router("orders")
queries_router = query_router("orders")


class LimitOf(BaseModel):
    """Whose limit in which currency."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    role: Literal["buyer", "shop_manager", "finance"]
    currency: Currency


class LimitIn(LimitOf):
    """Up to which amount the role decides; null: up to any."""

    amount: UnitCost | None


class LimitOut(LimitIn):
    """A limit, and who set it."""

    set_at: Moment
    set_by: str


@commands.post("/approval-limits", status_code=201)
async def post_limit(body: LimitIn, session: Session, caller: Finance) -> LimitOut:
    """Set a limit: from the first one on, whoever has none needs approval for every order."""
    limit = await set_limit(session, body.role, body.currency, body.amount, caller.subject)
    return LimitOut.model_validate(limit)


@commands.post("/approval-limits/remove")
async def post_remove(body: LimitOf, session: Session, _: Finance) -> list[LimitOut]:
    """Take a limit away; return those that are left."""
    await remove_limit(session, body.role, body.currency)
    return [LimitOut.model_validate(one) for one in await store.limits(session)]


@queries_router.get("/approval-limits")
async def list_limits(session: Session, _: Reader) -> list[LimitOut]:
    """Return the limits: at most one for each role and currency."""
    return [LimitOut.model_validate(one) for one in await store.limits(session)]
