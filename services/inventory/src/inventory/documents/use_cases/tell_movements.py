"""Say each movement of a document to the world: one stock fact for each entry."""

from typing import Any

from contracts.inventory import (
    StockArrived,
    StockDispatched,
    StockFact,
    StockGained,
    StockIssued,
    StockReversed,
    StockStatusChanged,
)
from inventory.documents.domain import Move
from inventory.stock.domain import Entry, Kind


def fact_of(entry: Entry, move: Move) -> StockFact:
    """Return what an entry of a document's line says."""
    movement, said = entry.movement, _said(entry)
    match movement.kind:
        case Kind.GAIN:
            cost = move.line.unit_cost
            currency = None if cost is None else move.document.currency
            return StockGained(**said, reason=move.reason, unit_cost=cost, currency=currency)
        case Kind.ISSUE:
            return StockIssued(**said, reason=move.reason)
        case Kind.DISPATCH:
            return StockDispatched(
                **said,
                to_site_id=move.document.to_site_id,
                to_warehouse_id=move.document.to_warehouse_id,
            )
        case Kind.ARRIVAL if move.arrival is not None:
            return StockArrived(**said, **vars(move.arrival))
        case Kind.STATUS | Kind.REVERSAL if not movement.change:
            return StockStatusChanged(**said, source=movement.source, target=movement.target)
        case Kind.REVERSAL:
            direction = "in" if movement.change > 0 else "out"
            return StockReversed(**said, reverses=movement.reverses, direction=direction)
    raise AssertionError(f"no document makes entries of kind {movement.kind}")


def _said(entry: Entry) -> dict[str, Any]:
    movement = entry.movement
    place, document = movement.place, movement.document
    return {
        "site_id": place.site_id,
        "item_id": place.item_id,
        "sequence": entry.sequence,
        "warehouse_id": place.warehouse_id,
        "quantity": movement.quantity,
        "document_id": document.document_id,
        "document_number": document.number,
        "line_no": movement.line_no,
        "effective_at": document.effective_at,
        "posted_at": document.posted_at,
        "batch_id": place.batch_id,
        "serials": movement.serials,
        "user_id": document.user_id,
        "device_id": document.device_id,
    }
