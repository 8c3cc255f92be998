"""Who acts for a supplier: each person for one supplier alone."""

from dataclasses import dataclass
from datetime import datetime

from servicekit.errors import Kind, Refusal


class NotAPortalUser(Refusal):
    """Nobody said for which supplier the caller acts."""

    kind = Kind.FORBIDDEN
    code = "not_a_portal_user"
    en = "{subject} acts for no supplier here. Ask the buyer to add you to your supplier's users."
    zh = "{subject} 未被授权代表任何供应商。请联系采购员将您加入所属供应商的用户。"


class PortalUserTaken(Refusal):
    """Who acts for two suppliers would see the prices of one as the other."""

    kind = Kind.CONFLICT
    code = "portal_user_taken"
    en = "{subject} acts for another supplier. Remove the user there first."
    zh = "{subject} 已代表其他供应商。请先在该供应商处移除此用户。"


@dataclass(frozen=True, kw_only=True)
class PortalUser:
    """A person, by the subject of their token, and the supplier they act for."""

    subject: str
    supplier_id: str
    added_at: datetime
    added_by: str
