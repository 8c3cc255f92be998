"""Translate facts: what inventory has told, as the domain knows it."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.catalogue import BY_TYPE
from contracts.inventory import (
    StockArrived,
    StockDispatched,
    StockFact,
    StockGained,
    StockIssued,
    StockReceived,
    StockReturned,
    StockReturnedToSupplier,
    StockReturnReversed,
    StockRevalued,
    StockReversed,
    StockShipped,
    StockStatusChanged,
    StockSupplierReturnReversed,
)
from costing.valuation.domain.movement import Destination, Kind, Movement, ShippedLine, Stream
from costing.valuation.domain.refusals import OtherCurrency
from costing.valuation.store.pending import Pending

PURCHASE_RETURN = "purchase_return"
"""Why the cost of goods sold changes where goods go back at another cost than the average."""
PURCHASE_RETURN_REVERSAL = "purchase_return_reversal"
"""Why it changes back."""
RETURN_REVERSAL = "return_reversal"
"""Why it changes where goods were sold at the cost of others, which had not come back at all."""


def movement_of(fact: StockFact) -> Movement:
    """Return a fact as the domain knows it."""
    kind, particulars = PARTICULARS[type(fact)]
    return Movement(
        fact.site_id,
        fact.item_id,
        fact.sequence,
        kind,
        fact.quantity,
        fact.document_id,
        fact.document_number,
        fact.line_no,
        fact.posted_at,
        fact.batch_id,
        **particulars(fact),
    )


def fact_of(kept: Pending) -> StockFact:
    """Return a fact that was kept until its turn."""
    fact = BY_TYPE[kept.type].model_validate_json(kept.payload)
    if not isinstance(fact, StockFact):
        raise TypeError(f"{kept.type} is no stock fact")
    return fact


def destination_of(fact: StockFact) -> Stream | None:
    """Return the stream that may go on once this fact has a value."""
    return (fact.to_site_id, fact.item_id) if isinstance(fact, StockDispatched) else None


def must_be_in(currency: str, fact: StockFact) -> None:
    """Refuse a cost in another currency; one without a currency is in that of the books."""
    if isinstance(fact, StockReceived | StockGained | StockRevalued):
        given = fact.currency or currency
        if given != currency:
            raise OtherCurrency(books=currency, given=given)


def _arrival(fact: Any) -> Mapping[str, Any]:
    dispatch = (fact.from_site_id, fact.item_id, fact.dispatch_sequence)
    return {"dispatch": dispatch, "last": fact.outstanding <= 0}


def _dispatch(fact: Any) -> Mapping[str, Any]:
    return {"destination": Destination(fact.to_site_id, fact.to_warehouse_id)}


def _return(fact: Any) -> Mapping[str, Any]:
    return {
        "reverses": fact.reverses,
        "origin": fact.reverses,
        "shipped": ShippedLine(fact.shipment_id, fact.shipment_line_no),
        "order_id": fact.order_id,
    }


def _revaluation(fact: Any) -> Mapping[str, Any]:
    return {
        "origin": fact.receipt_sequence,
        "difference": fact.difference,
        "reason": fact.cause,
    }


def _supplier_return(fact: Any) -> Mapping[str, Any]:
    return {"origin": fact.reverses, "reason": PURCHASE_RETURN}


def _return_reversal(fact: Any) -> Mapping[str, Any]:
    return {
        "reverses": fact.reverses,
        "reversed_before": fact.reversed_before,
        "origin": fact.shipped_by,
        "shipped": ShippedLine(fact.shipment_id, fact.shipment_line_no),
        "order_id": fact.order_id,
        "return_id": fact.return_id,
        "reason": RETURN_REVERSAL,
    }


def _supplier_return_reversal(fact: Any) -> Mapping[str, Any]:
    return {
        "reverses": fact.reverses,
        "origin": fact.received_by,
        "reason": PURCHASE_RETURN_REVERSAL,
    }


PARTICULARS: Mapping[type[StockFact], tuple[Kind, Callable[[Any], Mapping[str, Any]]]] = {
    StockReceived: (Kind.RECEIPT, lambda fact: {"unit_cost": fact.unit_cost}),
    StockShipped: (Kind.SHIPMENT, lambda fact: {"order_id": fact.order_id}),
    StockIssued: (Kind.ISSUE, lambda fact: {"reason": fact.reason}),
    StockGained: (
        Kind.GAIN,
        lambda fact: {"reason": fact.reason, "unit_cost": fact.unit_cost},
    ),
    StockDispatched: (Kind.DISPATCH, _dispatch),
    StockArrived: (Kind.ARRIVAL, _arrival),
    StockStatusChanged: (Kind.STATUS, lambda _: {}),
    StockReturned: (Kind.RETURN, _return),
    StockRevalued: (Kind.REVALUATION, _revaluation),
    StockReturnedToSupplier: (Kind.SUPPLIER_RETURN, _supplier_return),
    StockReturnReversed: (Kind.RETURN_REVERSAL, _return_reversal),
    StockSupplierReturnReversed: (Kind.SUPPLIER_RETURN_REVERSAL, _supplier_return_reversal),
    StockReversed: (
        Kind.REVERSAL,
        lambda fact: {"reverses": fact.reverses, "inward": fact.direction == "in"},
    ),
}
