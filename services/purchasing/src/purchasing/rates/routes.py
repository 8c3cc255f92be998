"""HTTP: exchange rates."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Currency, Moment, Quantity
from purchasing.rates import queries
from purchasing.rates.use_cases.set_rate import new_rate, set_rate
from purchasing.reference.routes import Reader
from purchasing.settings import settings_of
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import CurrentContext, Session, allow, command_router, query_router

Finance = Annotated[Caller, Depends(allow("finance"))]
Period = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]

commands = command_router("rates")
queries_router = query_router("rates")


class RateIn(BaseModel):
    """What one of the currency is worth in the currency of the books during the period."""

    model_config = ConfigDict(extra="forbid")

    currency: Currency
    period: Period
    rate: Quantity


class RateOut(RateIn):
    """A rate; `used_at` says when something was valued by it first, and it can't change since."""

    model_config = ConfigDict(from_attributes=True)

    set_at: Moment
    set_by: str
    used_at: Moment | None


@commands.post("/exchange-rates", status_code=201)
async def post_rate(
    body: RateIn, session: Session, context: CurrentContext, caller: Finance
) -> RateOut:
    """Set the rate of a currency for a period, or correct it before it is used."""
    wanted = new_rate(body.currency, body.period, body.rate, caller.subject)
    return RateOut.model_validate(await set_rate(session, wanted, settings_of(context).currency))


@queries_router.get("/exchange-rates")
async def list_rates(
    session: Session, paging: CurrentPaging, _: Reader, currency: Currency | None = None
) -> Page[RateOut]:
    """List rates, those of the newest period first."""
    position = paging.after(2)
    before = (position[0], position[1]) if position else None
    rows = await queries.rates_before(session, currency, before, paging.limit + 1)
    return paging.page([RateOut(**row) for row in rows], lambda one: [one.period, one.currency])
