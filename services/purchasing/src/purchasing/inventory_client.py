"""Asks inventory to take goods that go back to their suppliers off its books, or onto them again.

Each question has one key for each command that posts a document, the same at every attempt: however
often an answer is lost, inventory does its part once and says the same again.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from purchasing.settings import settings_of
from servicekit.client import PeerRefusal, PeerUnavailable, ServiceClient
from servicekit.context import Context

log = structlog.get_logger()

DECISIONS = frozenset({404, 409, 422})
# Said under a decision's status, but about the moment or the way, not about the return.
UNDECIDED = frozenset({"concurrent_change", "idempotency_key_reused", "no_such_page", "unknown"})


@dataclass(frozen=True)
class Refused:
    """Inventory said no, and would say so again."""

    code: str
    problem: dict[str, Any]


class InventoryClient:
    """The questions purchasing has; each raises `PeerUnavailable` if no answer is to be had now."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def return_to_supplier(self, command_id: UUID, body: dict[str, Any]) -> Refused | None:
        """Let goods leave the books, all lines or none; return why not if they don't."""
        return await self._ask("/supplier-returns", f"purchasing:{command_id}:return", body)

    async def take_return_back(self, command_id: UUID, body: dict[str, Any]) -> Refused | None:
        """Put what had gone back on the books again, all or none; return why not if it isn't."""
        key = f"purchasing:{command_id}:return-reversal"
        return await self._ask("/supplier-return-reversals", key, body)

    async def _ask(self, path: str, key: str, body: dict[str, Any]) -> Refused | None:
        try:
            await self._client.command(path, key, body)
        except PeerRefusal as refusal:
            if refusal.status not in DECISIONS or refusal.peer_code in UNDECIDED:
                log.warning("inventory can't decide", status=refusal.status, body=refusal.body)
                raise PeerUnavailable from refusal
            return Refused(refusal.peer_code, refusal.body)
        return None


def inventory_of(context: Context) -> InventoryClient:
    """Return the way to inventory."""
    return InventoryClient(context.client(settings_of(context).inventory_url))
