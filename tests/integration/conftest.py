"""The whole platform as processes over a real broker, used as its users would: over HTTP."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from contracts.envelope import Event
from devstack.blueprint import Blueprint
from devstack.ports import free_port
from devstack.processes import Program
from servicekit.clock import now, shifted

DEADLINE_SECONDS = 90.0
END_SECONDS = 60.0
SERVICES = ("inventory", "purchasing", "sales", "costing")
ROLES = ("master_data", "clerk", "shop_manager", "buyer", "finance", "operator", "integrator")
Json = dict[str, Any]
FOREIGN: Counter[type[Event]] = Counter()
"""Events that tests have put on their topics themselves, past the owner's outbox."""
DISCARDED: Counter[tuple[str, str]] = Counter()
"""Messages that tests have discarded, by consumer and topic: they are never applied."""

MOVED = """
import io, os, signal, sys
from contextlib import ExitStack
from datetime import timedelta
from threading import Thread
from purchasing.main import SERVICE
from servicekit.clock import shifted
from servicekit.service import run

told, asked = os.fdopen(os.dup(1), "w", buffering=1), io.FileIO(0)
os.dup2(2, 1)

def move(by):
    moved.enter_context(shifted(timedelta(seconds=float(by))))
    print("moved", file=told)

def follow():
    for by in asked:
        move(by)
    os.kill(os.getpid(), signal.SIGTERM)

with ExitStack() as moved:
    move(asked.readline())
    Thread(target=follow, daemon=True).start()
    run(SERVICE)
"""
"""A process of purchasing whose clock is moved: production code has no way to be told so.

It ends when nobody is left to move it.
"""


