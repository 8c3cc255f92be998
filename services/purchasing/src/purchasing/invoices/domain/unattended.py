"""Why what was read is not booked by itself, though a person may book it just so."""

from collections.abc import Collection
from uuid import UUID

from servicekit.errors import Refusal


class OwnTaxIdsUnset(Refusal):
    """Whose invoices we pay is never guessed."""

    code = "own_tax_ids_unset"
    en = (
        "Nothing tells whether document {document_id} is made out to us, so it is not booked by"
        " itself. Book it by hand, and have an operator set TRUESHELF_OWN_TAX_IDS to our tax ids."
    )
    zh = (
        "无法判断单据 {document_id} 的购方是否为本公司，因此未自动入账。"
        "请手工入账，并由运维人员在 TRUESHELF_OWN_TAX_IDS 中设置本公司税号。"
    )


class InvoiceOfOtherBuyer(Refusal):
    """What is made out to others is theirs to pay, and its tax theirs to deduct."""

    code = "invoice_of_other_buyer"
    en = (
        "Document {document_id} is made out to {buyer} with tax id {buyer_tax_id}, which is none of"
        " ours. Have it issued anew to us, or book it by hand if you know it to be ours."
    )
    zh = (
        "单据 {document_id} 的购方为 {buyer}（税号 {buyer_tax_id}），不是本公司税号。"
        "请要求销方重新开票；如确认为本公司发票，请手工入账。"
    )


class InvoiceRefusedBefore(Refusal):
    """What a person has refused, a person books."""

    code = "invoice_refused_before"
    en = (
        "Invoice {code_and_number} was booked as {first} and refused: {reason}. If it is to be"
        " booked after all, do it by hand."
    )
    zh = "发票 {code_and_number} 曾入账为 {first} 并被拒收：{reason}。如仍需入账，请手工办理。"


class InvoiceSetAsideBefore(Refusal):
    """What a person has set aside does not come back by itself in another form."""

    code = "invoice_set_aside_before"
    en = (
        "Invoice {code_and_number} stands in document {first} too, which {by} set aside: {reason}."
        " Set this one aside too, or if it is to be booked after all, do it by hand."
    )
    zh = (
        "发票 {code_and_number} 另有单据 {first}，已由 {by} 搁置：{reason}。"
        "请将本单据也搁置；如仍需入账，请手工办理。"
    )


class UploadNotMatched(Refusal):
    """What nobody of ours has brought in counts if it is just what is owed."""

    code = "invoice_upload_differs"
    en = (
        "The supplier uploaded document {document_id}, and it differs from what is owed:"
        " {differences}. Compare them, then book it by hand."
    )
    zh = "单据 {document_id} 由供应商上传，与应付情况不一致：{differences}。请核对后手工入账。"


def must_be_ours(document_id: UUID, buyer: str, buyer_tax_id: str, own: Collection[str]) -> None:
    """Raise unless an invoice is made out to us."""
    if not own:
        raise OwnTaxIdsUnset(document_id=document_id)
    if buyer_tax_id not in own:
        said = {"buyer": buyer or "nobody (无)", "buyer_tax_id": buyer_tax_id or "none (无)"}
        raise InvoiceOfOtherBuyer(document_id=document_id, **said)
