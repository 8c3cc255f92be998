"""Tell costs: what shipped goods cost, what of it comes back with them, what was wrong of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from contracts.costing import (
    CostOfSalesCorrected,
    GoodsReturnedCosted,
    GoodsSoldCosted,
    ReturnReversalCosted,
)
from contracts.envelope import Event
from costing.valuation.domain.movement import Entry, Kind


def costs_told(entries: Sequence[Entry], currency: str, at: datetime) -> Iterable[Event]:
    """Return what entries of shipments and returns, and corrections of costs, say to the world."""
    for entry in entries:
        if entry.movement.kind is Kind.SHIPMENT:
            yield _sold(entry, currency, at)
        elif entry.movement.kind is Kind.RETURN:
            yield _returned(entry, currency, at)
        elif entry.movement.kind is Kind.RETURN_REVERSAL:
            yield _sold_again(entry, currency, at)
        if entry.cost_of_sales:
            yield _corrected(entry, currency, at)


def _sold(entry: Entry, currency: str, at: datetime) -> GoodsSoldCosted:
    movement = entry.movement
    if movement.order_id is None:
        raise ValueError("a shipment has an order")
    return GoodsSoldCosted(
        site_id=movement.site_id,
        item_id=movement.item_id,
        sequence=movement.sequence,
        shipment_id=movement.document_id,
        line_no=movement.line_no,
        order_id=movement.order_id,
        quantity=movement.quantity,
        unit_cost=entry.unit_cost,
        cost=-entry.value,
        currency=currency,
        costed_at=at,
    )


def _returned(entry: Entry, currency: str, at: datetime) -> GoodsReturnedCosted:
    movement = entry.movement
    if movement.order_id is None or movement.shipped is None:
        raise ValueError("a return has a shipped line and its order")
    return GoodsReturnedCosted(
        site_id=movement.site_id,
        item_id=movement.item_id,
        sequence=movement.sequence,
        return_id=movement.document_id,
        line_no=movement.line_no,
        shipment_id=movement.shipped.shipment_id,
        shipment_line_no=movement.shipped.line_no,
        order_id=movement.order_id,
        quantity=movement.quantity,
        cost=entry.value,
        currency=currency,
        costed_at=at,
    )


def _sold_again(entry: Entry, currency: str, at: datetime) -> ReturnReversalCosted:
    movement = entry.movement
    if movement.order_id is None or movement.shipped is None or movement.return_id is None:
        raise ValueError("a return that is taken back has a shipped line and its order")
    return ReturnReversalCosted(
        site_id=movement.site_id,
        item_id=movement.item_id,
        sequence=movement.sequence,
        reversal_id=movement.document_id,
        return_id=movement.return_id,
        line_no=movement.line_no,
        shipment_id=movement.shipped.shipment_id,
        shipment_line_no=movement.shipped.line_no,
        order_id=movement.order_id,
        quantity=movement.quantity,
        cost=-entry.value - entry.cost_of_sales,
        currency=currency,
        costed_at=at,
    )


def _corrected(entry: Entry, currency: str, at: datetime) -> CostOfSalesCorrected:
    movement = entry.movement
    # Of a return that is taken back, goods were sold at a wrong cost since it had brought them.
    came_by = movement.reverses if movement.kind is Kind.RETURN_REVERSAL else movement.origin
    if came_by is None or movement.reason is None:
        raise ValueError("what corrects the cost of sales has an entry it is about, and a cause")
    return CostOfSalesCorrected(
        site_id=movement.site_id,
        item_id=movement.item_id,
        sequence=movement.sequence,
        cause=movement.reason,
        document_id=movement.document_id,
        document_number=movement.document_number,
        line_no=movement.line_no,
        receipt_sequence=came_by,
        amount=entry.cost_of_sales,
        currency=currency,
        effective_at=movement.posted_at,
        costed_at=at,
    )
