"""HTTP: prices agreed with suppliers."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Currency, Moment, Quantity, SignedQuantity, UnitCost
from purchasing.reference.routes import Reader
from purchasing.suppliers import queries, store
from purchasing.suppliers.domain import Goods, NoPriceAgreed, Price, PriceBreak, price_for
from purchasing.suppliers.queries import PriceFilter
from purchasing.suppliers.use_cases.agree_price import agree_price, end_price
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router
from servicekit.ids import new_id

BREAKS_MAX = 50
Buyer = Annotated[Caller, Depends(allow("buyer", "master_data"))]
From = Annotated[SignedQuantity, Field(ge=0)]

commands = command_router("prices")
queries_router = query_router("prices")


class Break(BaseModel):
    """From so many units on, one costs so much."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    from_quantity: From = Decimal(0)
    unit_cost: UnitCost


class PriceIn(BaseModel):
    """A price to be agreed; it counts on its first and last day too."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    unit: Code
    currency: Currency
    valid_from: date
    valid_to: date | None = None
    breaks: Annotated[list[Break], Field(min_length=1, max_length=BREAKS_MAX)]


class PriceOut(PriceIn):
    """A price as it was agreed."""

    model_config = ConfigDict(from_attributes=True)

    price_id: UUID
    supplier_id: str
    set_at: Moment
    set_by: str
    ended_by: str | None


class PriceEnd(BaseModel):
    """The last day of a price."""

    model_config = ConfigDict(extra="forbid")

    valid_to: date


class AgreedOut(BaseModel):
    """The price that counts for a quantity on a day."""

    model_config = ConfigDict(from_attributes=True)

    price_id: UUID
    unit_cost: UnitCost


class Asked(BaseModel):
    """Which price is asked for."""

    item_id: Code
    unit: Code
    currency: Currency
    quantity: Quantity
    on: date


@commands.post("/suppliers/{supplier_id}/prices", status_code=201)
async def post_price(supplier_id: Code, body: PriceIn, session: Session, caller: Buyer) -> PriceOut:
    """Agree a price with a supplier."""
    price = Price(
        price_id=new_id(),
        supplier_id=supplier_id,
        set_at=now(),
        set_by=caller.subject,
        breaks=[PriceBreak(one.from_quantity, one.unit_cost) for one in body.breaks],
        **body.model_dump(exclude={"breaks"}),
    )
    return PriceOut.model_validate(await agree_price(session, price))


@commands.post("/suppliers/{supplier_id}/prices/{price_id}/end")
async def post_end(
    supplier_id: Code, price_id: UUID, body: PriceEnd, session: Session, caller: Buyer
) -> PriceOut:
    """Let a price count until a day, and no longer."""
    price = await end_price(session, supplier_id, price_id, body.valid_to, caller.subject)
    return PriceOut.model_validate(price)


def price_filter(item_id: Code | None = None, on: date | None = None) -> PriceFilter:
    """Return which prices the caller asks for."""
    return PriceFilter(item_id, on)


@queries_router.get("/suppliers/{supplier_id}/prices")
async def list_prices(
    supplier_id: Code,
    session: Session,
    paging: CurrentPaging,
    _: Reader,
    wanted: Annotated[PriceFilter, Depends(price_filter)],
) -> Page[PriceOut]:
    """List the prices of a supplier, the newest first."""
    await queries.supplier(session, supplier_id)
    rows = await queries.prices_before(
        session, supplier_id, wanted, paging.after_id(), paging.limit + 1
    )
    return paging.page([PriceOut.model_validate(one) for one in rows], lambda one: [one.price_id])


@queries_router.get("/suppliers/{supplier_id}/price")
async def read_price(
    supplier_id: Code, session: Session, _: Reader, asked: Annotated[Asked, Depends()]
) -> AgreedOut:
    """Return the price that would count for a quantity on a day, or say that there is none."""
    await queries.supplier(session, supplier_id)
    known = await store.prices_of(session, supplier_id, [asked.item_id])
    goods = Goods(asked.item_id, asked.unit, asked.currency)
    found = price_for(known, goods, asked.quantity, asked.on)
    if found is None:
        facts = asked.model_dump(mode="json", exclude={"on"})
        raise NoPriceAgreed(line_no=1, supplier_id=supplier_id, day=str(asked.on), **facts)
    return AgreedOut.model_validate(found)