async def eventually(
    look: Callable[[], Awaitable[Any]],
    what: str,
    seconds: float = DEADLINE_SECONDS,
    lacks: Callable[[], object] = lambda: "",
) -> Any:
    """Look until something true is seen, and return it; fail with what it still lacks."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        seen = await look()
        if seen:
            return seen
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for: {what} {lacks()}")
        await asyncio.sleep(0.1)


@asynccontextmanager
async def talking(program: Program) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program that is told what to do on its standard input, and ends with it."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    channels = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    with program.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *program.argv, **(program.popen_arguments() | channels), stderr=log
        )
    try:
        yield process
    finally:
        await end_of_talk(process)


async def end_of_talk(process: asyncio.subprocess.Process) -> None:
    """Have a process end with its input; one that does not is killed, and fails the test."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Chain:
    """A chain of shops on the running platform."""

    eventually = staticmethod(eventually)
    foreign = FOREIGN
    discarded = DISCARDED
    takes = staticmethod(lambda *told: takes(*told))
    must = staticmethod(lambda answer: must(answer))

    def __init__(self, stack: Any, http: httpx2.AsyncClient) -> None:
        self.stack = stack
        self.http = http
        self.tag = uuid4().hex[:8]
        self._token = stack.token("tester", list(ROLES), ["*"], 12)
        self._urls: dict[str, str] = stack.info.service_urls

    async def get(self, service: str, path: str, **params: Any) -> httpx2.Response:
        """Read something."""
        return await self.http.get(
            self._urls[service] + path,
            params={name: str(value) for name, value in params.items()},
            headers={"Authorization": f"Bearer {self._token}"},
        )

    async def post(
        self,
        service: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        token: str | None = None,
        device: str | None = None,
    ) -> httpx2.Response:
        """Send a command once, with another person's token or with a device if one is given."""
        headers = {
            "Authorization": f"Bearer {token or self._token}",
            "Idempotency-Key": key or str(uuid4()),
        }
        if device is not None:
            headers["X-Device-Id"] = device
        return await self.http.post(self._urls[service] + path, json=body, headers=headers)

    async def insist(
        self, service: str, path: str, body: Any = None, key: str | None = None
    ) -> Any:
        """Send a command with one key until it is answered, as a client does in bad times."""
        key = key or str(uuid4())

        async def answered() -> httpx2.Response | None:
            try:
                answer = await self.post(service, path, body, key)
            except httpx2.TransportError:
                return None
            return None if answer.status_code >= 500 else answer

        return await eventually(answered, f"an answer of {service}{path}")

    @asynccontextmanager
    async def elsewhen(self, role: str, by: timedelta) -> AsyncIterator["Elsewhen"]:
        """Run one more process of purchasing, whose clock is not everybody else's."""
        plan = Blueprint(self.stack.state)
        (service,) = (one for one in plan.services if one.name == "purchasing")
        port = str(free_port())
        program = Program(
            argv=(sys.executable, "-P", "-c", MOVED, role),
            log=plan.log(f"purchasing.{role}.elsewhen"),
            env=plan.process_environment(service, role) | {"TRUESHELF_HTTP_PORT": port},
        )
        async with talking(program) as process:
            with shifted(by):
                there = Elsewhen(self, process, f"http://127.0.0.1:{port}")
            await there.move(by)
            yield there

    async def make_site(self, name: str = "s") -> str:
        """Create a site with the warehouse `floor`; other services know it a moment later."""
        site_id = f"{name}-{uuid4().hex[:8]}"
        body = {"site_id": site_id, "name": name, "time_zone": "Asia/Shanghai"}
        must(await self.insist("inventory", "/sites", body))
        warehouse = {"warehouse_id": "floor", "name": "Floor"}
        must(await self.insist("inventory", f"/sites/{site_id}/warehouses", warehouse))
        return site_id

    async def make_items(self, count: int, scale: int = 0, **said: Any) -> list[str]:
        """Create items and wait until purchasing's and sales' copies know them."""
        names = [f"i-{uuid4().hex[:8]}" for _ in range(count)]
        described = {"base_unit": "EA", "scale": scale, **said}
        items = [{"item_id": name, "name": name, **described} for name in names]
        answer = must(await self.insist("inventory", "/items/import", {"items": items}))
        assert answer["refused"] == []
        for service in ("purchasing", "sales"):

            async def known(service: str = service) -> bool:
                answer = await self.get(service, f"/reference/items/{names[-1]}")
                return answer.status_code == 200

            await eventually(known, f"{service} to know {names[-1]}")
        return names

    async def scan_session(
        self,
        site_id: str,
        warehouse_id: str = "floor",
        user: str = "tester",
        token: str | None = None,
        device: str | None = None,
    ) -> tuple[str, str]:
        """Let a user scan in a warehouse; return the session and its device, a new one or this."""
        place = f"/sites/{site_id}"
        if device is None:
            device = f"gun-{uuid4().hex[:8]}"
            gun = {"device_id": device, "name": device, "kind": "scanner"}
            must(await self.post("inventory", f"{place}/devices", gun))
        workers = f"{place}/warehouses/{warehouse_id}/workers"
        must(await self.post("inventory", workers, {"user_id": user}))
        body = {"site_id": site_id, "warehouse_id": warehouse_id}
        opened = await self.post("inventory", "/scan-sessions", body, token=token, device=device)
        return must(opened)["session_id"], device

    async def scan_in(
        self, code: str, session: tuple[str, str], token: str | None = None, **more: Any
    ) -> httpx2.Response:
        """Scan a code at the door, once purchasing has heard of the session and its device."""
        body = {"code": code, "session_id": session[0], **more}
        path, device = "/receipts/openings", session[1]

        async def answered() -> httpx2.Response | None:
            answer = await self.post("purchasing", path, body, token=token, device=device)
            waits = answer.json().get("code") in ("unknown_scan_session", "unknown_device")
            return None if waits else answer

        answer: httpx2.Response = await eventually(answered, "purchasing to know the scan session")
        return answer

    async def make_supplier(self) -> str:
        """Create a supplier."""
        supplier_id = f"sup-{uuid4().hex[:8]}"
        must(
            await self.insist(
                "purchasing", "/suppliers", {"supplier_id": supplier_id, "name": "Supplier"}
            )
        )
        return supplier_id

    async def make_customer(self) -> str:
        """Create a customer."""
        customer_id = f"cus-{uuid4().hex[:8]}"
        must(
            await self.insist(
                "sales", "/customers", {"customer_id": customer_id, "name": "Customer"}
            )
        )
        return customer_id

    async def order(
        self, site_id: str, goods: dict[str, tuple[str, str]], supplier_id: str | None
    ) -> Json:
        """Order {item: (quantity, unit cost)} of a supplier, or of a new one."""
        body = {
            "supplier_id": supplier_id or await self.make_supplier(),
            "site_id": site_id,
            "warehouse_id": "floor",
            "currency": "USD",
            "due_date": str((now() + timedelta(days=3)).date()),
            "lines": [
                {"item_id": item, "quantity": quantity, "unit": "EA", "unit_cost": cost}
                for item, (quantity, cost) in goods.items()
            ],
        }

        async def ordered() -> Json | None:
            answer = await self.insist("purchasing", "/orders", body)
            unknown = answer.json().get("code") in ("unknown_site", "unknown_warehouse")
            return None if unknown else must(answer)

        return dict(await eventually(ordered, f"purchasing to know {site_id}"))

    async def receive(
        self,
        site_id: str,
        goods: dict[str, tuple[str, str]],
        supplier_id: str | None = None,
        named: dict[str, Json] | None = None,
    ) -> Json:
        """Order goods, receive and post them, named by item where so given; return the receipt."""
        order = await self.order(site_id, goods, supplier_id)
        lines = [
            {"order_line_no": line["line_no"], "quantity": line["quantity"]}
            | (named or {}).get(line["item_id"], {})
            for line in order["lines"]
        ]
        body = {"order_id": order["order_id"], "lines": lines}
        receipt = must(await self.insist("purchasing", "/receipts", body))
        place = f"/receipts/{receipt['receipt_id']}"
        must(await self.insist("purchasing", f"{place}/audit"))
        return dict(must(await self.insist("purchasing", f"{place}/post")))

    async def stock_up(self, site_id: str, goods: dict[str, tuple[str, str]], **more: Any) -> Json:
        """Receive goods and wait until they are on the books."""
        receipt = await self.receive(site_id, goods, **more)

        async def posted() -> Json | None:
            answer = await self.get("purchasing", f"/receipts/{receipt['receipt_id']}")
            return answer.json() if answer.json().get("status") == "posted" else None

        return dict(await eventually(posted, "the receipt to be booked"))

    def order_body(self, customer_id: str, site_id: str, goods: dict[str, tuple[str, str]]) -> Json:
        """Return a sales order for goods ({item: (quantity, amount)})."""
        return {
            "customer_id": customer_id,
            "site_id": site_id,
            "warehouse_id": "floor",
            "currency": "USD",
            "lines": [
                {"item_id": item, "quantity": quantity, "unit": "EA", "amount": amount}
                for item, (quantity, amount) in goods.items()
            ],
        }

    async def settled(self, order_id: str) -> Json:
        """Return an order once no step of it is under way any more."""

        async def rest() -> Json | None:
            try:
                answer = await self.get("sales", f"/orders/{order_id}")
            except httpx2.TransportError:
                return None
            if answer.status_code != 200:
                return None
            order: Json = answer.json()
            waiting = ("placed", "changing", "paying", "cancelling")
            return None if order["status"] in waiting else order

        return dict(await eventually(rest, f"order {order_id} to be settled"))

    async def sell(self, body: Json, key: str) -> str:
        """Order, pay and ship, whatever breaks meanwhile; return the order's last status."""
        total = sum(Decimal(line["amount"]) for line in body["lines"])
        placed = await self.insist("sales", "/orders", body, key)
        if placed.status_code == 409:
            return "refused"
        order_id = must(placed)["order_id"]
        if (await self.settled(order_id))["status"] == "refused":
            return "refused"
        await self.insist("sales", f"/orders/{order_id}/pay", {"amount": str(total)}, f"{key}-pay")
        order = await self.settled(order_id)
        if order["status"] != "paid":
            return str(order["status"])
        must(await self.insist("sales", f"/orders/{order_id}/ship", None, f"{key}-ship"))
        return "shipped"

    async def stock(self, site_id: str, item_id: str) -> Json:
        """Return the only balance of an item at a site."""
        answer = await self.get("inventory", "/stock", site_id=site_id, item_id=item_id)
        items = answer.json()["items"]
        return dict(items[0]) if items else {}

    async def bus(self) -> dict[str, Json]:
        """Return the state of every service's bus."""
        return {name: must(await self.get(name, "/ops/bus")) for name in SERVICES}

    async def drain(self) -> dict[str, Json]:
        """Wait until every event published has been applied by every consumer."""

        waiting: list[str] = []

        async def drained() -> dict[str, Json] | None:
            try:
                state = await self.bus()
            except (httpx2.TransportError, AssertionError) as problem:
                waiting[:] = [repr(problem)]
                return None
            waiting[:] = undelivered(state)
            return None if waiting else state

        return dict(await eventually(drained, "the bus to drain", lacks=lambda: waiting))

    async def assert_books_agree(self, site_id: str) -> None:
        """Assert the invariants: ledger = balances, reservations = allocated, costing = ledger."""
        await self.drain()
        books = must(await self.get("inventory", "/reports/books", site_id=site_id))
        assert set(books["drift"].values()) == {0}, books
        agreement = must(await self.get("costing", "/agreement", site_id=site_id))
        assert (agreement["differences"], agreement["behind"]) == ([], 0), agreement


