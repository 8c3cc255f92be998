"""Why a requisition can't be taken further or ordered."""

from servicekit.errors import Kind, Refusal


class UnknownRequisition(Refusal):
    """There is no such requisition."""

    kind = Kind.NOT_FOUND
    code = "unknown_requisition"
    en = "There is no requisition {requisition_id}."
    zh = "没有请购单 {requisition_id}。"


class UnknownRequisitionLine(Refusal):
    """The requisition has no such line."""

    kind = Kind.NOT_FOUND
    code = "unknown_requisition_line"
    en = "Requisition {number} has no line {line_no}; it has lines 1 to {lines}."
    zh = "请购单 {number} 没有第 {line_no} 行，其行号为 1 至 {lines}。"


class RequisitionChanged(Refusal):
    """Somebody changed the requisition since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Requisition {number} was changed meanwhile: it is {requisition_status} now, in version"
        " {version}. Look at it again, then decide."
    )
    zh = (
        "请购单 {number} 已被修改：当前状态为 {requisition_status}，版本 {version}。"
        "请重新查看后再操作。"
    )


class RequisitionStepRefused(Refusal):
    """The requisition does not stand where this step begins."""

    kind = Kind.CONFLICT
    code = "requisition_step_refused"
    en = (
        "Requisition {number} is {requisition_status}, so it can't be {step}. That takes one that"
        " is {needed}."
    )
    zh = "请购单 {number} 当前状态为 {requisition_status}，不能执行 {step}；需要状态 {needed}。"


class ApproverAsked(Refusal):
    """Two pairs of eyes."""

    code = "approver_is_author"
    en = (
        "Requisition {number} was written by {author}, who can't approve it too. Have another do"
        " that."
    )
    zh = "请购单 {number} 由 {author} 提交，不能由本人审批。请由他人审批。"


class RequisitionPartlyOrdered(Refusal):
    """What is ordered can't be asked for no more."""

    kind = Kind.CONFLICT
    code = "requisition_partly_ordered"
    en = (
        "Requisition {number} can't be cancelled: {ordered} {unit} of line {line_no} are ordered."
        " Close it instead, which gives up the rest, or cancel the order first."
    )
    zh = (
        "请购单 {number} 不能作废：第 {line_no} 行已订购 {ordered} {unit}。"
        "请关闭请购单以放弃剩余数量，或先取消采购订单。"
    )


class MoreThanOpen(Refusal):
    """More would be ordered than a shop asked for."""

    code = "more_than_requisitioned"
    en = (
        "Requisition {number}, line {line_no}: {wanted} {unit} of {item_id} are more than what is"
        " open ({open}); {asked} were asked for and {ordered} are ordered. Order the open quantity,"
        " and raise the order afterwards if the supplier sells no less."
    )
    zh = (
        "请购单 {number} 第 {line_no} 行：订购商品 {item_id} {wanted} {unit} 超过未订数量 {open}"
        "（请购 {asked}，已订 {ordered}）。请按未订数量订购；如有最小起订量，请下单后再调整订单。"
    )
