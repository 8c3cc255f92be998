"""Take back what customers return: it is on hand again, and waits to be inspected.

What a reversal takes back never left the shelf, so that it is available at once.
"""

from collections.abc import Iterator, Sequence

from contracts.inventory import StockReturned
from contracts.sales import CustomerReturnPosted, ReturnedLine
from inventory.stock.domain import Document, Entry, Kind, Movement, Place, Status

Returned = tuple[CustomerReturnPosted, ReturnedLine]


def movements_of(returns: Sequence[CustomerReturnPosted]) -> Iterator[tuple[Movement, Returned]]:
    """Return what moves with returns that were never booked; of units only what was shipped."""
    for one in returns:
        document = Document(
            one.return_id,
            one.number,
            one.returned_at,
            one.posted_at,
            one.posted_by,
            one.device_id,
        )
        for line in one.lines:
            movement = Movement(
                Kind.RETURN,
                Place(one.site_id, line.item_id, one.warehouse_id, line.batch_id),
                line.quantity,
                document,
                line.line_no,
                source=None,
                target=Status.AVAILABLE if one.reverses_shipment else Status.IN_INSPECTION,
                rule="reversal" if one.reverses_shipment else f"return: {one.cause}",
                serials=line.serials,
                undoes=Kind.SHIPMENT,
            )
            yield movement, (one, line)


def fact_of_return(entry: Entry, returned: Returned, left_by: int) -> StockReturned:
    """Return what an entry of a return says; `left_by` is the entry by which the goods left."""
    one, line = returned
    return StockReturned(
        site_id=one.site_id,
        item_id=line.item_id,
        sequence=entry.sequence,
        warehouse_id=one.warehouse_id,
        quantity=line.quantity,
        document_id=one.return_id,
        document_number=one.number,
        line_no=line.line_no,
        effective_at=one.returned_at,
        posted_at=one.posted_at,
        batch_id=line.batch_id,
        serials=line.serials,
        user_id=one.posted_by,
        device_id=one.device_id,
        reverses=left_by,
        returned_before=line.returned_before,
        shipment_id=one.shipment_id,
        shipment_line_no=line.shipment_line_no,
        order_id=one.order_id,
    )
