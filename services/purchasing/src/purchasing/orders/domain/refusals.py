"""Why an order can't be placed, changed or received."""

from servicekit.errors import Kind, Refusal


class UnknownOrder(Refusal):
    """There is no such order."""

    kind = Kind.NOT_FOUND
    code = "unknown_order"
    en = "There is no purchase order {order_id}."
    zh = "没有采购订单 {order_id}。"


class UnknownOrderLine(Refusal):
    """The order has no such line."""

    kind = Kind.NOT_FOUND
    code = "unknown_order_line"
    en = "Line {line_no}: order {number} has no line {order_line_no}; it has lines 1 to {lines}."
    zh = "第 {line_no} 行：订单 {number} 没有第 {order_line_no} 行，其行号为 1 至 {lines}。"


class FreeLinePriced(Refusal):
    """What costs something is no gift."""

    code = "free_line_priced"
    en = (
        "Line {line_no}: a {line_kind} costs nothing, but its price is {unit_cost}. Leave the price"
        " out, or order it as a purchase."
    )
    zh = "第 {line_no} 行：{line_kind} 应为零成本，却填写了单价 {unit_cost}。请删除单价或改为采购。"


class PaidLineFree(Refusal):
    """What is paid for costs something: else it would come into the average at nothing."""

    code = "paid_line_free"
    en = (
        "Line {line_no}: {item_id} is ordered as a purchase, but costs nothing. Order free goods as"
        " a gift or a sample, of an item that is not for sale. Where goods for sale come free with"
        " others, order them all for what is paid: eleven at the price of ten."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id} 为采购行，单价却为零。免费商品请以非卖品按赠品或样品下单；"
        "可售商品买十送一的，请按十一件、总价不变折算单价下单。"
    )


class OverReceipt(Refusal):
    """More would arrive than was ordered, beyond what the supplier is allowed."""

    code = "over_receipt"
    en = (
        "Order {number}, line {order_line_no}: {requested} {unit} of {item_id} are too many. {most}"
        " may arrive in all; {received} are received and {arriving} are on receipts not posted yet,"
        " so {allowed} may come. Receive those and refuse the rest, cancel a receipt that will not"
        " be posted, or raise the supplier's tolerance."
    )
    zh = (
        "订单 {number} 第 {order_line_no} 行：商品 {item_id} 收货 {requested} {unit} 超量。"
        "最多可收 {most}，已收 {received}，未过账收货单占用 {arriving}，还可收 {allowed}。"
        "请按此数量收货并拒收其余部分，或作废不再过账的收货单，或提高该供应商的超收比例。"
    )


class OrderChanged(Refusal):
    """Somebody changed the order since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Order {number} was changed meanwhile: it is {order_status} now, in version {version}. Look"
        " at it again, then decide."
    )
    zh = "订单 {number} 已被修改：当前状态为 {order_status}，版本 {version}。请重新查看后再操作。"


class OrderStepRefused(Refusal):
    """The order does not stand where this step begins."""

    kind = Kind.CONFLICT
    code = "order_step_refused"
    en = "Order {number} is {order_status}, so it can't be {step}. That takes one that is {needed}."
    zh = "订单 {number} 当前状态为 {order_status}，不能执行 {step}；需要状态 {needed}。"


class OrderNotPlaced(Refusal):
    """Nothing is taken in for an order that the supplier does not have."""

    kind = Kind.CONFLICT
    code = "order_not_placed"
    en = "Order {number} is {order_status}: nothing may arrive for it. Place it, or order anew."
    zh = "订单 {number} 当前状态为 {order_status}，不能收货。请先下单，或另建订单。"


class ApproverIsAuthor(Refusal):
    """Two pairs of eyes."""

    code = "approver_is_author"
    en = "Order {number} was drafted by {author}, who can't approve it too. Have another do that."
    zh = "订单 {number} 由 {author} 制单，不能由本人审批。请由他人审批。"


class OverLimit(Refusal):
    """The amount is beyond what the caller's roles may decide."""

    code = "over_approval_limit"
    en = (
        "{total} {currency} is more than your roles may decide ({limit}). Have it approved by one"
        " of the roles {deciders}."
    )
    zh = "金额 {total} {currency} 超出您的审批权限（{limit}）。请由以下角色之一审批：{deciders}。"


class BelowReceived(Refusal):
    """What has arrived can't be ordered away."""

    code = "below_received"
    en = (
        "Line {line_no} of order {number}: {received} {unit} are received and {arriving} are on"
        " receipts not posted yet, so it can't be cut to {wanted}. Order at least what has come, or"
        " cancel those receipts first."
    )
    zh = (
        "订单 {number} 第 {line_no} 行：已收 {received} {unit}，未过账收货 {arriving}，"
        "不能减至 {wanted}。请保留已到数量，或先作废相关收货单。"
    )


class StillArriving(Refusal):
    """The order has receipts that are not decided yet, or goods that came."""

    kind = Kind.CONFLICT
    code = "order_still_arriving"
    en = (
        "Order {number} can't be {step}: line {line_no} has {received} {unit} received and"
        " {arriving} on receipts not posted yet. {advice}"
    )
    zh = (
        "订单 {number} 不能 {step}：第 {line_no} 行已收 {received} {unit}，未过账收货 {arriving}。"
        "{advice}"
    )


class DeliveriesUneven(Refusal):
    """The parts of a line make the whole, each on a day of its own."""

    code = "deliveries_uneven"
    en = (
        "Line {line_no}: the deliveries come to {planned} {unit} on {days} different days, but"
        " {quantity} are ordered in {parts} deliveries. Give each day once and let them sum up."
    )
    zh = (
        "第 {line_no} 行：各批交货合计 {planned} {unit}（{days} 个日期），而订购 {quantity}，"
        "共 {parts} 批。请每个日期只填一次并使合计一致。"
    )
