"""Why a return can't be taken back, or its reversal can't be taken a step further."""

from servicekit.errors import Kind, Refusal


class UnknownReversal(Refusal):
    """There is no such reversal."""

    kind = Kind.NOT_FOUND
    code = "unknown_return_reversal"
    en = "There is no reversal {reversal_id} of a return."
    zh = "没有退货冲销单 {reversal_id}。"


class ReturnNotReversible(Refusal):
    """Only what is posted, and booked, is taken back; all else is cancelled, or waits."""

    kind = Kind.CONFLICT
    code = "return_not_reversible"
    en = (
        "Return {number} is {return_status}; only a posted one can be reversed. Cancel one that is"
        " not posted; one that is posting is booked in a moment."
    )
    zh = (
        "退货单 {number} 当前状态为 {return_status}，只有已过账的单据可以冲销。"
        "未过账的请作废；过账中的请稍候入账。"
    )


class ReversalNotReversible(Refusal):
    """A reversal is not reversed."""

    kind = Kind.CONFLICT
    code = "reversal_not_reversible"
    en = "{number} is a reversal itself: ship the goods anew instead."
    zh = "{number} 本身是冲销单，请重新发货。"


class ReturnAlreadyReversed(Refusal):
    """A return is reversed once."""

    kind = Kind.CONFLICT
    code = "return_already_reversed"
    en = "Return {number} was reversed by {reversed_by_number} already."
    zh = "退货单 {number} 已被 {reversed_by_number} 冲销。"


class ReversalUnderWay(Refusal):
    """One reversal of a return is drafted at a time."""

    kind = Kind.CONFLICT
    code = "reversal_under_way"
    en = (
        "Return {number} is on reversal {reversal_number} already, which {drafted_by} drafted and"
        " which is {reversal_status}. Go on with that one, or cancel it."
    )
    zh = (
        "退货单 {number} 已在冲销单 {reversal_number} 上（{drafted_by} 起草，"
        "状态 {reversal_status}）。请继续处理该单或将其作废。"
    )


class ReversalChanged(Refusal):
    """Somebody took the reversal a step further since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Reversal {number} was changed meanwhile: it is {reversal_status} now, in version"
        " {version}. Look at it again, then decide."
    )
    zh = "冲销单 {number} 已改为 {reversal_status}（版本 {version}）。请重新查看后再操作。"


class ReversalNotDraft(Refusal):
    """Only a draft can be audited."""

    kind = Kind.CONFLICT
    code = "reversal_not_draft"
    en = "Reversal {number} is {reversal_status}; only a draft can be audited."
    zh = "冲销单 {number} 当前状态为 {reversal_status}，只有草稿可以审核。"


class ReversalNotAudited(Refusal):
    """Only an audited reversal can be posted."""

    kind = Kind.CONFLICT
    code = "reversal_not_audited"
    en = "Reversal {number} is {reversal_status}; only an audited one can be posted."
    zh = "冲销单 {number} 当前状态为 {reversal_status}，只有已审核的单据可以过账。"


class ReversalAlreadyPosted(Refusal):
    """What is posted stays posted."""

    kind = Kind.CONFLICT
    code = "reversal_already_posted"
    en = "Reversal {number} was posted by {posted_by} at {posted_at}. Nothing was posted twice."
    zh = "冲销单 {number} 已由 {posted_by} 于 {posted_at} 过账，未重复过账。"


class ReturnedGoodsGone(Refusal):
    """The goods that came back have gone on since; `lines` says of each what is there."""

    kind = Kind.CONFLICT
    code = "returned_goods_gone"
    en = (
        "Goods of return {return_number} are no longer where they came back to, or are promised to"
        " others. `lines` says of each short line what is on hand there, allocated to which orders,"
        " in inspection and frozen, and which units are elsewhere. Take back what moved them on, or"
        " cancel reversal {number}."
    )
    zh = (
        "退货单 {return_number} 的货品已不在退回的仓库或已被占用。lines 列出各短缺行的现存量、"
        "已分配量及其订单、质检中与冻结数量，以及不在原处的序列号。"
        "请先撤回其后续单据，或作废冲销单 {number}。"
    )


class ReversalRefused(Refusal):
    """Inventory said no; the reversal is audited as before."""

    kind = Kind.CONFLICT
    code = "reversal_refused"
    en = "Inventory refused reversal {number}: {why}"
    zh = "库存服务拒绝了冲销单 {number}：{why}"
