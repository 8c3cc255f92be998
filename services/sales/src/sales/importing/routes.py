"""HTTP: orders as a file, and what became of each of them, row by row."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from contracts.wire import BatchCode, Code, Name, Quantity
from sales.importing.domain import Key, OrderRow, must_be_few, orders_in
from sales.importing.use_cases.import_orders import Imported, import_orders
from sales.orders.domain.refusals import InsufficientStock
from sales.orders.domain.states import OrderStatus, Shortage
from sales.orders.routes import SERIALS_MAX, Price, Seller
from servicekit.http.problems import language_of
from servicekit.http.routing import CurrentContext, step_router
from sheets.imports import RefusedLine, read_lines
from sheets.reading import SHEET, read_sheet

steps = step_router("importing")


def _numbers(cell: str) -> tuple[str, ...]:
    return tuple(cell.replace(";", " ").replace("；", " ").split())


class RowIn(BaseModel):
    """A row: a line of the order that the customer calls so; without an amount it is priced."""

    model_config = ConfigDict(extra="forbid")

    reference: Name
    customer_id: Code
    site_id: Code
    warehouse_id: Code
    item_id: Code
    quantity: Quantity
    unit: Code
    amount: Price | None = None
    batch_id: BatchCode = ""
    serials: Annotated[
        tuple[Code, ...],
        BeforeValidator(_numbers),
        Field(max_length=SERIALS_MAX),
        WithJsonSchema({"type": "string"}),
    ] = ()
    """Numbers of units, with a space or a semicolon between each two."""
    shortage: Shortage = Shortage.REFUSE
    """For the order as a whole, as is the day for which it is promised."""
    promised_on: date | None = None


class OrderReport(BaseModel):
    """What became of an order of the file.

    Waiting: inventory has not answered yet, and the order goes on by itself. Unchanged: it was
    placed under this reference before.
    """

    customer_id: str
    reference: str
    rows: list[int]
    outcome: Literal["placed", "waiting", "unchanged", "refused"]
    order_id: UUID | None = None
    number: str | None = None
    status: OrderStatus | None = None
    code: str | None = None
    detail: str | None = None
    refusal: dict[str, Any] | None = None
    """Inventory's own reason, if it refused."""


class FileReport(BaseModel):
    """What became of a file, order by order and row by row."""

    placed: int
    waiting: int
    unchanged: int
    refused: int
    orders: list[OrderReport]
    refused_rows: list[RefusedLine]
    """The rows because of which orders were not placed, each with its reason."""


@steps.post("/orders/import-file", openapi_extra=SHEET)
async def import_sheet(request: Request, context: CurrentContext, caller: Seller) -> FileReport:
    """Place the orders of a CSV or XLSX sheet, each by itself; the same file again places none."""
    raw, language = await read_sheet(request, RowIn), language_of(request)
    must_be_few({_key(row) for row in raw.values()})
    lines = read_lines(request, raw, "reference", _row)
    torn = {_key(raw[row.line]) for row in lines.refused}
    done = await import_orders(context, orders_in(lines.taken), torn, caller)
    told = [_told(one, language) for one in done]
    refused = lines.refused + [row for one in done for row in _refused_rows(one, language)]
    count = [one.outcome for one in told].count
    return FileReport(
        placed=count("placed"),
        waiting=count("waiting"),
        unchanged=count("unchanged"),
        refused=count("refused"),
        orders=told,
        refused_rows=sorted(refused, key=lambda one: one.line),
    )


def _key(raw: Mapping[str, Any]) -> Key:
    return raw.get("customer_id", ""), raw.get("reference", "")


def _row(raw: Mapping[str, Any]) -> OrderRow:
    return OrderRow(**dict(RowIn.model_validate_strings(raw)))


def _told(done: Imported, language: str) -> OrderReport:
    customer_id, reference = done.given.key
    report = OrderReport(
        customer_id=customer_id,
        reference=reference,
        rows=list(done.given.rows),
        outcome="refused",
    )
    if done.refusal is not None:
        report.code, report.detail = done.refusal.code, done.refusal.text(language)
    if done.order is None:
        return report
    report.order_id, report.number = done.order.order_id, done.order.number
    report.status = done.order.status
    if done.problem is not None:
        report.code, report.refusal = done.order.cause, dict(done.problem)
        report.detail = _reason(done, language)
    elif done.order.next_step is not None:
        report.outcome = "waiting"
    else:
        report.outcome = "unchanged" if done.placed_before else "placed"
    return report


def _reason(done: Imported, language: str) -> str:
    if done.order is None or done.problem is None:
        return ""
    if done.order.cause == InsufficientStock.code:
        return InsufficientStock(**{**done.problem, "number": done.order.number}).text(language)
    return str(done.problem.get("detail", ""))


def _refused_rows(done: Imported, language: str) -> Iterator[RefusedLine]:
    """Name the rows that keep an order from being placed."""
    _, reference = done.given.key
    rows = list(done.given.rows)
    if done.refusal is not None:
        about, code = done.given.about(done.refusal), done.refusal.code
        reason = done.refusal.text(language)
    elif done.problem is not None and done.order is not None:
        code, reason = done.order.cause or "", _reason(done, language)
        short = [one.get("line_no") for one in done.problem.get("shortages", ())]
        named = [rows[no - 1] for no in short if isinstance(no, int) and no <= len(rows)]
        about = sorted(set(named)) or rows
    else:
        return
    for row in about:
        yield RefusedLine(line=row, id=reference[:64], code=code, detail=reason[:500])
