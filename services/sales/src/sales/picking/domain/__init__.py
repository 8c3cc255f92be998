"""A pick: goods of an order taken off the shelf, which wait to be shipped.

What is picked is what inventory holds for the order, by batch and serial number: those were named
when the order was placed, out of what inventory proposed by first expiry first out. Whoever picks
another batch is told so, instead of the books learning of it after it has left; if that is meant,
the order comes to hold what is in hand instead, before it is picked.
"""

from sales.picking.domain.pick import (
    GoodsPicked,
    Pick,
    PickLine,
    PickStatus,
    must_be_held,
    must_be_in_one_hand,
    must_be_of_one_batch,
    must_name_its_units,
)
from sales.picking.domain.refusals import (
    BatchesMixed,
    HeldOtherwise,
    NothingToPick,
    OrderPicked,
    OtherBatchPicked,
    PickNotDecided,
    PickNotOpen,
    UnitsMiscounted,
    UnknownPick,
)

__all__ = [
    "BatchesMixed",
    "GoodsPicked",
    "HeldOtherwise",
    "NothingToPick",
    "OrderPicked",
    "OtherBatchPicked",
    "Pick",
    "PickLine",
    "PickNotDecided",
    "PickNotOpen",
    "PickStatus",
    "UnitsMiscounted",
    "UnknownPick",
    "must_be_held",
    "must_be_in_one_hand",
    "must_be_of_one_batch",
    "must_name_its_units",
]
