"""What commands about count sheets take."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from contracts.wire import BatchCode, Code, Moment, Name, SignedQuantity
from inventory.catalog.domain.weights import Weight
from inventory.counting.domain.counts import Tolerance
from inventory.counting.domain.sheet import Goods
from inventory.counting.store import Scope
from inventory.counting.use_cases.open_sheet import LINES_MAX, Wanted
from inventory.counting.use_cases.record_counts import Told

COUNTS_MAX = 500
GOODS_MAX = 500
UNSIGNED = r"^[0-9]{1,12}(\.[0-9]{1,6})?$"
PERCENT = r"^([0-9]{1,2}(\.[0-9]{1,6})?|100)$"

Counted = Annotated[
    SignedQuantity, Field(ge=0), WithJsonSchema({"type": "string", "pattern": UNSIGNED})
]
"""A quantity that may be zero: nothing there is a count, too."""
Percent = Annotated[
    SignedQuantity, Field(ge=0, le=100), WithJsonSchema({"type": "string", "pattern": PERCENT})
]
LineNumber = Annotated[int, Field(ge=1, le=2 * LINES_MAX)]
LineNumbers = Annotated[list[LineNumber], Field(max_length=2 * LINES_MAX)]


class Body(BaseModel):
    """What commands take: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class GoodsBody(Body):
    """An item to count; without a batch, all of its batches."""

    item_id: Code
    batch_id: BatchCode = ""


class ToleranceBody(Body):
    """How far a count may be from the books without a recount: the larger of the two."""

    quantity: Counted = Decimal(0)
    percent: Percent = Decimal(0)


class SheetBody(Body):
    """What is to be counted: all stock of a site that fits everything that is given."""

    site_id: Code
    warehouse_id: Code | None = None
    category: Name | None = None
    abc_class: Name | None = None
    goods: Annotated[list[GoodsBody], Field(max_length=GOODS_MAX)] = []
    """These items of the warehouse, which is to be named then."""
    blind: bool = True
    """Whether counters see nothing of what the books say until the sheet is audited."""
    tolerance: ToleranceBody = ToleranceBody()

    def asked(self) -> Wanted:
        """Return the sheet as the use case takes it."""
        goods = [Goods(one.item_id, one.batch_id, self.warehouse_id) for one in self.goods]
        scope = Scope(self.site_id, self.warehouse_id, self.category, self.abc_class, goods)
        return Wanted(scope, self.blind, Tolerance(**dict(self.tolerance)))


class WeightBody(Body):
    """What a scale said: gross less tare is net."""

    scale_id: Code
    gross: Counted
    tare: Counted = Decimal(0)
    net: Counted
    unit: Code
    weighed_at: Moment


class CountBody(Body):
    """What was found at a spot: a quantity in a unit, a weight, or units by their numbers.

    `count_id` is chosen by whoever counts, so that a count that is sent again counts once. Counts
    of different spots add up; of one spot the last one counts, by `counted_at`.
    """

    count_id: UUID
    item_id: Code
    batch_id: BatchCode = ""
    warehouse_id: Code | None = None
    """The sheet's, if it is of one warehouse."""
    spot: Annotated[str, Field(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    counted_at: Moment
    device_id: Code | None = None
    quantity: Counted | None = None
    unit: Code | None = None
    weight: WeightBody | None = None
    serials: Annotated[list[Code], Field(max_length=COUNTS_MAX)] | None = None

    @model_validator(mode="after")
    def _is_one_of_three(self) -> "CountBody":
        if (self.quantity is None) != (self.unit is None):
            raise ValueError("a quantity goes with its unit")
        given = [one for one in (self.quantity, self.weight, self.serials) if one is not None]
        if len(given) != 1:
            raise ValueError("give one of: quantity with unit, weight, serials")
        return self

    def told(self) -> Told:
        """Return the count as the use case takes it."""
        return Told(
            count_id=self.count_id,
            goods=Goods(self.item_id, self.batch_id, self.warehouse_id),
            counted_at=self.counted_at,
            quantity=self.quantity,
            unit=self.unit,
            weight=None if self.weight is None else Weight(**dict(self.weight)),
            serials=tuple(self.serials or ()),
            spot=self.spot,
            device_id=self.device_id,
        )


class CountsBody(Body):
    """Counts of one sheet, in any order and however late."""

    counts: Annotated[list[CountBody], Field(min_length=1, max_length=COUNTS_MAX)]


class RecountBody(Body):
    """The lines to count once more; if none are given, those that need it."""

    lines: LineNumbers | None = None


class AuditBody(Body):
    """What the auditor decides."""

    left_alone: LineNumbers = []
    """Lines that were not counted and stay as the books have them."""
