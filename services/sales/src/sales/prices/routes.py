"""HTTP: levels of price, prices, promotions, and what a quantity would cost a customer now."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from contracts.wire import Amount, Code, Currency, Moment, Name, Quantity, SignedQuantity, UnitCost
from sales.customers import store as customers
from sales.prices import queries, store
from sales.prices.domain import STANDARD, Price, Promotion, Scope, Source
from sales.prices.queries import PriceFilter
from sales.prices.use_cases.price_lines import LineToPrice, Terms, price_lines
from sales.prices.use_cases.promote import end_promotion, promote
from sales.prices.use_cases.set_level import set_level
from sales.prices.use_cases.set_price import set_price
from sales.reference import store as reference
from sales.reference.routes import Reader
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router
from servicekit.ids import new_id

Pricer = Annotated[Caller, Depends(allow("master_data", "finance"))]
From = Annotated[SignedQuantity, Field(ge=0)]
Percent = Annotated[Amount, Field(gt=0, le=100)]
PRICE = TypeAdapter(tuple[Code, Code, Currency, Code, From, date])

commands = command_router("prices")
queries_router = query_router("prices")


class LevelIn(BaseModel):
    """The level of price at which a customer buys."""

    model_config = ConfigDict(extra="forbid")

    level: Code


class LevelOut(LevelIn):
    """A customer's level; `standard` unless another one was set."""

    customer_id: str


class PriceIn(BaseModel):
    """What one unit costs without tax; it counts on its first and last day too."""

    model_config = ConfigDict(extra="forbid")

    level: Code = STANDARD
    item_id: Code
    unit: Code
    currency: Currency
    from_quantity: From = Decimal(0)
    valid_from: date
    valid_to: date | None = None
    unit_price: UnitCost


class PriceOut(PriceIn):
    """A price as it was set."""

    model_config = ConfigDict(from_attributes=True)

    set_at: Moment
    set_by: str


class PromotionIn(BaseModel):
    """A percentage off the price of an item, of a category, or of everything, for a time."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    scope: Scope
    scope_name: Name | None = None
    """The item's id or the category; left out for everything."""
    percent_off: Percent
    level: Code | None = None
    """For customers of one level alone."""
    site_id: Code | None = None
    """At one site alone."""
    starts_at: Moment
    ends_at: Moment


class PromotionOut(PromotionIn):
    """A promotion as it was set."""

    model_config = ConfigDict(from_attributes=True)

    promotion_id: UUID
    scope_name: str
    set_at: Moment
    set_by: str


class Asked(BaseModel):
    """Whose price is asked for, and for how much of what."""

    customer_id: Code
    site_id: Code
    item_id: Code
    unit: Code
    currency: Currency
    quantity: Quantity


class PricedOut(BaseModel):
    """What so many units cost a customer now, and by which price and promotion."""

    model_config = ConfigDict(from_attributes=True)

    amount: Amount
    source: Source
    level: str | None
    unit_price: UnitCost | None
    valid_from: date | None
    promotion_id: UUID | None
    percent_off: Amount | None


@commands.post("/customers/{customer_id}/price-level")
async def post_level(
    customer_id: Code, body: LevelIn, session: Session, caller: Pricer
) -> LevelOut:
    """Say at which level of price a customer buys from now on."""
    level = await set_level(session, customer_id, body.level, caller)
    return LevelOut(customer_id=customer_id, level=level)


@queries_router.get("/customers/{customer_id}/price-level")
async def read_level(customer_id: Code, session: Session, _: Reader) -> LevelOut:
    """Return the level of price at which a customer buys."""
    await customers.must_know(session, customer_id)
    return LevelOut(customer_id=customer_id, level=await store.level_of(session, customer_id))


@commands.post("/prices", status_code=201)
async def post_price(body: PriceIn, session: Session, caller: Pricer) -> PriceOut:
    """Set a price; of several that cover a day and a quantity the latest and largest counts."""
    price = Price(set_at=now(), set_by=caller.subject, **vars(body))
    return PriceOut.model_validate(await set_price(session, price))


def price_filter(
    item_id: Code | None = None, level: Code | None = None, on: date | None = None
) -> PriceFilter:
    """Return which prices the caller asks for."""
    return PriceFilter(item_id, level, on)


@queries_router.get("/prices")
async def list_prices(
    session: Session,
    paging: CurrentPaging,
    _: Reader,
    wanted: Annotated[PriceFilter, Depends(price_filter)],
) -> Page[PriceOut]:
    """List prices by item, unit, currency, level, quantity and first day."""
    rows = await queries.prices_after(session, wanted, paging.after_as(PRICE), paging.limit + 1)
    return paging.page(
        [PriceOut(**row) for row in rows],
        lambda one: [getattr(one, column.name) for column in queries.KEY],
    )


@commands.post("/promotions", status_code=201)
async def post_promotion(body: PromotionIn, session: Session, caller: Pricer) -> PromotionOut:
    """Promote goods for a time; the best of several promotions counts, they don't add up."""
    given = {**vars(body), "scope_name": body.scope_name or ""}
    promotion = Promotion(promotion_id=new_id(), set_at=now(), set_by=caller.subject, **given)
    return PromotionOut.model_validate(await promote(session, promotion))


@commands.post("/promotions/{promotion_id}/end")
async def post_end(promotion_id: UUID, session: Session, _: Pricer) -> PromotionOut:
    """Let a promotion be over now; one that has not begun is forgotten."""
    return PromotionOut.model_validate(await end_promotion(session, promotion_id))


@queries_router.get("/promotions")
async def list_promotions(
    session: Session, paging: CurrentPaging, _: Reader, on: Moment | None = None
) -> Page[PromotionOut]:
    """List promotions, or those that are on at a moment, the newest first."""
    rows = await queries.promotions_before(session, on, paging.after_id(), paging.limit + 1)
    return paging.page([PromotionOut(**row) for row in rows], lambda one: [one.promotion_id])


@queries_router.get("/price")
async def read_price(session: Session, _: Reader, asked: Annotated[Asked, Depends()]) -> PricedOut:
    """Return what so many units cost a customer now, or say that there is no price."""
    await customers.must_know(session, asked.customer_id)
    items = await reference.items_of(session, [asked.item_id])
    terms = Terms(
        customer_id=asked.customer_id,
        site=await reference.site_of(session, asked.site_id),
        currency=asked.currency,
        at=now(),
    )
    line = LineToPrice(
        line_no=1, item=items[asked.item_id], unit=asked.unit, quantity=asked.quantity
    )
    (priced,) = await price_lines(session, terms, [line])
    return PricedOut.model_validate(priced)
