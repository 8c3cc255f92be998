"""The run itself, step by step, against a platform that is up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from demo.books import Books, read_books
from demo.buying import buy_in, wait_until_booked
from demo.client import Api
from demo.compare import disagreements
from demo.data import Basket, Product, baskets_of, busiest_stores, read_products, read_sales
from demo.drain import BusTotals, drain
from demo.masters import create_masters, wait_for_copies
from demo.model import Expected, sell
from demo.plan import Offer, Pair, Purchase, buy, is_short, needs, offer, purchases, unit_costs
from demo.progress import Show
from demo.replay import Outcome, replay
from demo.report import Json, Run

SELLING = "Selling baskets"


@dataclass(frozen=True)
class Wishes:
    """What to play."""

    weeks: Sequence[int]
    stores: int | None
    clients: int


@dataclass(frozen=True)
class Plan:
    """What will be done, and what must come of it."""

    baskets: int
    site_ids: frozenset[str]
    products: Sequence[Product]
    offer: Offer
    asked: Mapping[Pair, int]
    bought: Mapping[Pair, int]
    costs: Mapping[str, Decimal]
    supply: Sequence[Purchase]
    expected: Expected

    def facts(self) -> Json:
        """Return what the report tells of it."""
        return {
            "stores": len(self.site_ids),
            "baskets": self.baskets,
            "items": len(self.products),
            "items_without_category": sum(one.category is None for one in self.products),
            "pairs": len(self.asked),
            "short_bought": sum(is_short(pair) for pair in self.asked),
            "purchase_orders": len(self.supply),
        }


@dataclass(frozen=True)
class Played:
    """What came of it."""

    outcomes: Sequence[Outcome]
    bus: BusTotals
    books: Books


def load(wishes: Wishes) -> list[Basket]:
    """Return the baskets to play."""
    baskets = baskets_of(read_sales(wishes.weeks))
    if wishes.stores is None:
        return baskets
    chosen = busiest_stores(baskets, wishes.stores)
    return [basket for basket in baskets if basket.site_id in chosen]


def make_plan(baskets: Sequence[Basket]) -> Plan:
    """Work out what to buy and what must come of selling it."""
    made = offer(baskets)
    asked, costs = needs(made.orders), unit_costs(made.orders)
    bought = buy(asked)
    return Plan(
        baskets=len(baskets),
        site_ids=frozenset(basket.site_id for basket in baskets),
        products=read_products({line.item_id for basket in baskets for line in basket.lines}),
        offer=made,
        asked=asked,
        bought=bought,
        costs=costs,
        supply=purchases(bought, costs),
        expected=sell(made.orders, bought),
    )


async def play(api: Api, run: str, plan: Plan, clients: int, show: Show) -> Played:
    """Create, buy in and sell, and read what the platform makes of it."""
    with show.step("Creating sites and items", len(plan.site_ids) + len(plan.products)) as step:
        await create_masters(api, run, plan.site_ids, plan.products, step)
    with show.step("Waiting for purchasing and sales to know them"):
        await wait_for_copies(api, len(plan.products), len(plan.site_ids))
    with show.step("Buying in, lines", len(plan.bought)) as step:
        await buy_in(api, run, plan.supply, step)
    with show.step("Booking receipts", len(plan.supply)) as step:
        await wait_until_booked(api, len(plan.supply), step)
    with show.step(SELLING, len(plan.offer.orders)) as step:
        outcomes = await replay(api, run, plan.offer.orders, clients, step)
    with show.step("Waiting for the bus to drain"):
        bus = await drain(api)
    with show.step("Comparing the books"):
        books = await read_books(api)
    return Played(outcomes, bus, books)


def judge(plan: Plan, played: Played, facts: Json) -> Run:
    """Hold what came of it against the model."""
    return Run(
        offer=plan.offer,
        expected=plan.expected,
        outcomes=played.outcomes,
        books=played.books,
        bus=played.bus,
        disagreements=disagreements(
            plan.expected, plan.bought, plan.costs, played.outcomes, played.books
        ),
        facts={**plan.facts(), **facts},
    )