class Elsewhen(Chain):
    """The same chain, asked through a process of purchasing whose clock the test moves."""

    def __init__(self, chain: Chain, process: asyncio.subprocess.Process, url: str) -> None:
        super().__init__(chain.stack, chain.http)
        self._urls = {**self._urls, "purchasing": url}
        self._process = process

    async def move(self, by: timedelta) -> None:
        """Move its clock, on or back."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{by.total_seconds()}\n".encode())
        assert await self._process.stdout.readline() == b"moved\n", "the process has ended"


def undelivered(state: dict[str, Json]) -> list[str]:
    """Say what is still under way between the services."""
    published = Counter({(event.TOPIC.name, event.TYPE): some for event, some in FOREIGN.items()})
    for one in state.values():
        for topic, kinds in one["published_kinds"].items():
            published.update({(topic, kind): count for kind, count in kinds.items()})
    waiting = [
        f"{name} has {one['pending']} unsent" for name, one in state.items() if one["pending"]
    ]
    for tally in (tally for one in state.values() for tally in one["consumed"]):
        sent = sum(count for (topic, kind), count in published.items() if takes(tally, topic, kind))
        expected = sent - DISCARDED[tally["consumer"], tally["topic"]]
        if tally["applied"] != expected:
            waiting.append(f"{tally} of {expected}")
    return waiting


def takes(tally: Json, topic: str, kind: str) -> bool:
    """Tell whether a consumer applies such events."""
    return bool(tally["topic"] == topic and (not tally["kinds"] or kind in tally["kinds"]))


def must(answer: httpx2.Response) -> Any:
    """Return the JSON of an answer that must be a good one."""
    assert answer.is_success, f"{answer.status_code} {answer.text[:2000]}"
    return answer.json()


@pytest.fixture
async def chain(stack: Any) -> AsyncIterator[Chain]:
    """Return a chain on the running platform, all processes up."""
    stack.wait_ready(120)
    async with httpx2.AsyncClient(timeout=30) as http:
        yield Chain(stack, http)
