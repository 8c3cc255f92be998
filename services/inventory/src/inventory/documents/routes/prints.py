"""Documents on paper: a label with the QR code, and a page to sign."""

from html import escape
from uuid import UUID

import segno
from fastapi import Response
from fastapi.responses import HTMLResponse

from inventory.catalog.domain import plain
from inventory.documents import store
from inventory.documents.domain import DocumentLine, StockDocument, code_of
from inventory.documents.queries import Names, names
from inventory.documents.routes.steps import Reader
from servicekit.http.routing import Session, query_router

prints = query_router("documents")

SVG = "image/svg+xml"
QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks for."""
TEXT_HEIGHT = 5
STYLE = """
@page { margin: 15mm }
body { font: 11pt sans-serif; color: #000 }
header { display: flex; justify-content: space-between }
header svg { width: 32mm; height: 32mm }
table { border-collapse: collapse; width: 100%; margin: 6mm 0 }
th, td { border: 1px solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top }
td.number { text-align: right }
thead { display: table-header-group }
tr { break-inside: avoid }
.signatures { display: flex; gap: 8mm; margin-top: 12mm; break-inside: avoid }
.signatures div { flex: 1; border-top: 1px solid #000; padding-top: 1mm; min-height: 10mm }
"""


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
    return HTMLResponse(page(document, called))


def label(said: str, number: str) -> str:
    """Draw the QR code of what is said with the number below it."""
    code = segno.make(said, error="m", micro=False)
    width, height = code.symbol_size(border=QUIET)
    drawn = code.svg_inline(border=QUIET, omitsize=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + TEXT_HEIGHT}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<svg width="{width}" height="{height}">{drawn}</svg>'
        f'<text x="50%" y="{height + 2}" text-anchor="middle" font-family="sans-serif"'
        f' font-size="2.4">{escape(number)}</text></svg>'
    )


def page(document: StockDocument, called: Names) -> str:
    """Write the document as HTML that needs nothing else: no script, no picture, no font."""
    heads = ("#", "Item 商品", "Batch 批次", "Serials 序列号", "Quantity 数量", "From → to 状态")
    rows = "".join(_row(line, called) for line in document.lines)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(document.number)}</title><style>{STYLE}</style></head><body>"
        f"<header><div><h1>{escape(document.kind.value)} {escape(document.number)}</h1>"
        f"{_facts(document, called)}</div>"
        f"{label(code_of(document.document_id), document.number)}</header>"
        f"<table><thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{_signatures(document)}</body></html>"
    )


def _facts(document: StockDocument, called: Names) -> str:
    target = (document.to_site_id or "", document.to_warehouse_id or "")
    facts = {
        "Warehouse 仓库": called.places.get((document.site_id, document.warehouse_id)),
        "To 调入": called.places.get(target),
        "Status 状态": document.status.value,
        "Date 日期": document.effective_at and f"{document.effective_at:%Y-%m-%d %H:%M} UTC",
        "Source 来源单据": document.source_document,
        "Department 部门": document.department,
        "Reason 事由": document.reason,
    }
    said = (f"{name}: {escape(value)}" for name, value in facts.items() if value)
    return f"<p>{'<br>'.join(said)}</p>"


def _row(line: DocumentLine, called: Names) -> str:
    cells = (
        str(line.line_no),
        f"{line.item_id} {called.items.get(line.item_id, '')}",
        line.batch_id,
        ", ".join(line.serials),
        f"{plain(line.unit_quantity)} {line.unit}",
        f"{line.source or '-'} → {line.target or '-'}",
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _signatures(document: StockDocument) -> str:
    signed = {
        "Drafted 制单": document.drafted_by,
        "Audited 审核": document.audited_by,
        "Approved 批准": document.approved_by,
        "Posted 过账": document.posted_by,
        "Received 签收": None,
    }
    lines = (f"<div>{name}<br>{escape(who or '')}</div>" for name, who in signed.items())
    return f'<div class="signatures">{"".join(lines)}</div>'
