"""Why something can't be done with a sales order."""

from servicekit.errors import Kind, Refusal


class UnknownOrder(Refusal):
    """There is no such order."""

    kind = Kind.NOT_FOUND
    code = "unknown_order"
    en = "There is no sales order {order_id}."
    zh = "没有销售订单 {order_id}。"


class InsufficientStock(Refusal):
    """Inventory could not hold all lines; `shortages` has its reasons, line by line."""

    kind = Kind.CONFLICT
    code = "insufficient_stock"
    en = (
        "Order {number} is refused: warehouse {warehouse_id} of site {site_id} is short for"
        " {lines_short} of its lines. `shortages` says why, and what would clear the way."
    )
    zh = (
        "订单 {number} 被拒绝：门店 {site_id} 的仓库 {warehouse_id} 有 {lines_short} 行库存不足。"
        "原因及解决办法见 shortages。"
    )


class NoBatchCovers(InsufficientStock):
    """All that can be proposed is less than what is left to the proposal."""

    en = (
        "Warehouse {warehouse_id} of site {site_id} is short for {lines_short} of the lines of"
        " order {number}: its batches don't cover them."
    )
    zh = "门店 {site_id} 的仓库 {warehouse_id} 中，订单 {number} 有 {lines_short} 行现有批次不足。"


class ReservationExpired(Refusal):
    """The goods were held for as long as was agreed, and the order was not paid by then."""

    kind = Kind.CONFLICT
    code = "reservation_expired"
    en = "Order {number} was not paid by {expires_at}: its goods are free again. Order anew."
    zh = "订单 {number} 在 {expires_at} 前未付款，其货品已释放。请重新下单。"


class PromisedInThePast(Refusal):
    """Nobody promises goods for a day that is over."""

    code = "promised_in_the_past"
    en = "It is {today} at site {site_id}: goods can't be promised for {promised_on}."
    zh = "门店 {site_id} 当前日期为 {today}，承诺交期 {promised_on} 已过。"


class OrderNotPayable(Refusal):
    """Only an order whose goods are held can be paid, and only once."""

    kind = Kind.CONFLICT
    code = "order_not_payable"
    en = "Order {number} is {status}: only a reserved order can be paid."
    zh = "订单 {number} 的状态为 {status}：仅已预留的订单可付款。"


class WrongAmount(Refusal):
    """An order is paid as a whole."""

    code = "wrong_amount"
    en = "Order {number} comes to {total}, not {amount}. Pay exactly its total."
    zh = "订单 {number} 的合计为 {total}，而非 {amount}。请按合计金额付款。"


class OrderNotCancellable(Refusal):
    """The order is past cancelling, or a payment is being decided."""

    kind = Kind.CONFLICT
    code = "order_not_cancellable"
    en = "Order {number} is {status} and can't be cancelled now."
    zh = "订单 {number} 的状态为 {status}，当前无法取消。"


class ReservationReleased(Refusal):
    """Inventory let go of the goods for somebody else: nothing holds what was to leave."""

    kind = Kind.CONFLICT
    code = "reservation_released"
    en = (
        "Nothing is held for order {number} any more: a person at inventory, or a recall, let go of"
        " reservation {reservation_id}. What had not left is called off, and paid back if it was"
        " paid. Order it anew, which reserves again."
    )
    zh = (
        "订单 {number} 已无预留货品：预留 {reservation_id} 已由库存人员或因召回释放。"
        "未发出的部分已取消，已付款的将退款。请重新下单，系统会再次预留。"
    )


class OrderNotShippable(Refusal):
    """Goods leave when they are paid, and once."""

    kind = Kind.CONFLICT
    code = "order_not_shippable"
    en = "Order {number} is {status}: only a paid order can be shipped."
    zh = "订单 {number} 的状态为 {status}：仅已付款的订单可发货。"


class OrderPartlyShipped(Refusal):
    """What has left can't be called off; the rest can, by a command of its own."""

    kind = Kind.CONFLICT
    code = "order_partly_shipped"
    en = (
        "A part of order {number} has left. Cancel the rest (`cancel-rest`), and take back what the"
        " customer doesn't want of what has left by a return."
    )
    zh = "订单 {number} 已部分发货。请取消剩余部分（cancel-rest），已发而客户不要的请办理退货。"


class NothingHasLeft(Refusal):
    """An order of which nothing has left has no rest: it is cancelled as a whole."""

    kind = Kind.CONFLICT
    code = "nothing_has_left"
    en = "Nothing of order {number} has left: cancel all of it."
    zh = "订单 {number} 尚未发货。请取消整张订单。"


class OthersWaitLonger(Refusal):
    """Nobody who may wait overtakes those who were promised the same goods before."""

    kind = Kind.CONFLICT
    code = "others_wait_longer"
    en = (
        "Order {number} waits behind those in `ahead`, who were promised the same goods before. It"
        " is filled in its turn."
    )
    zh = "订单 {number} 排在 ahead 所列订单之后：它们更早被承诺同一货品。将按顺序满足。"
