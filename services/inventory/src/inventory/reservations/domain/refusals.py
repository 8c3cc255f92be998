"""Why something can't be done with a reservation."""

from servicekit.errors import Kind, Refusal


class UnknownReservation(Refusal):
    """There is no such reservation."""

    kind = Kind.NOT_FOUND
    code = "unknown_reservation"
    en = "There is no reservation {reservation_id}."
    zh = "不存在预留 {reservation_id}。"


class ReturnUnexplained(Refusal):
    """What comes back never left, as far as the ledger knows."""

    code = "return_unexplained"
    en = (
        "Line {line_no} of return {number}: the ledger has no such line of shipment {shipment}."
        " See whether that shipment waits among the parked messages."
    )
    zh = (
        "退货单 {number} 第 {line_no} 行：台账中没有发货单 {shipment} 的对应行。"
        "请检查该发货单是否在待处理消息中。"
    )


class OrderAlreadyReserved(Refusal):
    """The order has an open reservation."""

    kind = Kind.CONFLICT
    code = "order_already_reserved"
    en = "Order {order_id} holds reservation {reservation_id}. Release it first."
    zh = "订单 {order_id} 已持有预留 {reservation_id}。请先释放。"


class InsufficientStock(Refusal):
    """At least one line can't be promised; `shortages` says of each why, and what would help."""

    kind = Kind.CONFLICT
    code = "insufficient_stock"
    en = "Warehouse {warehouse_id} of site {site_id} is short for {lines_short} of the lines."
    zh = "门店 {site_id} 的仓库 {warehouse_id} 有 {lines_short} 行库存不足。"


class SerialHeld(Refusal):
    """The unit is promised to an order."""

    kind = Kind.CONFLICT
    code = "serial_held"
    en = (
        "Unit {serial_no} of item {item_id} is held for order {order_id}. Take another unit, or let"
        " that order be cancelled, or changed to another unit, first."
    )
    zh = (
        "商品 {item_id} 的序列号 {serial_no} 已为订单 {order_id} 预留。"
        "请改用其他序列号，或先取消该订单或为其改换序列号。"
    )


class SerialNamedTwice(Refusal):
    """One unit can't be held twice."""

    code = "serial_named_twice"
    en = (
        "Line {line_no} names unit {serial_no} of item {item_id}, which is named before. Name each"
        " unit once."
    )
    zh = "第 {line_no} 行的商品 {item_id} 序列号 {serial_no} 重复出现。每个序列号只能出现一次。"


class ReservationExpired(Refusal):
    """The time to pay is over."""

    kind = Kind.CONFLICT
    code = "reservation_expired"
    en = "Reservation {reservation_id} expired at {expires_at}. Reserve again."
    zh = "预留 {reservation_id} 已于 {expires_at} 过期。请重新预留。"


class ReservationGone(Refusal):
    """The reservation was released before."""

    kind = Kind.CONFLICT
    code = "reservation_released"
    en = "Reservation {reservation_id} was released. Reserve again."
    zh = "预留 {reservation_id} 已释放。请重新预留。"


class NotExchangeable(Refusal):
    """What has left is not exchanged."""

    kind = Kind.CONFLICT
    code = "reservation_not_exchangeable"
    en = (
        "Reservation {reservation_id} is {status}: all it held has left. Take back by a return what"
        " is not wanted, and reserve what is wanted instead."
    )
    zh = (
        "预留 {reservation_id} 的状态为 {status}：其货品已全部发出。"
        "不需要的货品请办理退货，并另行预留所需货品。"
    )


class PartHasLeft(Refusal):
    """Shipments on their way name the lines that are held: they can't be others meanwhile."""

    kind = Kind.CONFLICT
    code = "reservation_partly_shipped"
    en = (
        "A part of what reservation {reservation_id} held has left, so it is not exchanged. Release"
        " its rest (`release-rest`), and reserve what is wanted instead."
    )
    zh = (
        "预留 {reservation_id} 的部分货品已发出，不可调换。"
        "请释放其剩余部分（release-rest），并另行预留所需货品。"
    )


class ReservationShipped(Refusal):
    """What was held has left."""

    kind = Kind.CONFLICT
    code = "reservation_fulfilled"
    en = "Reservation {reservation_id} was shipped already and can't be released."
    zh = "预留 {reservation_id} 已发货，无法释放。"


class NotConfirmed(Refusal):
    """Goods of an unpaid order are not shipped."""

    kind = Kind.CONFLICT
    code = "reservation_not_confirmed"
    en = "Reservation {reservation_id} is {status}: only a confirmed one is shipped."
    zh = "预留 {reservation_id} 的状态为 {status}：仅已确认的预留可发货。"


class RestDiffers(Refusal):
    """What is said to have left is not what can have left of the reservation."""

    code = "rest_differs"
    en = (
        "What is said to have left of reservation {reservation_id} is less than is booked, or more"
        " than was held. Compare its shipments."
    )
    zh = "预留 {reservation_id} 的已发数量少于已过账数量，或多于预留数量。请核对其发货单。"


class ShipmentDiffers(Refusal):
    """A shipment takes exactly what was held, where it was held."""

    code = "shipment_differs"
    en = "Shipment {shipment_id} is not what reservation {reservation_id} holds. Compare the two."
    zh = "发货单 {shipment_id} 与预留 {reservation_id} 的内容不符。请核对二者。"


class ShippedUnitsDiffer(Refusal):
    """A shipment names the units that were held, and no others."""

    code = "shipped_units_differ"
    en = (
        "Shipment {shipment_id}, item {item_id}: held and not shipped {missing}, shipped and not"
        " held {surplus}. Ship the units that reservation {reservation_id} holds, each once."
    )
    zh = (
        "发货单 {shipment_id}，商品 {item_id}：已预留未发 {missing}，已发未预留 {surplus}。"
        "请按预留 {reservation_id} 的序列号发货，每个一次。"
    )
