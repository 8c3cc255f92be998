"""Sales on a database of its own, with a small chain, and the network between it and inventory.

`Line` is that network: a real HTTP peer that grants what it is asked for, once for each key, and
can be down, keep silent, or lose its answer after the work is done. It knows nothing of stock:
orders that meet the real inventory are tested with the platform running.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from contracts.inventory import ItemDefined, SiteDefined, WarehouseDefined
from devstack.testing import FreshDatabases
from sales.main import SERVICE
from servicekit import client
from servicekit.clock import now, shifted
from servicekit.testing import ServiceUnderTest, running

CHAIN = [
    SiteDefined(site_id="sh-01", name="Shanghai 1", time_zone="Asia/Shanghai"),
    WarehouseDefined(site_id="sh-01", warehouse_id="main", name="Main"),
    SiteDefined(site_id="bj-01", name="Beijing 1", time_zone="Asia/Shanghai"),
    WarehouseDefined(site_id="bj-01", warehouse_id="main", name="Main"),
    ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0),
    ItemDefined(item_id="rice", name="Rice", base_unit="kg", scale=3),
]
LINES = [
    {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "37.50"},
    {"item_id": "rice", "quantity": "1.250", "unit": "kg", "amount": "9.90"},
]
TOTAL = "47.4"
Answer = tuple[int, dict[str, Any]]


class Line:
    """The line to inventory; each attribute says how it behaves from now on."""

    def __init__(self) -> None:
        self.lost = False
        """The work is done, then the connection breaks before the answer."""
        self.may_answer = asyncio.Event()
        """While unset, the work is done and the answer does not come."""
        self.may_answer.set()
        self.refusals: dict[str, Answer] = {}
        """What is refused, by the last word of the path."""
        self.held: list[dict[str, Any]] = []
        """What is held of whatever is asked for; the same, if nothing is said."""
        self.shortages: list[dict[str, Any]] = []
        """What is said to be short, beside what is held."""
        self.answers: dict[str, Callable[[str, dict[str, Any]], Answer | None]] = {}
        """What is answered to path and body, by the last word of the path; None: as usual."""
        self.asked: list[tuple[str, str, bytes]] = []
        self.done: dict[str, Answer] = {}
        """What was answered, by key: the same key does nothing twice."""
        self.arrived = asyncio.Event()
        self.port = 0
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Return where the peer listens, when it does."""
        return f"http://127.0.0.1:{self.port}"

    def work_done(self) -> list[str]:
        """Return what was really done, a word for each, in order of time."""
        words = {key: path.rsplit("/", 1)[-1] for path, key, _ in self.asked}
        return [words[key] for key, (status, _) in self.done.items() if status < 300]

    def questions(self) -> set[tuple[str, bytes]]:
        """Return what was asked under each key: the same to the letter, however often."""
        return {(key, path.encode() + body) for path, key, body in self.asked}

    async def up(self) -> None:
        """Listen, on the same port each time."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Refuse connections and break those there are."""
        if self._server is not None:
            self._server.close()
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self._calls.discard(call)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path = head[0].split(" ")[1]
        status, answer = self._work(path, headers.get("idempotency-key", str(uuid4())), body)
        self.arrived.set()
        await self.may_answer.wait()
        if self.lost:
            return False
        text = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\n"
            f"content-length: {len(text)}\r\n\r\n".encode()
        )
        writer.write(text)
        await writer.drain()
        return True

    def _work(self, path: str, key: str, body: bytes) -> Answer:
        self.asked.append((path, key, body))
        word = path.partition("?")[0].rsplit("/", 1)[-1]
        if key not in self.done:
            special = self.answers.get(word, lambda *_: None)(path, json.loads(body or b"{}"))
            self.done[key] = special or self.refusals.get(word) or self._granted(path, body)
        return self.done[key]

    def _granted(self, path: str, body: bytes) -> Answer:
        parts = path.split("/")
        reservation_id = parts[2] if len(parts) > 2 else str(uuid4())
        expires_at = (now() + timedelta(hours=2)).isoformat()
        asked = json.loads(body).get("lines", [])
        lines = self.held or [{"line_no": no, **line} for no, line in enumerate(asked, start=1)]
        answer = {"reservation_id": reservation_id, "expires_at": expires_at, "lines": lines}
        return 200, answer | ({"shortages": self.shortages} if self.shortages else {})


