"""Why something can't be done with a stock document."""

from collections.abc import Sequence

from servicekit.errors import Kind, Refusal


class UnknownDocument(Refusal):
    """There is no such document."""

    kind = Kind.NOT_FOUND
    code = "unknown_document"
    en = "There is no stock document {document}. Check its number, or scan its code again."
    zh = "不存在库存单据 {document}。请核对单号，或重新扫码。"


class DocumentIncomplete(Refusal):
    """Something a document of this kind can't do without is missing."""

    code = "document_incomplete"
    en = "A document of kind {document_kind} can't be {act} without: {named}. Add what is missing."
    zh = "{document_kind} 单据缺少 {named}，不能 {act}。请补充后重试。"

    def __init__(self, document_kind: str, act: str, missing: Sequence[str]) -> None:
        named = ", ".join(missing)
        super().__init__(document_kind=document_kind, act=act, missing=list(missing), named=named)


class VersionConflict(Refusal):
    """Somebody changed the document since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Document {number} was changed meanwhile: it is {document_status} now, in version"
        " {version}. Look at it again, then decide."
    )
    zh = (
        "单据 {number} 已被修改：当前状态为 {document_status}，版本 {version}。请重新查看后再操作。"
    )


class WrongStatus(Refusal):
    """The document is not where this step begins."""

    kind = Kind.CONFLICT
    code = "document_wrong_status"
    en = "Document {number} is {document_status}; to be {act} it must be {needed}."
    zh = "单据 {number} 的状态为 {document_status}；{act} 要求状态为 {needed}。"


class AlreadyPosted(Refusal):
    """What is posted stays; a document of its own takes it back."""

    kind = Kind.CONFLICT
    code = "document_already_posted"
    en = (
        "Document {number} was posted by {posted_by} at {posted_at} and stays as it is."
        " Reverse it to take it back."
    )
    zh = "单据 {number} 已由 {posted_by} 于 {posted_at} 过账，不能更改。如需撤回请冲销。"


class AlreadyReversed(Refusal):
    """A document is taken back once."""

    kind = Kind.CONFLICT
    code = "document_already_reversed"
    en = "Document {number} was reversed by document {reversed_by}. Draft a new one instead."
    zh = "单据 {number} 已被单据 {reversed_by} 冲销。请新建单据。"


class NotReversible(Refusal):
    """A reversal is not reversed."""

    code = "document_not_reversible"
    en = "Document {number} is a reversal itself. Draft a new document instead."
    zh = "单据 {number} 本身是冲销单。请新建单据。"


class SecondPersonNeeded(Refusal):
    """Who drafted a document must not be who decides on it."""

    kind = Kind.FORBIDDEN
    code = "second_person_needed"
    en = "Document {number} was drafted by {author}: to be {act} it needs somebody else."
    zh = "单据 {number} 由 {author} 起草：{act} 须由他人完成。"


class StatusNotPossible(Refusal):
    """Documents of this kind don't move goods that way."""

    code = "status_not_possible"
    en = (
        "Line {line_no}: a document of kind {document_kind} does not move goods from {source} to"
        " {target}. It can do: {possible}."
    )
    zh = (
        "第 {line_no} 行：{document_kind} 单据不能将货品从 {source} 转为 {target}。"
        "可用：{possible}。"
    )


class CostWithoutCurrency(Refusal):
    """Money without its currency says nothing."""

    code = "cost_without_currency"
    en = "Line {line_no} has a unit cost, but the document has no currency. Name it."
    zh = "第 {line_no} 行有单位成本，但单据未注明币种。请填写币种。"


class CostNotTaken(Refusal):
    """Only goods that come in bring a cost of their own."""

    code = "cost_not_taken"
    en = "Line {line_no}: a document of kind {document_kind} sets no cost. Leave it out."
    zh = "第 {line_no} 行：{document_kind} 单据的货品已有成本，请勿填写。"


class EffectiveInFuture(Refusal):
    """Nothing has happened tomorrow."""

    code = "effective_in_future"
    en = "The document says it happened at {effective_at}, which is yet to come. Correct the time."
    zh = "单据的发生时间 {effective_at} 尚未到来。请更正时间。"


class SamePlace(Refusal):
    """A transfer goes somewhere else."""

    code = "transfer_to_same_place"
    en = "Warehouse {warehouse_id} of site {site_id} is where the goods are already."
    zh = "货品已在门店 {site_id} 的仓库 {warehouse_id}，无需调拨。"


class NotDispatched(Refusal):
    """Nothing arrives that was not sent."""

    kind = Kind.CONFLICT
    code = "transfer_not_dispatched"
    en = "Document {number} is {document_kind}, {document_status}: only a posted dispatch arrives."
    zh = "单据 {number} 为 {document_kind}（{document_status}）：只有已过账的调出单可以到货。"


class WrongDestination(Refusal):
    """Goods arrive where they were sent."""

    code = "transfer_wrong_destination"
    en = (
        "Dispatch {number} goes to warehouse {to_warehouse_id} of site {to_site_id}. Let it arrive"
        " there, and send the goods on from there."
    )
    zh = (
        "调出单 {number} 的目的地为门店 {to_site_id} 的仓库 {to_warehouse_id}。"
        "请在该处收货后再转运。"
    )


class NotOnDispatch(Refusal):
    """The line is none of the dispatch's, or is of other goods."""

    code = "transfer_line_differs"
    en = "Line {line_no}: line {dispatch_line_no} of dispatch {number} has no such goods."
    zh = "第 {line_no} 行：调出单 {number} 的第 {dispatch_line_no} 行没有该货品。"


class NothingInTransit(Refusal):
    """All that was sent has arrived, or was lost."""

    kind = Kind.CONFLICT
    code = "nothing_in_transit"
    en = "Nothing of dispatch {number} is in transit any more."
    zh = "调出单 {number} 已无在途货品。"
