"""Revalue receipts: what purchasing found out about their cost takes its place in the ledger.

Nothing moves. The ledger's order says for everybody which of the goods had left by then, and so
whose cost it is, however the facts travel.
"""

from collections.abc import Iterator, Mapping, Sequence

from contracts.inventory import StockRevalued
from contracts.purchasing import ReceiptRepriced, RepricedLine
from inventory.stock import store
from inventory.stock.domain import (
    ZERO,
    Document,
    Entry,
    Kind,
    Movement,
    Place,
    ReceiptUnexplained,
    Status,
)

Repriced = tuple[ReceiptRepriced, RepricedLine]


def revaluations_of(
    repriced: Sequence[ReceiptRepriced], places: Mapping[store.DocumentLine, Place]
) -> Iterator[tuple[Movement, Repriced]]:
    """Return the entries of repricings that were never booked, at the places of the receipts."""
    for one in repriced:
        document = Document(one.document_id, one.document_number, one.at, one.at, one.posted_by)
        for line in one.lines:
            if not line.difference:
                continue
            place = places.get(key_of(one, line))
            if place is None:
                raise ReceiptUnexplained(
                    line_no=line.line_no,
                    document=one.document_number,
                    receipt=one.receipt_number,
                )
            movement = Movement(
                Kind.REVALUATION,
                place,
                ZERO,
                document,
                line.line_no,
                source=Status.AVAILABLE,
                target=Status.AVAILABLE,
                rule=f"repricing: {one.cause}",
            )
            yield movement, (one, line)


def key_of(one: ReceiptRepriced, line: RepricedLine) -> store.DocumentLine:
    """Return the receipt's line that costs another sum."""
    return one.receipt_id, line.item_id, line.line_no


def fact_of_revaluation(entry: Entry, repriced: Repriced, came_by: int) -> StockRevalued:
    """Return what an entry of a repricing says; `came_by` is the entry that brought the goods."""
    one, line = repriced
    place = entry.movement.place
    return StockRevalued(
        site_id=place.site_id,
        item_id=place.item_id,
        sequence=entry.sequence,
        warehouse_id=place.warehouse_id,
        batch_id=place.batch_id,
        quantity=ZERO,
        document_id=one.document_id,
        document_number=one.document_number,
        line_no=line.line_no,
        effective_at=one.at,
        posted_at=one.at,
        user_id=one.posted_by,
        receipt_id=one.receipt_id,
        receipt_number=one.receipt_number,
        receipt_sequence=came_by,
        difference=line.difference,
        currency=one.currency,
        cause=one.cause,
    )
