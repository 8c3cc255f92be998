"""A refusal that was kept instead of raised, for those who look later, in either language."""

import json
from typing import Any

from servicekit.errors import Refusal

COPY = "invoice_booked_before"
DROPPED = "invoice_refused"


class BookedInvoiceRefused(Refusal):
    """What was booked of a document counts no more."""

    code = DROPPED
    en = (
        "Invoice {invoice_id}, which was booked of document {document_id}, was refused: {reason}."
        " Nothing is left to do, unless that was a mistake: then book the document again."
    )
    zh = (
        "由单据 {document_id} 入账的发票 {invoice_id} 已被拒收：{reason}。"
        "无需再处理；如属误拒，请重新入账该单据。"
    )


class BookingFailed(Refusal):
    """Trying again did not help, and nobody knows what would."""

    code = "failed"
    en = (
        "Document {document_id} could not be booked by itself, in {tries} tries ({why}). Book it"
        " by hand; if that fails too, have an operator look into the recognizer's log."
    )
    zh = (
        "单据 {document_id} 自动入账尝试 {tries} 次均失败（{why}）。"
        "请手工入账；如仍失败，请由运维人员查看识别进程日志。"
    )


def kept(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as it is kept: what it is about, and how it says so."""
    facts: dict[str, Any] = json.loads(json.dumps(refusal.facts, default=str))
    told = {language: refusal.text(language) for language in ("en", "zh")}
    return {"cause": refusal.code, "facts": facts, **told}
