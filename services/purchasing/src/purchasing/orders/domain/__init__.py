"""Purchase orders: what was agreed and by whom, what may still arrive, and what has arrived."""

from purchasing.orders.domain.changes import LineChange, OrderChange, change_order
from purchasing.orders.domain.limits import Limit, may_decide, must_decide
from purchasing.orders.domain.lines import (
    MOST_EVER,
    Delivery,
    LineKind,
    OrderLine,
    PriceSource,
    must_cost_nothing,
    plain,
)
from purchasing.orders.domain.order import PurchaseOrder
from purchasing.orders.domain.refusals import (
    ApproverIsAuthor,
    BelowReceived,
    DeliveriesUneven,
    FreeLinePriced,
    OrderChanged,
    OrderNotPlaced,
    OrderStepRefused,
    OverLimit,
    OverReceipt,
    StillArriving,
    UnknownOrder,
    UnknownOrderLine,
)
from purchasing.orders.domain.states import WITH_SUPPLIER, Change, OrderStatus, document_number

__all__ = [
    "MOST_EVER",
    "WITH_SUPPLIER",
    "ApproverIsAuthor",
    "BelowReceived",
    "Change",
    "DeliveriesUneven",
    "Delivery",
    "FreeLinePriced",
    "Limit",
    "LineChange",
    "LineKind",
    "OrderChange",
    "OrderChanged",
    "OrderLine",
    "OrderNotPlaced",
    "OrderStatus",
    "OrderStepRefused",
    "OverLimit",
    "OverReceipt",
    "PriceSource",
    "PurchaseOrder",
    "StillArriving",
    "UnknownOrder",
    "UnknownOrderLine",
    "change_order",
    "document_number",
    "may_decide",
    "must_cost_nothing",
    "must_decide",
    "plain",
]
