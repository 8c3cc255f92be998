"""Links by which a customer without an account signs for one shipment, once, for a time.

The token is a secret of 256 bits that only the link holds; kept is its digest. Whatever is wrong
with a link, the answer is the same, so that nobody learns of a shipment by trying.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from servicekit.errors import Kind, Refusal

TOKEN_BYTES = 32
WRONG_MAX = 20
"""Wrong tokens that one client may show in a minute."""
WINDOW = timedelta(minutes=1)
CLIENTS_MAX = 10_000


class LinkInvalid(Refusal):
    """The link is none, has expired, was used, or is of no use any more; nobody says which."""

    kind = Kind.FORBIDDEN
    code = "delivery_link_invalid"
    en = "This link is not valid, or not any more. Ask whoever sent it for a new one."
    zh = "该链接无效或已失效。请向发送方索取新的链接。"


class TooManyTries(Refusal):
    """A client shows many wrong tokens."""

    kind = Kind.LIMITED
    code = "too_many_tries"
    en = "Too many links that are not valid came from here. Try again in a minute."
    zh = "来自此处的无效链接过多。请一分钟后再试。"


@dataclass(eq=False, kw_only=True)
class DeliveryLink:
    """A link to sign for a shipment by."""

    site_id: str
    link_id: UUID
    shipment_id: UUID
    token_hash: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    used_by: str | None = None
    """The name that was signed with."""

    def must_hold(self, at: datetime, signed_by: str) -> bool:
        """Tell whether it was used by this very name before; raise unless it may be used."""
        if self.used_at is not None and self.used_by == signed_by:
            return True
        if self.used_at is not None or self.revoked_at is not None or at >= self.expires_at:
            raise LinkInvalid
        return False


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


@dataclass
class Tries:
    """How many wrong tokens each client showed lately; bounded, and forgotten with the process."""

    since: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def must_be_few(self, client: str, at: datetime) -> None:
        """Raise if the client has shown too many."""
        begun, count = self.since.get(client, (at, 0))
        if at - begun < WINDOW and count >= WRONG_MAX:
            raise TooManyTries

    def count(self, client: str, at: datetime) -> None:
        """Count a wrong one."""
        begun, count = self.since.pop(client, (at, 0))
        self.since[client] = (begun, count + 1) if at - begun < WINDOW else (at, 1)
        if len(self.since) > CLIENTS_MAX:
            self.since.popitem(last=False)
