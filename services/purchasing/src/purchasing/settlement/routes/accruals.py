"""HTTP: disputes as buyers resolve them, accruals as finance looks at them, rates of VAT."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, Code, Name
from purchasing.receipts import queries as receipts
from purchasing.reference.routes import Reader
from purchasing.settings import settings_of
from purchasing.settlement import queries
from purchasing.settlement.domain import AccrualListTooLong, AccrualStatus, Answer, LineVerdict
from purchasing.settlement.queries import EXPORTED_MAX, Own
from purchasing.settlement.routes.between_us import portal_receipt
from purchasing.settlement.routes.shapes import (
    AccrualHead,
    AccrualLineOut,
    AccrualOut,
    ConfirmationOut,
    PortalReceipt,
    ResolutionsIn,
    SettledReceipt,
)
from purchasing.settlement.use_cases.raise_accrual import accrue_receipt
from purchasing.settlement.use_cases.resolve_dispute import resolve_dispute
from purchasing.settlement.use_cases.set_vat_rate import set_vat_rate
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import CurrentContext, Session, allow, command_router, query_router
from sheets import MEDIA, Form, headers_of, sheet_of

Buyer = Annotated[Caller, Depends(allow("buyer"))]
Finance = Annotated[Caller, Depends(allow("finance"))]
Percent = Annotated[Amount, Field(ge=0, le=100)]
Period = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
COLUMNS = {
    "raised_at": "日期",
    "period": "期间",
    "number": "凭证号",
    "receipt_number": "收货单号",
    "supplier_id": "供应商",
    "site_id": "门店",
    "currency": "币种",
    "net": "金额",
    "tax": "税额",
    "rate": "汇率",
    "books_currency": "本位币",
    "books_net": "本位币金额",
    "books_tax": "本位币税额",
    "open_books_net": "未清本位币金额",
    "open_books_tax": "未清本位币税额",
    "status": "状态",
    "cleared_at": "冲销时间",
}

commands = command_router("settlement")
queries_router = query_router("settlement")


class AccrueIn(BaseModel):
    """Which receipt to accrue."""

    model_config = ConfigDict(extra="forbid")

    receipt_id: UUID


class VatRateIn(BaseModel):
    """A rate of VAT, in percent."""

    model_config = ConfigDict(extra="forbid")

    percent: Percent
    item_id: Code | None = None
    """The item whose goods of that supplier are under it; without it, all that have none."""


class VatRateOut(BaseModel):
    """A rate of VAT and when it is in force; the general one applies unless a supplier has one."""

    percent: Amount
    valid_from: date
    valid_to: date | None
    name: str
    general: bool


@commands.post("/receipts/{receipt_id}/resolve")
async def resolve(
    receipt_id: UUID, body: ResolutionsIn, session: Session, context: CurrentContext, caller: Buyer
) -> ConfirmationOut:
    """Resolve disputes; with the last one resolved the receipt is owed for as it was counted."""
    said = [
        Answer(line_no=one.line_no, verdict=LineVerdict(one.verdict), note=one.note)
        for one in body.lines
    ]
    currency = settings_of(context).currency
    return ConfirmationOut.of(await resolve_dispute(session, receipt_id, said, caller, currency))


@queries_router.get("/receipts/{receipt_id}/confirmation")
async def read_confirmation(receipt_id: UUID, session: Session, caller: Reader) -> PortalReceipt:
    """Return what is between us and the supplier about a posted receipt."""
    found = await receipts.receipt(session, receipt_id)
    caller.must_cover(found["site_id"])
    return await portal_receipt(session, receipt_id, found["supplier_id"])


@commands.post("/accruals", status_code=201)
async def accrue(
    body: AccrueIn, session: Session, context: CurrentContext, caller: Finance
) -> AccrualHead:
    """Accrue a posted receipt that nobody has confirmed yet, as at the end of a period."""
    currency = settings_of(context).currency
    return AccrualHead.model_validate(
        await accrue_receipt(session, body.receipt_id, caller, currency)
    )


def accrual_filter(
    caller: Reader,
    site_id: Code | None = None,
    supplier_id: Code | None = None,
    status: AccrualStatus | None = None,
    period: Period | None = None,
    number: Name | None = None,
) -> Own:
    """Return which accruals the caller asks for and may see."""
    return Own(
        sites=caller.covered(),
        site_id=site_id,
        supplier_id=supplier_id,
        status=status,
        period=period,
        number=number,
    )


Wanted = Annotated[Own, Depends(accrual_filter)]


@queries_router.get("/accruals")
async def list_accruals(
    session: Session, paging: CurrentPaging, wanted: Wanted
) -> Page[AccrualHead]:
    """List accruals, the newest first."""
    rows = await queries.accruals_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([AccrualHead(**row) for row in rows], lambda one: [one.accrual_id])


@queries_router.get("/accruals/missing")
async def list_missing(
    session: Session, paging: CurrentPaging, wanted: Wanted
) -> Page[SettledReceipt]:
    """List posted receipts that nothing is owed for yet, the newest first."""
    rows = await queries.receipts_to_accrue(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([SettledReceipt.of(row) for row in rows], lambda one: [one.receipt_id])


@queries_router.get("/accruals/export", response_class=Response)
async def export_accruals(session: Session, wanted: Wanted, form: Form = "csv") -> Response:
    """Return accruals as a file, a line each, as a journal would list them."""
    rows = await queries.accruals_before(session, wanted, None, EXPORTED_MAX + 1)
    if len(rows) > EXPORTED_MAX:
        raise AccrualListTooLong(most=EXPORTED_MAX)
    shown = [AccrualHead(**row) for row in reversed(rows)]
    content = sheet_of(form, AccrualHead, shown, COLUMNS)
    return Response(content, media_type=MEDIA[form], headers=headers_of("accruals", form))


@queries_router.get("/accruals/{accrual_id}")
async def read_accrual(accrual_id: UUID, session: Session, caller: Reader) -> AccrualOut:
    """Return an accrual."""
    head = await queries.accrual(session, accrual_id)
    caller.must_cover(head["site_id"])
    lines = await queries.lines_of_accrual(session, accrual_id)
    return AccrualOut(**head, lines=[AccrualLineOut(**line) for line in lines])


@commands.post("/suppliers/{supplier_id}/vat-rate")
async def set_rate(
    supplier_id: Code, body: VatRateIn, session: Session, caller: Finance
) -> VatRateIn:
    """Say which rate of VAT the supplier's goods are under; without it the general one applies.

    An item has its own where it is named: a supplier may sell goods at 9 % and at 13 %.
    """
    await set_vat_rate(session, supplier_id, body.percent, caller.subject, body.item_id)
    return body


@queries_router.get("/vat-rates")
async def list_rates(session: Session, _: Reader) -> list[VatRateOut]:
    """List the rates of VAT there are."""
    return [VatRateOut(**row) for row in await queries.rates(session)]
