"""What arrives, or is lost, must have been sent to this very place."""

from collections.abc import Iterable

from inventory.documents.domain.document import StockDocument
from inventory.documents.domain.kinds import DocumentKind
from inventory.documents.domain.line import DocumentLine
from inventory.documents.domain.refusals import NotDispatched, NotOnDispatch, WrongDestination
from inventory.documents.domain.steps import DocumentStatus


def must_be_dispatched(dispatch: StockDocument) -> None:
    """Raise unless the document is a dispatch whose goods are on their way."""
    stands = dispatch.kind, dispatch.status
    if stands != (DocumentKind.TRANSFER_DISPATCH, DocumentStatus.POSTED):
        raise NotDispatched(
            number=dispatch.number, document_kind=stands[0].value, document_status=stands[1].value
        )


def must_be_sent_to(
    document: StockDocument, lines: Iterable[DocumentLine], dispatch: StockDocument
) -> None:
    """Raise unless all lines are of goods that the dispatch sent to the document's place."""
    must_be_dispatched(dispatch)
    target = dispatch.to_site_id, dispatch.to_warehouse_id
    if target != (document.site_id, document.warehouse_id):
        raise WrongDestination(
            number=dispatch.number, to_site_id=target[0], to_warehouse_id=target[1]
        )
    sent = {line.line_no: line for line in dispatch.lines}
    for line in lines:
        if not _is_of(line, sent.get(line.dispatch_line_no or 0), document.kind):
            raise NotOnDispatch(
                line_no=line.line_no,
                dispatch_line_no=line.dispatch_line_no,
                number=dispatch.number,
            )


def _is_of(line: DocumentLine, sent: DocumentLine | None, kind: DocumentKind) -> bool:
    """Tell whether a line is of goods that were sent; units that were not may come, but not go."""
    if sent is None or (sent.item_id, sent.batch_id) != (line.item_id, line.batch_id):
        return False
    lost = kind is DocumentKind.TRANSFER_LOSS and bool(sent.serials)
    return not lost or set(line.serials) <= set(sent.serials)
