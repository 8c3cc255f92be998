"""Why a shipment is not made, found or signed for."""

from servicekit.errors import Kind, Refusal


class UnknownShipment(Refusal):
    """There is no such shipment."""

    kind = Kind.NOT_FOUND
    code = "unknown_shipment"
    en = (
        "There is no shipment {shipment_id}. What a till sold has one once it is covered: its"
        " counter sale names it, or says what to do."
    )
    zh = "没有发货单 {shipment_id}。收银销售在覆盖后才有发货单：请查看该收银销售的说明。"


class UnknownShipmentNumber(Refusal):
    """No shipment has this number."""

    kind = Kind.NOT_FOUND
    code = "unknown_shipment_number"
    en = "There is no shipment {number}. Check the number against the paper."
    zh = "没有编号为 {number} 的发货单。请与单据核对编号。"


class SignedForAlready(Refusal):
    """A shipment is signed for once."""

    kind = Kind.CONFLICT
    code = "signed_for_already"
    en = (
        "Shipment {number} was signed for by {signed_by} at {signed_at}. What came back of it since"
        " is a customer's return."
    )
    zh = "发货单 {number} 已由 {signed_by} 于 {signed_at} 签收。之后退回的货品请按客户退货处理。"


class SignedOutOfTime(Refusal):
    """Nobody signs for goods before they leave, or tomorrow."""

    code = "signed_out_of_time"
    en = (
        "Shipment {number} left at {posted_at} and it is {now}: it can't have been signed for at"
        " {signed_at}. Check the clock of the device."
    )
    zh = (
        "发货单 {number} 于 {posted_at} 发出，当前时间为 {now}：签收时间 {signed_at} 不成立。"
        "请检查设备时钟。"
    )


class ShipmentCameBack(Refusal):
    """What is back in the warehouse, or was lost, was not delivered."""

    kind = Kind.CONFLICT
    code = "shipment_came_back"
    en = (
        "All of shipment {number} came back, or was lost, by {came_back_at}: there is nothing to"
        " sign for."
    )
    zh = "发货单 {number} 的全部货品已于 {came_back_at} 退回或丢失，无可签收。"


class HeldBatchExpired(Refusal):
    """What is held has passed its date since."""

    code = "batch_expired"
    en = (
        "Batch {batch_id} of item {item_id} expired on {expires_on}, and it is {today} at the site:"
        " line {line_no} of what is held for order {number} can't leave any more. Pick"
        " another batch instead (`exchange`), or ship the other lines by naming them and cancel the"
        " rest."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 已于 {expires_on} 到期，门店当前日期为 {today}："
        "订单 {number} 的预留行 {line_no} 不能再发出。"
        "请改拣其他批次（exchange），或指定其他行发货并取消剩余部分。"
    )


class HeldBatchInNoSaleWindow(HeldBatchExpired):
    """What is held has come too near its date since."""

    code = "batch_in_no_sale_window"
    en = (
        "Batch {batch_id} of item {item_id} expires on {expires_on} and could be sold until"
        " {sellable_until}; it is {today} at the site: line {line_no} of what is held for order"
        " {number} can't leave any more. Pick another batch instead (`exchange`), or ship the other"
        " lines by naming them and cancel the rest."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 将于 {expires_on} 到期，最晚可售日为 {sellable_until}，"
        "门店当前日期为 {today}：订单 {number} 的预留行 {line_no} 不能再发出。"
        "请改拣其他批次（exchange），或指定其他行发货并取消剩余部分。"
    )


class RestExpired(HeldBatchExpired):
    """What is held for the rest has passed its date; once a part has left nothing is exchanged."""

    en = (
        "Batch {batch_id} of item {item_id} expired on {expires_on}, and it is {today} at the site:"
        " line {line_no} of what is held for order {number} can't leave any more, nor be exchanged,"
        " since a part of the order has left. Ship the other lines by naming them, cancel the rest"
        " (`cancel-rest`) and order anew."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 已于 {expires_on} 到期，门店当前日期为 {today}："
        "订单 {number} 的预留行 {line_no} 不能再发出；该订单已部分发货，也不可调换。"
        "请指定其他行发货，取消剩余部分（cancel-rest）并重新下单。"
    )


class RestInNoSaleWindow(HeldBatchInNoSaleWindow):
    """What is held for the rest has come too near its date; it isn't exchanged either."""

    en = (
        "Batch {batch_id} of item {item_id} expires on {expires_on} and could be sold until"
        " {sellable_until}; it is {today} at the site: line {line_no} of what is held for order"
        " {number} can't leave any more, nor be exchanged, since a part of the order has left. Ship"
        " the other lines by naming them, cancel the rest (`cancel-rest`) and order anew."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 将于 {expires_on} 到期，最晚可售日为 {sellable_until}，"
        "门店当前日期为 {today}：订单 {number} 的预留行 {line_no} 不能再发出；"
        "该订单已部分发货，也不可调换。请指定其他行发货，取消剩余部分（cancel-rest）并重新下单。"
    )


class PartNotHeld(Refusal):
    """Only what is held for an order, and has not left yet, can leave."""

    code = "part_not_held"
    en = (
        "Line {line_no} of what is held for order {number} is not there, is named twice or has"
        " left. `rest` says what can still leave."
    )
    zh = "订单 {number} 的预留行 {line_no} 不存在、重复或已全部发出。可发货的剩余内容见 rest。"


class PartTooLarge(Refusal):
    """No more leaves than is held."""

    code = "part_too_large"
    en = "Line {line_no}: {quantity} is more than the {left} that have not left yet."
    zh = "第 {line_no} 行：{quantity} 超过尚未发出的数量 {left}。"


class PartNamesOtherUnits(Refusal):
    """Units that are held by name leave by name, each once."""

    code = "part_names_other_units"
    en = (
        "Line {line_no}: name exactly {quantity} different serial numbers out of those that have"
        " not left yet: {left}."
    )
    zh = "第 {line_no} 行：请从尚未发出的序列号 {left} 中指定 {quantity} 个，不得重复。"
