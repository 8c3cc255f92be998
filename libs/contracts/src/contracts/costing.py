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


class GoodsReturnedCosted(Event):
    """What the returned part of a shipped line had cost is taken back from the cost of goods sold.

    The parts of one line add up to just what `GoodsSoldCosted` said of it.
    """

    TOPIC: ClassVar[Topic] = COST
    TYPE: ClassVar[str] = "trueshelf.costing.goods_returned_costed.v1"

    site_id: Code
    item_id: Code
    sequence: int
    return_id: UUID
    line_no: int
    shipment_id: UUID
    shipment_line_no: int
    order_id: UUID
    quantity: Quantity
    cost: Amount
    currency: Currency
    costed_at: Moment

    @property
    def key(self) -> str:
        """Return `site:item`."""
        return f"{self.site_id}:{self.item_id}"


class ReturnReversalCosted(Event):
    """A return was taken back: what had come back with it is cost of goods sold again.

    The parts of a return's line add up to just what `GoodsReturnedCosted` said of it.
    """

    TOPIC: ClassVar[Topic] = COST
    TYPE: ClassVar[str] = "trueshelf.costing.return_reversal_costed.v1"

    site_id: Code
    item_id: Code
    sequence: int
    reversal_id: UUID
    return_id: UUID
    line_no: int
    shipment_id: UUID
    shipment_line_no: int
    order_id: UUID
    quantity: Quantity
    cost: Amount
    currency: Currency
    costed_at: Moment

    @property
    def key(self) -> str:
        """Return `site:item`."""
        return f"{self.site_id}:{self.item_id}"


class CostOfSalesCorrected(Event):
    """Goods that were gone already cost more, or less, than was booked when they left.

    It adds to the cost of goods sold on its own day: what was booked before stays as it was.
    """

    TOPIC: ClassVar[Topic] = COST
    TYPE: ClassVar[str] = "trueshelf.costing.cost_of_sales_corrected.v1"

    site_id: Code
    item_id: Code
    sequence: int
    cause: str
    document_id: UUID
    """The document that said the other sum."""
    document_number: str
    line_no: int
    receipt_sequence: int
    """The entry of the same stream that brought the goods, or brought them back."""
    amount: Amount
    """What is added to the cost of goods sold; negative if they cost less."""
    currency: Currency
    effective_at: Moment
    costed_at: Moment

    @property
    def key(self) -> str:
        """Return `site:item`."""
        return f"{self.site_id}:{self.item_id}"
