"""Why something can't be done with goods that are held back."""

from servicekit.errors import Kind, Refusal


class NothingDecided(Refusal):
    """An inspection decides something."""

    code = "nothing_decided"
    en = "The inspection has no part. Say what of the goods is released, frozen or rejected."
    zh = "检验单没有任何结论。请填写放行、冻结或判退的数量。"


class MoreThanHeld(Refusal):
    """The parts of an inspection are together more than what is held."""

    kind = Kind.CONFLICT
    code = "more_than_held"
    en = "{decided} were decided on, but only {held} of item {item_id} are {status} there."
    zh = "结论数量合计 {decided}，但商品 {item_id} 在该处处于 {status} 状态的只有 {held}。"


class ExpiredStaysFrozen(Refusal):
    """Nobody releases what is past its date."""

    kind = Kind.CONFLICT
    code = "expired_stays_frozen"
    en = "Batch {batch_id} of item {item_id} expired on {expires_on}. Reject it, then scrap it."
    zh = "商品 {item_id} 的批次 {batch_id} 已于 {expires_on} 到期。请判退并报损。"


class FrozenAlready(Refusal):
    """Frozen goods can be released or rejected, not frozen once more."""

    code = "frozen_already"
    en = "These goods are frozen already. Release or reject them."
    zh = "该批货物已处于冻结状态。请放行或判退。"


class LimitsCrossed(Refusal):
    """No reading could ever lie within the limits."""

    code = "limits_crossed"
    en = "The {figure} limits {lowest} to {highest} leave no room with hysteresis {hysteresis}."
    zh = "{figure} 的上下限 {lowest} 至 {highest} 在回差 {hysteresis} 下没有余地。"


class UnknownBreach(Refusal):
    """The site has no such breach."""

    kind = Kind.NOT_FOUND
    code = "unknown_breach"
    en = "There is no breach {breach_id}."
    zh = "不存在冷链异常 {breach_id}。"


class BreachIsOver(Refusal):
    """What has ended isn't ended again."""

    kind = Kind.CONFLICT
    code = "breach_over"
    en = "Breach {breach_id} ended at {at}. Release what it froze by an inspection."
    zh = "冷链异常 {breach_id} 已于 {at} 结束。被冻结的货物请通过检验放行。"


class SensorStillHeard(Refusal):
    """Nobody talks over a device that measures."""

    kind = Kind.CONFLICT
    code = "sensor_still_heard"
    en = (
        "Device {device_id} was heard at {heard_at}: the breach ends by itself once it reads inside"
        " the limits. If it is broken, switch it off and wait {silent_after_minutes} minutes."
    )
    zh = (
        "设备 {device_id} 在 {heard_at} 仍有读数：读数恢复到范围内时异常会自动结束。"
        "如设备已损坏，请停用并等待 {silent_after_minutes} 分钟。"
    )


class UnknownInspection(Refusal):
    """There is no such inspection."""

    kind = Kind.NOT_FOUND
    code = "unknown_inspection"
    en = "There is no inspection {inspection_id}."
    zh = "不存在检验单 {inspection_id}。"


class UnknownRecall(Refusal):
    """There is no such recall."""

    kind = Kind.NOT_FOUND
    code = "unknown_recall"
    en = "There is no recall {recall_id}."
    zh = "不存在召回单 {recall_id}。"


class RecallNumberTaken(Refusal):
    """Another recall has the number."""

    kind = Kind.CONFLICT
    code = "recall_number_taken"
    en = "There is a recall of number {number} already. Choose another number."
    zh = "召回编号 {number} 已存在。请使用其他编号。"


class BatchRecalled(Refusal):
    """A batch is called back by one recall at a time."""

    kind = Kind.CONFLICT
    code = "batch_recalled"
    en = "Batch {batch_id} of item {item_id} is called back by recall {number} already."
    zh = "商品 {item_id} 的批次 {batch_id} 已由召回单 {number} 召回。"


class NothingNamed(Refusal):
    """A recall names what is called back."""

    code = "nothing_named"
    en = "Name the batches of item {item_id} to call back, or its first and last serial number."
    zh = "请填写商品 {item_id} 要召回的批次，或起止序列号，二者选一。"


class NotTraceable(Refusal):
    """Goods that nothing tells apart are frozen by a document, not called back."""

    code = "not_traceable"
    en = "Item {item_id} is tracked by {tracking}: goods can't be told apart that way."
    zh = "商品 {item_id} 的追踪方式为 {tracking}，无法按此方式区分货物。"


class RecallIsClosed(Refusal):
    """Nothing is added to a recall that has ended."""

    kind = Kind.CONFLICT
    code = "recall_closed"
    en = "Recall {number} was closed. Order a new one if goods must be called back again."
    zh = "召回单 {number} 已关闭。如需再次召回，请新建召回单。"


class UnknownDelivery(Refusal):
    """The recall knows of no such delivery."""

    kind = Kind.NOT_FOUND
    code = "unknown_delivery"
    en = "Recall {number} follows no delivery {sequence} of site {site_id}."
    zh = "召回单 {number} 未跟踪门店 {site_id} 的第 {sequence} 号发货。"


class MoreThanOutstanding(Refusal):
    """More came back than was delivered."""

    kind = Kind.CONFLICT
    code = "more_than_outstanding"
    en = "Of delivery {document_number}, {outstanding} are outstanding: {quantity} is too much."
    zh = "发货单 {document_number} 尚有 {outstanding} 未追回，{quantity} 超出该数量。"


class CountsByItself(Refusal):
    """The document named is a customer's return."""

    kind = Kind.CONFLICT
    code = "return_counts_by_itself"
    en = (
        "Document {document_id} is a customer's return, which is counted for delivery"
        " {document_number} already. Tell only of goods that came back without one."
    )
    zh = (
        "单据 {document_id} 是客户退货单，已自动计入发货单 {document_number} 的追回数量。"
        "请只登记未经退货单收回的货物。"
    )


class NotReceivedAgain(Refusal):
    """The document named did not bring the goods in."""

    code = "not_received_again"
    en = "Document {number} is no posted receipt of {quantity} of batch {batch_id}. Name another."
    zh = "单据 {number} 不是批次 {batch_id} 数量 {quantity} 的已过账入库单。请填写其他单据。"
