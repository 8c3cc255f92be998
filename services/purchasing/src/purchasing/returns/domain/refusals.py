"""Why something can't go back to its supplier, or a return can't be taken a step further."""

from servicekit.errors import Kind, Refusal


class UnknownReturn(Refusal):
    """There is no such return."""

    kind = Kind.NOT_FOUND
    code = "unknown_purchase_return"
    en = "There is no purchase return {return_id}."
    zh = "没有采购退货单 {return_id}。"


class ReceiptNotBooked(Refusal):
    """Only what inventory has on its books can leave them."""

    kind = Kind.CONFLICT
    code = "receipt_not_booked"
    en = (
        "Receipt {number} is {receipt_status}: its goods are not in the ledger. What is not posted"
        " is cancelled; what is held is mended first."
    )
    zh = (
        "收货单 {number} 当前状态为 {receipt_status}，货物尚未入账。"
        "未过账的请作废；入账受阻的请先处理。"
    )


class ReceiptLinesUnclear(Refusal):
    """A return names each line of its receipt once at most, and no others."""

    code = "return_lines_unclear"
    en = (
        "Receipt {number} has lines {known}; `lines` says which of the lines given name another"
        " one, or one that was named before. Name each line of the receipt once."
    )
    zh = (
        "收货单 {number} 的行号为 {known}；lines 列出了指向其他行或重复的行。"
        "请对收货单的每一行只填写一次。"
    )


class ReturnExceedsReceipt(Refusal):
    """No more goes back than came: what other returns have claimed counts too."""

    kind = Kind.CONFLICT
    code = "return_exceeds_receipt"
    en = (
        "Of receipt {number}, {lines_over} of the lines would go back more than they came."
        " `lines` says of each what was received, what has been returned or is about to be, and"
        " what can still be. Return that much, or cancel a return that will not be posted."
    )
    zh = (
        "收货单 {number} 有 {lines_over} 行的退货数量超过收货数量。lines 列出各行的已收、"
        "已退（含未过账）与可退数量。请按可退数量退货，或作废不再过账的退货单。"
    )


class ReturnedPurchaseDiffers(Refusal):
    """What goes back is what came: the same batch, the same units."""

    kind = Kind.CONFLICT
    code = "returned_goods_differ"
    en = (
        "{lines_wrong} of the lines do not name what receipt {number} brought. `lines` says of each"
        " which batch came, and which units can still go back. Look at the labels, and name exactly"
        " what goes back."
    )
    zh = (
        "有 {lines_wrong} 行与收货单 {number} 所收货品不符。lines 列出各行所收批次及可退序列号。"
        "请核对标签，准确填写退回的货品。"
    )


class NothingToReturn(Refusal):
    """All of the receipt has gone back, or is about to."""

    kind = Kind.CONFLICT
    code = "nothing_to_return"
    en = "All of receipt {number} has gone back already, or is on a return not posted yet."
    zh = "收货单 {number} 已全部退回，或已在未过账的退货单上。"


class ReturnLinesMissing(Refusal):
    """A return says what goes back."""

    code = "return_lines_missing"
    en = "Say in `lines` what of receipt {number} goes back; only a reversal takes all of it."
    zh = "请在 lines 中填写收货单 {number} 退回的货品；仅整单冲销可不填。"


class NoteMissing(Refusal):
    """Some causes say nothing without a word about them."""

    code = "return_note_missing"
    en = "A return for cause {return_cause} needs a `note` that says why."
    zh = "退货原因为 {return_cause} 时，须在 note 中说明。"


class ReversalIsWhole(Refusal):
    """A document is reversed as a whole."""

    code = "reversal_is_whole"
    en = (
        "The reversal of receipt {number} takes back all of it, and opens the lines of its order"
        " again: give no `lines`. What goes back in part is a return."
    )
    zh = (
        "收货单 {number} 的冲销为整单冲回，并重新开放订单行：请不要填写 lines。"
        "部分退回请使用采购退货。"
    )


class ReceiptReturnedInPart(Refusal):
    """What went back on a document of its own is not undone a second time."""

    kind = Kind.CONFLICT
    code = "receipt_returned_in_part"
    en = (
        "Some of receipt {number} has gone back or is about to, so that it can't be reversed as a"
        " whole. Return the rest, or cancel that return first."
    )
    zh = (
        "收货单 {number} 已有部分退回或在未过账的退货单上，不能整单冲销。"
        "请退回其余，或先作废该退货单。"
    )


class ReturnChanged(Refusal):
    """Somebody changed the return since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Return {number} was changed meanwhile: it is {return_status} now, in version {version}."
        " Look at it again, then decide."
    )
    zh = "采购退货单 {number} 已改为 {return_status}（版本 {version}）。请重新查看后再操作。"


class ReturnNotDraft(Refusal):
    """Only a draft can be audited."""

    kind = Kind.CONFLICT
    code = "return_not_draft"
    en = "Return {number} is {return_status}; only a draft can be audited."
    zh = "采购退货单 {number} 当前状态为 {return_status}，只有草稿可以审核。"


class ReturnNotAudited(Refusal):
    """Only an audited return can be posted."""

    kind = Kind.CONFLICT
    code = "return_not_audited"
    en = "Return {number} is {return_status}; only an audited one can be posted. Audit it first."
    zh = "采购退货单 {number} 当前状态为 {return_status}，只有已审核的单据可以过账。请先审核。"


class ReturnAlreadyPosted(Refusal):
    """What is posted stays posted."""

    kind = Kind.CONFLICT
    code = "return_already_posted"
    en = "Return {number} was posted by {posted_by} at {posted_at}. Nothing was posted twice."
    zh = "采购退货单 {number} 已由 {posted_by} 于 {posted_at} 过账，未重复过账。"


class ReversalNeedsAnother(Refusal):
    """Who says that a receipt was a mistake is not who decides it."""

    code = "reversal_needs_another"
    en = "{drafted_by} drafted the reversal {number}, so another has to audit it."
    zh = "冲销单 {number} 由 {drafted_by} 制单，须由他人审核。"


class GoodsNotThere(Refusal):
    """Inventory does not have what is to go back; `lines` says of each what it has."""

    kind = Kind.CONFLICT
    code = "goods_not_there"
    en = (
        "Return {number} names goods that the shelf does not have as it says. `lines` says of each"
        " short line what is on hand, allocated to which orders, in inspection and frozen. Release"
        " what holds them, or cancel this return and draft one of what is there."
    )
    zh = (
        "采购退货单 {number} 的货品在库状态不足。lines 列出各行的现存量、已分配量及其订单、"
        "质检中与冻结数量。请释放占用，或作废本单并按实际库存重新制单。"
    )


class ReturnRefused(Refusal):
    """Inventory said no; the return is audited as before."""

    kind = Kind.CONFLICT
    code = "return_refused"
    en = "Inventory refused return {number}: {why}"
    zh = "库存服务拒绝了采购退货单 {number}：{why}"
