"""Purchase orders: what was agreed and by whom, what may still arrive, and what has arrived."""

from purchasing.orders.domain.changes import (
    LineChange,
    OrderChange,
    await_again,
    change_order,
)
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
    PaidLineFree,
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
    "PaidLineFree",
    "PriceSource",
    "PurchaseOrder",
    "StillArriving",
    "UnknownOrder",
    "UnknownOrderLine",
    "await_again",
    "change_order",
    "document_number",
    "may_decide",
    "must_cost_nothing",
    "must_decide",
    "plain",
]
