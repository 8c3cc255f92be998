"""Facts of the costing service."""

from typing import ClassVar
from uuid import UUID

from contracts.envelope import Event, Topic
from contracts.wire import Amount, Code, Currency, Moment, Quantity, UnitCost

COST = Topic("costing", "cost", 1)


class GoodsSoldCosted(Event):
    """The cost of one shipped line is known: moving weighted average at the ledger's moment."""

    TOPIC: ClassVar[Topic] = COST
    TYPE: ClassVar[str] = "trueshelf.costing.goods_sold_costed.v1"

    site_id: Code
    item_id: Code
    sequence: int
    shipment_id: UUID
    line_no: int
    order_id: UUID
    quantity: Quantity
    unit_cost: UnitCost
    """Average cost used, rounded to six decimals; `cost` is the booked amount."""
    cost: Amount
    currency: Currency
    costed_at: Moment

    @property
    def key(self) -> str:
        """Return `site:item`."""
        return f"{self.site_id}:{self.item_id}"
