"""Recalls, as far as customers are concerned."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from servicekit.errors import Kind, Refusal


class UnknownRecall(Refusal):
    """There is no such recall, or it is not known here yet."""

    kind = Kind.NOT_FOUND
    code = "unknown_recall"
    en = "There is no recall {recall_id} here. Recalls are ordered at inventory."
    zh = "此处没有召回 {recall_id}。召回由库存服务发起。"


class GotNone(Refusal):
    """The customer got nothing of what is called back, at no site of the caller's."""

    kind = Kind.CONFLICT
    code = "customer_got_none"
    en = (
        "Customer {customer_id} got none of the batches of recall {number} from a site of yours:"
        " there is nothing to tell. The recall's list of customers says who did."
    )
    zh = (
        "在您有权限的门店中，客户 {customer_id} 未收到召回 {number} 的任何批次，无需通知。"
        "请查看该召回的客户清单。"
    )


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A customer was told of a recall."""

    notice_id: UUID
    recall_id: UUID
    customer_id: str
    informed_at: datetime
    informed_by: str
    note: str | None
