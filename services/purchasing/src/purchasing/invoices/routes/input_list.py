"""HTTP: the input invoices of a period in the form of the tax bureau's list (进项发票清单)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from purchasing.invoices import queries
from purchasing.invoices.domain import InvoiceKind
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, query_router
from sheets import MEDIA, Form, headers_of, sheet_of

Finance = Annotated[Caller, Depends(allow("finance"))]
Period = Annotated[str, Field(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$")]
COLUMNS = {
    "place": "序号",
    "code": "发票代码",
    "number": "发票号码",
    "digital_number": "数电票号码",
    "issued_on": "开票日期",
    "seller_tax_id": "销方识别号",
    "seller_name": "销方名称",
    "net": "金额",
    "tax": "税额",
    "total": "价税合计",
    "currency": "币种",
    "kind": "发票票种",
}
KINDS = {
    InvoiceKind.DIGITAL_SPECIAL: "数电发票（增值税专用发票）",
    InvoiceKind.DIGITAL_ORDINARY: "数电发票（普通发票）",
    InvoiceKind.SPECIAL: "增值税专用发票",
    InvoiceKind.ORDINARY: "增值税普通发票",
}
FIGURES = ("net", "tax", "total")
AS_ISSUED = ("issued_on", "seller_tax_id", "seller_name", *FIGURES, "currency")

router = query_router("invoices")


class InputLine(BaseModel):
    """A line of the list; the totals below have no invoice to name."""

    place: str
    code: str = ""
    number: str = ""
    """Text, as are all numbers of invoices: as figures they would lose digits."""
    digital_number: str = ""
    issued_on: date | None = None
    seller_tax_id: str = ""
    seller_name: str
    net: Decimal
    tax: Decimal
    total: Decimal
    currency: str
    kind: str = ""


@router.get("/tax/input-invoices", response_class=Response)
async def list_input(session: Session, _: Finance, period: Period, form: Form = "csv") -> Response:
    """Return the invoices issued in a period that were not refused, with the totals below."""
    year, month = (int(part) for part in period.split("-"))
    last = date(year, month, monthrange(year, month)[1])
    found = await queries.issued_between(session, last.replace(day=1), last)
    lines = [_line(place, one) for place, one in enumerate(found, start=1)]
    lines += [_totals(currency, found) for currency in sorted({one["currency"] for one in found})]
    headers = headers_of(f"input-invoices-{period}", form)
    content = sheet_of(form, InputLine, lines, COLUMNS)
    return Response(content, media_type=MEDIA[form], headers=headers)


def _line(place: int, one: Any) -> InputLine:
    # Some were booked before kinds were held against the number.
    kind = one["kind"].in_form_of(one["number"])
    return InputLine(
        place=str(place),
        code=one["code"],
        number="" if kind.is_digital else one["number"],
        digital_number=one["number"] if kind.is_digital else "",
        kind=KINDS[kind],
        **{name: one[name] for name in AS_ISSUED},
    )


def _totals(currency: str, found: Sequence[Any]) -> InputLine:
    own = [one for one in found if one["currency"] == currency]
    sums = {name: sum((one[name] for one in own), Decimal(0)) for name in FIGURES}
    return InputLine(place="合计", seller_name=f"{len(own)} 张", currency=currency, **sums)
