"""Documents on paper: a label with the QR code, and a page to sign."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from inventory.catalog.domain import plain
from inventory.documents import store
from inventory.documents.domain import DocumentLine, StockDocument, code_of
from inventory.documents.queries import Names, names
from inventory.documents.routes.steps import Reader
from papers.labels import SVG, label
from papers.pages import Paper, page
from servicekit.http.routing import Session, query_router

prints = query_router("documents")

HEADS = ("#", "Item 商品", "Batch 批次", "Serials 序列号", "Quantity 数量", "From → to 状态")


@prints.get(
    "/documents/{document_id}/label",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}},
)
async def get_label(document_id: UUID, session: Session, caller: Reader) -> Response:
    """Return a label with the document's QR code and number, as SVG."""
    document = await store.load(session, document_id)
    caller.must_cover(document.site_id)
    return Response(label(code_of(document.document_id), document.number), media_type=SVG)


@prints.get("/documents/{document_id}/print", response_class=HTMLResponse)
async def get_print(document_id: UUID, session: Session, caller: Reader) -> HTMLResponse:
    """Return the document as a page to print and sign."""
    document = await store.load(session, document_id)
    caller.must_cover(document.site_id)
    places = {(document.site_id, document.warehouse_id)}
    if document.to_site_id and document.to_warehouse_id:
        places.add((document.to_site_id, document.to_warehouse_id))
    called = await names(session, places, {line.item_id for line in document.lines})
    return HTMLResponse(page(paper(document, called)))


def paper(document: StockDocument, called: Names) -> Paper:
    """Say what stands on the document's page."""
    return Paper(
        title=document.kind.value,
        number=document.number,
        code=code_of(document.document_id),
        facts=_facts(document, called),
        heads=HEADS,
        rows=[_cells(line, called) for line in document.lines],
        signatures={
            "Drafted 制单": document.drafted_by,
            "Audited 审核": document.audited_by,
            "Approved 批准": document.approved_by,
            "Posted 过账": document.posted_by,
            "Received 签收": None,
        },
    )


def _facts(document: StockDocument, called: Names) -> dict[str, str | None]:
    target = (document.to_site_id or "", document.to_warehouse_id or "")
    at = document.effective_at
    return {
        "Warehouse 仓库": called.places.get((document.site_id, document.warehouse_id)),
        "To 调入": called.places.get(target),
        "Status 状态": document.status.value,
        "Date 日期": None if at is None else f"{at:%Y-%m-%d %H:%M} UTC",
        "Source 来源单据": document.source_document,
        "Department 部门": document.department,
        "Reason 事由": document.reason,
    }


def _cells(line: DocumentLine, called: Names) -> tuple[str, ...]:
    return (
        str(line.line_no),
        f"{line.item_id} {called.items.get(line.item_id, '')}",
        line.batch_id,
        ", ".join(line.serials),
        f"{plain(line.unit_quantity)} {line.unit}",
        f"{line.source or '-'} → {line.target or '-'}",
    )
