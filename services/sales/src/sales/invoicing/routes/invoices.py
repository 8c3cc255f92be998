"""HTTP: the list of output invoices of a month, its sums, and its export."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import RowMapping

from contracts.wire import Amount, Code, Total
from sales.invoicing import queries
from sales.invoicing.domain import InvoiceListTooLong
from sales.invoicing.queries import Listed
from sales.reference.routes import Reader
from servicekit.http.pages import CurrentPaging, LineNo, Page
from servicekit.http.routing import Session, query_router
from sheets import MEDIA, Form, headers_of, sheet_of

Period = Annotated[str, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
EXPORTED_MAX = 50_000
LINE = TypeAdapter(tuple[UUID, LineNo])
KINDS = {"blue": "蓝字", "red": "红字"}
COLUMNS = {
    "kind": "发票类型",
    "day": "业务日期",
    "number": "单据编号",
    "original_number": "原单据编号",
    "site_id": "门店",
    "buyer": "购方名称",
    "tax_number": "购方税号",
    "item_id": "商品编码",
    "item_name": "货物名称",
    "unit": "计量单位",
    "quantity": "数量",
    "unit_price": "单价（不含税）",
    "amount": "金额（不含税）",
    "percent": "税率（%）",
    "tax": "税额",
    "total": "价税合计",
}
"""The headings the tax bureau's programs look for."""

router = query_router("invoicing")


class LineBase(BaseModel):
    """What a line says however its colour is spelled."""

    document_id: UUID
    line_no: int
    day: date
    number: str
    original_number: str | None
    """The shipment's, of what came back."""
    site_id: str
    customer_id: str
    buyer: str
    tax_number: str | None
    item_id: str
    item_name: str
    unit: str
    quantity: Total
    unit_price: Total
    amount: Total
    percent: Amount
    tax: Total
    total: Total


class InvoiceLine(LineBase):
    """A line of the list: blue for what was sold, red and negative for what came back."""

    kind: Literal["blue", "red"]


class PrintedLine(LineBase):
    """A line as the tax bureau's programs read it in."""

    kind: str


class InvoiceSum(BaseModel):
    """What the lines of one kind and rate come to."""

    kind: Literal["blue", "red"]
    percent: Amount
    lines: int
    amount: Total
    tax: Total


def invoices_asked(caller: Reader, period: Period, site_id: Code | None = None) -> Listed:
    """Return which invoices the caller asks for and may see."""
    if site_id is not None:
        caller.must_cover(site_id)
    return Listed(period, site_id, caller.covered())


Wanted = Annotated[Listed, Depends(invoices_asked)]


@router.get("/output-invoices")
async def list_invoices(
    session: Session, paging: CurrentPaging, wanted: Wanted
) -> Page[InvoiceLine]:
    """List what invoices are to be written for in a month: sales in blue, returns in red."""
    rows = await queries.lines_after(session, wanted, paging.after_as(LINE), paging.limit + 1)
    return paging.page([_shown(row) for row in rows], lambda one: [one.document_id, one.line_no])


@router.get("/output-invoices/sums")
async def sum_up_invoices(session: Session, wanted: Wanted) -> list[InvoiceSum]:
    """Sum up the list of a month by rate, as the tax return wants it."""
    return [InvoiceSum(**row) for row in await queries.sums(session, wanted)]


@router.get("/output-invoices/export", response_class=Response)
async def export_invoices(session: Session, wanted: Wanted, form: Form = "csv") -> Response:
    """Return the list of a month as the tax bureau's programs read it in."""
    rows = await queries.lines_after(session, wanted, None, EXPORTED_MAX + 1)
    if len(rows) > EXPORTED_MAX:
        raise InvoiceListTooLong(most=EXPORTED_MAX)
    lines = [_printed(_shown(row)) for row in rows]
    headers = headers_of(f"output-invoices-{wanted.period}", form)
    content = sheet_of(form, PrintedLine, lines, COLUMNS)
    return Response(content, media_type=MEDIA[form], headers=headers)


def _shown(row: RowMapping) -> InvoiceLine:
    price = (row["amount"] / row["quantity"]).quantize(Decimal("0.000001"))
    return InvoiceLine(**row, unit_price=price, total=row["amount"] + row["tax"])


def _printed(line: InvoiceLine) -> PrintedLine:
    return PrintedLine(**{**vars(line), "kind": KINDS[line.kind]})
