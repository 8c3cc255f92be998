"""Why something can't be returned, or a return can't be taken a step further."""

from servicekit.errors import Kind, Refusal


class UnknownReturn(Refusal):
    """There is no such return."""

    kind = Kind.NOT_FOUND
    code = "unknown_return"
    en = "There is no return {return_id}."
    zh = "没有退货单 {return_id}。"


class ShipmentLinesUnclear(Refusal):
    """A return names each line of its shipment once at most, and no others."""

    code = "shipment_lines_unclear"
    en = (
        "Shipment {number} has lines {known}; `lines` says which of the lines given name another"
        " one, or one that was named before. Name each line of the shipment once."
    )
    zh = (
        "发货单 {number} 的行号为 {known}；lines 列出了指向其他行或重复的行。"
        "请对发货单的每一行只填写一次。"
    )


class ReturnExceedsShipment(Refusal):
    """No more comes back than left: what other returns have claimed counts too."""

    kind = Kind.CONFLICT
    code = "return_exceeds_shipment"
    en = (
        "Of shipment {number}, {lines_over} of the lines would come back more than they left."
        " `lines` says of each what was shipped, what has been returned or is about to be, and what"
        " can still be. Return that much, or cancel a return that will not be posted."
    )
    zh = (
        "发货单 {number} 有 {lines_over} 行的退货数量超过发货数量。lines 列出各行的已发、"
        "已退（含未过账）与可退数量。请按可退数量退货，或作废不再过账的退货单。"
    )


class ReturnedGoodsDiffer(Refusal):
    """What comes back is what left: the same batch, the same units."""

    kind = Kind.CONFLICT
    code = "returned_goods_differ"
    en = (
        "{lines_wrong} of the lines do not name what shipment {number} shipped. `lines` says of"
        " each which batch left, and which units can still come back. Look at the labels, and name"
        " exactly what has come back."
    )
    zh = (
        "有 {lines_wrong} 行与发货单 {number} 所发货品不符。lines 列出各行所发批次及可退序列号。"
        "请核对标签，准确填写退回的货品。"
    )


class NothingToReturn(Refusal):
    """All of the shipment has come back, or is about to."""

    kind = Kind.CONFLICT
    code = "nothing_to_return"
    en = "All of shipment {number} has come back already, or is on a return not posted yet."
    zh = "发货单 {number} 已全部退回，或已在未过账的退货单上。"


class ReversalIsWhole(Refusal):
    """A document is reversed as a whole, where it was booked, and says why."""

    code = "reversal_is_whole"
    en = (
        "The reversal of shipment {number} takes all of it back to the place it left from: give a"
        " `reason`, and neither `lines` nor `warehouse_id`. What came back in part is a return."
    )
    zh = (
        "发货单 {number} 的冲销为整单原仓冲回：请填写 reason，不要填写 lines 或 warehouse_id。"
        "部分退回请使用退货单。"
    )


class ReturnedInPart(Refusal):
    """What came back on a document of its own is not undone a second time."""

    kind = Kind.CONFLICT
    code = "returned_in_part"
    en = (
        "Part of shipment {number} is on returns already, so it can't be reversed as a whole."
        " Return the rest, or cancel those that are not posted."
    )
    zh = "发货单 {number} 已有部分退货，不能整单冲销。请退回其余部分，或作废未过账的退货单。"


class ReversalNeedsAnother(Refusal):
    """Nobody undoes a shipment alone, or declares goods lost."""

    kind = Kind.FORBIDDEN
    code = "second_person_needed"
    en = "{returned_by} drafted {number}; somebody else has to audit it."
    zh = "单据 {number} 由 {returned_by} 起草，须由他人审核。"


class ReturnLinesMissing(Refusal):
    """A customer brings back certain goods; only a parcel comes back as a whole."""

    code = "return_lines_missing"
    en = "Say which lines of shipment {number} came back; only undelivered goods return whole."
    zh = "请填写发货单 {number} 退回的行；仅未送达的货品可整单退回。"


class ReturnChanged(Refusal):
    """Somebody took the return a step further since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Return {number} was changed meanwhile: it is {return_status} now, in version {version}."
        " Look at it again, then decide."
    )
    zh = (
        "退货单 {number} 已被修改：当前状态为 {return_status}，版本 {version}。请重新查看后再操作。"
    )


class ReturnNotDraft(Refusal):
    """Only a draft can be audited."""

    kind = Kind.CONFLICT
    code = "return_not_draft"
    en = "Return {number} is {return_status}; only a draft can be audited."
    zh = "退货单 {number} 当前状态为 {return_status}，只有草稿可以审核。"


class ReturnNotAudited(Refusal):
    """Only an audited return can be posted."""

    kind = Kind.CONFLICT
    code = "return_not_audited"
    en = "Return {number} is {return_status}; only an audited one can be posted. Audit it first."
    zh = "退货单 {number} 当前状态为 {return_status}，只有已审核的单据可以过账。请先审核。"


class ReturnAlreadyPosted(Refusal):
    """What is posted stays posted."""

    kind = Kind.CONFLICT
    code = "return_already_posted"
    en = "Return {number} was posted by {posted_by} at {posted_at}. Nothing was posted twice."
    zh = "退货单 {number} 已由 {posted_by} 于 {posted_at} 过账，未重复过账。"


class ReturnNotExchangeable(Refusal):
    """Only a customer who keeps dealing gets other goods for what came back."""

    kind = Kind.CONFLICT
    code = "return_not_exchangeable"
    en = "Return {number} is {return_status}: nothing is given in exchange for it."
    zh = "退货单 {number} 当前状态为 {return_status}，不能换货。"


class ExchangedAlready(Refusal):
    """A return is exchanged once."""

    kind = Kind.CONFLICT
    code = "exchanged_already"
    en = (
        "Return {number} is exchanged for order {order_number} already. Cancel that order first, or"
        " place this one as an order of its own."
    )
    zh = "退货单 {number} 已换货，订单为 {order_number}。请先取消该订单，或将此单作为普通订单。"


class ExchangeForOthers(Refusal):
    """What is given in exchange goes to the customer who brought goods back."""

    code = "exchange_for_others"
    en = (
        "Return {number} is of customer {customer_id}, order {order_number} of {other_id}. Name an"
        " order of the same customer."
    )
    zh = (
        "退货单 {number} 属于客户 {customer_id}，订单 {order_number} 属于 {other_id}。"
        "请填写同一客户的订单。"
    )


class ExchangeOrderEnded(Refusal):
    """An order that holds no goods gives none in exchange."""

    kind = Kind.CONFLICT
    code = "exchange_order_ended"
    en = "Order {order_number} is {order_status}: it gives nothing in exchange. Place another one."
    zh = "订单 {order_number} 当前状态为 {order_status}，不能用于换货。请重新下单。"
