"""Why an order is not changed, or what is held for it is not exchanged."""

from sales.orders.domain.refusals import InsufficientStock, OrderPartlyShipped
from servicekit.errors import Kind, Refusal


class RestNotExchanged(OrderPartlyShipped):
    """Once a part has left, the rest is held as it is."""

    en = (
        "A part of order {number} has left: what is held for the rest can't be changed, nor"
        " exchanged for other batches or units. Cancel the rest (`cancel-rest`) and order anew."
    )
    zh = (
        "订单 {number} 已部分发货：其剩余预留不可变更，也不可调换批次或序列号。"
        "请取消剩余部分（cancel-rest）并重新下单。"
    )


class ChangeShort(InsufficientStock):
    """Inventory could not hold what is wanted now, so all is as it was."""

    en = (
        "Order {number} stays as it was: warehouse {warehouse_id} of site {site_id} is short for"
        " {lines_short} of the lines wanted. `shortages` says why, and what would clear the way."
    )
    zh = (
        "订单 {number} 保持不变：门店 {site_id} 的仓库 {warehouse_id} 有 {lines_short} 行库存不足。"
        "原因及解决办法见 shortages。"
    )


class OrderBeingChanged(Refusal):
    """What it is for is being decided, so it can't be paid, cancelled or changed again."""

    kind = Kind.CONFLICT
    code = "order_being_changed"
    en = "Order {number} is being changed. Try again when inventory has answered."
    zh = "订单 {number} 正在变更。请待库存服务答复后重试。"


class OrderBeingAsked(Refusal):
    """Inventory is being asked for the goods: whether it gives them is not known yet."""

    kind = Kind.CONFLICT
    code = "order_being_asked"
    en = (
        "Order {number} is {status}, and inventory is being asked for its goods. Try again when it"
        " has answered."
    )
    zh = "订单 {number} 的状态为 {status}，正在向库存服务请求货品。请待其答复后重试。"


class OrderNotChangeable(Refusal):
    """All of it has left, or it has ended, or a payment is being decided."""

    kind = Kind.CONFLICT
    code = "order_not_changeable"
    en = (
        "Order {number} is {status}: only an order that waits for goods, is reserved or is paid is"
        " changed. Take back what has left by a return, and order anew."
    )
    zh = (
        "订单 {number} 的状态为 {status}：仅待货、已预留或已付款的订单可变更。"
        "已发货品请办理退货，并重新下单。"
    )


class OrderOfRequest(Refusal):
    """Goods that come from several places were asked for as a whole."""

    kind = Kind.CONFLICT
    code = "order_of_request"
    en = (
        "Order {number} is a part of request {request_number}, which is one as a whole. Cancel the"
        " request and place another one."
    )
    zh = "订单 {number} 属于寻源申请 {request_number}，不可单独变更。请取消该申请并重新提交。"


class OrderVersionConflict(Refusal):
    """Somebody changed the order since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Order {number} was changed meanwhile: its lines are numbered from {lines_from} now. Look"
        " at it again, then decide."
    )
    zh = "订单 {number} 已被修改：当前明细行号从 {lines_from} 开始。请重新查看后再操作。"


class DifferenceToPay(Refusal):
    """What a change costs besides is paid with it, to the cent."""

    code = "difference_to_pay"
    en = (
        "Order {number} was paid {paid} and would come to {total}: exactly {difference} is to be"
        " paid with the change (`payment`), not {amount}."
    )
    zh = (
        "订单 {number} 已付 {paid}，变更后合计 {total}："
        "须随变更支付 {difference}（payment），而非 {amount}。"
    )


class NothingToPay(Refusal):
    """Only what is paid already is paid for besides."""

    code = "nothing_to_pay"
    en = (
        "Order {number} is not paid yet, or on credit, or comes to no more than was paid: leave out"
        " `payment`."
    )
    zh = "订单 {number} 尚未付款、为赊账，或变更后不超过已付金额：请勿提供 payment。"