class Shop:
    """What people in the shops do, each step one request."""

    def __init__(self, service: ServiceUnderTest, line: Line) -> None:
        self.service = service
        self.line = line

    async def send(
        self,
        path: str,
        body: Any = None,
        role: str = "clerk",
        device: str | None = None,
        **extra: Any,
    ) -> httpx2.Response:
        """Send a command, with a device if one is given; what is `extra` is the kit's."""
        headers = self.service.headers([role], **extra)
        if device is not None:
            headers["X-Device-Id"] = device
        return await self.service.api.post(path, json=body, headers=headers)

    async def read(self, path: str, sites: Sequence[str] = ("*",), **params: Any) -> Any:
        """Read a page as a shop manager; return its JSON."""
        headers = self.service.headers(["shop_manager"], sites)
        return (await self.service.api.get(path, params=params, headers=headers)).json()

    async def order(self, key: str | None = None, **changes: Any) -> httpx2.Response:
        """Order tea and rice."""
        body = {
            "customer_id": "wang",
            "site_id": "sh-01",
            "warehouse_id": "main",
            "currency": "CNY",
            "lines": LINES,
            **changes,
        }
        return await self.send("/orders", body, key=key)

    async def reserved(self, **changes: Any) -> dict[str, Any]:
        """Return an order whose goods are held."""
        answer = await self.order(**changes)
        assert (answer.status_code, answer.json()["status"]) == (201, "reserved"), answer.text
        return dict(answer.json())

    async def pay(self, order_id: str, amount: str = TOTAL, **extra: Any) -> httpx2.Response:
        """Pay an order."""
        return await self.send(f"/orders/{order_id}/pay", {"amount": amount}, **extra)

    async def paid(self, **changes: Any) -> dict[str, Any]:
        """Return an order that is paid."""
        answer = await self.pay((await self.reserved(**changes))["order_id"])
        assert (answer.status_code, answer.json()["status"]) == (200, "paid"), answer.text
        return dict(answer.json())

    async def status(self, order_id: str) -> str:
        """Return where an order stands."""
        return str((await self.read(f"/orders/{order_id}"))["status"])

    async def settle(self, later: timedelta = timedelta(minutes=5)) -> None:
        """Let the sweep run once, so much later."""
        with shifted(later):
            await self.service.run_job("settle_orders")

    async def events(self) -> list[str]:
        """Return the names of all events about orders and shipments, in order."""
        return [
            type(event).__name__
            for event in await self.service.events()
            if type(event).__name__ != "CustomerDefined"
        ]


@pytest.fixture
def patience_seconds() -> float:
    """Return how long an answer is waited for: a busy machine takes its time to give one."""
    return 10.0


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch, patience_seconds: float) -> AsyncIterator[Line]:
    """Return the line to inventory, which is up."""
    monkeypatch.setattr(client, "TIMEOUT", httpx2.Timeout(patience_seconds))
    line = Line()
    await line.up()
    yield line
    line.may_answer.set()
    assert len({key for key, _ in line.questions()}) == len(line.questions()), line.asked
    await line.down()


@pytest.fixture
async def sales(migrated_database: FreshDatabases, line: Line) -> AsyncIterator[ServiceUnderTest]:
    """Return the service, which knows nothing yet."""
    database = migrated_database("sales")
    settings = {"currency": "CNY", "inventory_url": line.url}
    async with running(SERVICE, database.dsn, **settings) as service:
        yield service


@pytest.fixture
async def shop(sales: ServiceUnderTest, line: Line) -> Shop:
    """Return a shop that knows the chain and one customer."""
    await sales.deliver(CHAIN)
    shop = Shop(sales, line)
    answer = await shop.send("/customers", {"customer_id": "wang", "name": "Wang"})
    assert answer.status_code == 201, answer.text
    return shop
