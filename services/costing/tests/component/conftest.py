"""Costing on a database of its own, beside an inventory that only answers reads."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlparse
from uuid import UUID, uuid4

import pytest

from contracts.inventory import StockFact, StockReceived, StockShipped
from costing.main import SERVICE
from servicekit.clock import now
from servicekit.testing import ServiceUnderTest, running


class Peer:
    """An inventory at the other end of the wire: it serves its archive and its totals."""

    def __init__(self) -> None:
        self.facts: list[StockFact] = []
        self.totals: list[dict[str, Any]] = []
        self.overlooked: set[tuple[str, int]] = set()
        self.away = False
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        target = urlparse((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        items = self._events(query) if target.path == "/events" else self.totals
        body = json.dumps({"items": items, "next_cursor": None}).encode()
        status = "503 Service Unavailable" if self.away else "200 OK"
        head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    def _events(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Return the archive; by key all of it, else without the rows committed too late."""
        after = int(query.get("after_sequence", "0"))
        unseen = set() if "key" in query else self.overlooked
        return [
            {
                "event_id": str(uuid4()),
                "type": fact.TYPE,
                "payload": fact.model_dump(mode="json"),
            }
            for fact in self.facts
            if fact.sequence > after
            and query.get("key", fact.key) == fact.key
            and (fact.key, fact.sequence) not in unseen
        ]


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """Return a peer that listens."""
    peer = Peer()
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield peer


@pytest.fixture
async def costing(
    migrated_database: Callable[[str], Any], peer: Peer
) -> AsyncIterator[ServiceUnderTest]:
    """Return costing, its books kept in US dollars."""
    database = migrated_database("costing")
    settings = {"currency": "USD", "inventory_url": peer.url}
    async with running(SERVICE, database.dsn, **settings) as service:
        yield service


@pytest.fixture
def ledger() -> Callable[..., list[StockFact]]:
    """Return a maker of ledgers: positive numbers are receipts at 1.3333, negative ones issues."""

    def make(*quantities: int, item_id: str = "i", currency: str = "USD") -> list[StockFact]:
        return [fact(n, q, item_id, currency) for n, q in enumerate(quantities, 1)]

    return make


def fact(sequence: int, quantity: int, item_id: str, currency: str) -> StockFact:
    """Return the fact of one ledger entry."""
    common: dict[str, Any] = {
        "site_id": "s",
        "item_id": item_id,
        "sequence": sequence,
        "warehouse_id": "floor",
        "quantity": Decimal(abs(quantity)),
        "document_id": UUID(int=sequence),
        "document_number": f"D{sequence}",
        "line_no": 1,
        "effective_at": now(),
        "posted_at": now(),
    }
    if quantity > 0:
        return StockReceived(unit_cost=Decimal("1.3333"), currency=currency, **common)
    return StockShipped(order_id=UUID(int=1000 + sequence), **common)
