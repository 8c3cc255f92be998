"""Why nothing is paid back for what came back of a basket, and what to do instead."""

from servicekit.errors import Kind, Refusal


class SaleHasShipment(Refusal):
    """What a shipment names comes back as a return of it."""

    kind = Kind.CONFLICT
    code = "counter_sale_has_shipment"
    en = (
        "Counter sale {number} is covered: what came back of it is a return of its shipment"
        " {shipment_id}. Draft it there."
    )
    zh = "收银销售 {number} 已覆盖：退回的货品请按发货单 {shipment_id} 办理退货。"


class SaleStillUncovered(Refusal):
    """Nobody has decided yet what becomes of the basket."""

    kind = Kind.CONFLICT
    code = "counter_sale_still_uncovered"
    en = (
        "Nothing covers counter sale {number} yet ({cause}). Correct its stock and retry it, then"
        " return from its shipment. Or write it off: with its money refunded if all of it came"
        " back, else with its money kept, and then take back what came back."
    )
    zh = (
        "收银销售 {number} 尚未覆盖（{cause}）。请更正库存并重试，之后按其发货单退货；"
        "或核销：全部退回时选择退款，部分退回时先选择保留货款，再办理退回。"
    )


class SaleNotKept(Refusal):
    """What was never kept is not paid back."""

    kind = Kind.CONFLICT
    code = "counter_sale_not_kept"
    en = (
        "Counter sale {number} is {status}, and no money of it was kept: there is nothing to pay"
        " back. If it is open, inventory has not answered yet: try again in a minute. If it was"
        " written off before anybody had to say what became of its money, say so first."
    )
    zh = (
        "收银销售 {number} 的状态为 {status}，未保留货款，无款可退。若为 open，库存尚未答复，"
        "请稍后再试；若早先核销时未说明货款去向，请先补充说明。"
    )


class TakeBackLinesUnclear(Refusal):
    """Lines of the basket are named, each once."""

    code = "take_back_lines_unclear"
    en = (
        "Counter sale {number} has the lines {known}; those given are {lines}. Name each line that"
        " came back once."
    )
    zh = "收银销售 {number} 的行号为 {known}，所填为 {lines}。请对退回的每一行只填写一次。"


class TakeBackExceedsSale(Refusal):
    """No more comes back than was sold."""

    kind = Kind.CONFLICT
    code = "take_back_exceeds_sale"
    en = (
        "Of counter sale {number}, {lines_over} of the lines would come back more than they were"
        " sold. `lines` says how much of each can still come back: take back that much at most."
    )
    zh = (
        "收银销售 {number} 有 {lines_over} 行的退回数量超过销售数量。"
        "lines 列出各行可退数量，请勿超过。"
    )
