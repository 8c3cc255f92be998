"""Purchasing on a database of its own, with a small chain that it knows of."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from contracts.inventory import (
    DeviceDefined,
    ItemDefined,
    ScanSessionOpened,
    SiteDefined,
    UnitDefined,
    WarehouseDefined,
)
from purchasing.main import SERVICE
from servicekit.clock import now
from servicekit.testing import ServiceUnderTest, running

CHAIN = [
    SiteDefined(site_id="sh-01", name="Shanghai 1", time_zone="Asia/Shanghai"),
    WarehouseDefined(site_id="sh-01", warehouse_id="main", name="Main"),
    SiteDefined(site_id="bj-01", name="Beijing 1", time_zone="Asia/Shanghai"),
    WarehouseDefined(site_id="bj-01", warehouse_id="main", name="Main"),
    *(
        DeviceDefined(site_id=site, device_id="gun-1", name="Gun", kind="scanner", revoked=False)
        for site in ("sh-01", "bj-01")
    ),
    ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0),
    ItemDefined(item_id="mug", name="Mug for guests", base_unit="pc", scale=0, for_sale=False),
    UnitDefined(
        item_id="tea",
        unit="case",
        version=2,
        numerator=12,
        denominator=1,
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    ItemDefined(item_id="rice", name="Rice", base_unit="kg", scale=3),
]

LINES = [
    {"item_id": "tea", "quantity": "100", "unit": "box", "unit_cost": "12.5"},
    {"item_id": "rice", "quantity": "20.5", "unit": "kg", "unit_cost": "6.000001"},
]


class Desk:
    """What people at purchasing's desk do, each step one request."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service

    async def send(
        self, path: str, body: Any = None, *roles: str, sites: Sequence[str] = ("*",), **extra: Any
    ) -> httpx2.Response:
        """Send a command in these roles; `key` and `subject` are the kit's, others are headers."""
        named = {name: extra.pop(name) for name in ("key", "subject") if name in extra}
        headers = {**self.service.headers(roles, sites, **named), **extra}
        return await self.service.api.post(path, json=body, headers=headers)

    async def read(self, path: str, sites: Sequence[str] = ("*",), **params: Any) -> Any:
        """Read a page as a shop manager; return its JSON."""
        headers = self.service.headers(["shop_manager"], sites)
        answer = await self.service.api.get(path, params=params, headers=headers)
        return answer.json()

    async def supplier(self, percent: str = "0", supplier_id: str = "acme") -> httpx2.Response:
        """Define a supplier."""
        body = {"supplier_id": supplier_id, "name": "Acme", "over_receipt_percent": percent}
        return await self.send("/suppliers", body, "buyer")

    async def order(self, *, site_id: str = "sh-01", **changes: Any) -> httpx2.Response:
        """Order tea and rice."""
        body = {
            "supplier_id": "acme",
            "site_id": site_id,
            "warehouse_id": "main",
            "currency": "CNY",
            "due_date": "2027-01-31",
            "lines": LINES,
            **changes,
        }
        return await self.send("/orders", body, "buyer")

    async def session(
        self, subject: str = "tester", device: str = "gun-1", **where: str
    ) -> ScanSessionOpened:
        """Return a scan session of eight hours that inventory has just opened and told of."""
        place = {"site_id": "sh-01", "warehouse_id": "main", **where}
        opened = ScanSessionOpened(
            session_id=uuid4(),
            user_id=subject,
            device_id=device,
            opened_at=now(),
            expires_at=now() + timedelta(hours=8),
            **place,
        )
        await self.service.deliver([opened])
        return opened

    async def scan(
        self, code: str, held: ScanSessionOpened | None = None, subject: str = "tester", **more: Any
    ) -> httpx2.Response:
        """Scan a code in a session, or in one that is opened for it."""
        held = held or await self.session(subject)
        body = {"code": code, "session_id": str(held.session_id)}
        more |= {"subject": subject, "X-Device-Id": held.device_id}
        return await self.send("/receipts/openings", body, "clerk", **more)

    async def draft(self, order_id: str, *lines: tuple[int, str]) -> httpx2.Response:
        """Draft a receipt of these quantities of the order's lines."""
        counted = [{"order_line_no": number, "quantity": quantity} for number, quantity in lines]
        return await self.send("/receipts", {"order_id": order_id, "lines": counted}, "clerk")

    async def step(self, receipt_id: str, step: str, **extra: Any) -> httpx2.Response:
        """Audit, post or cancel a receipt."""
        return await self.send(f"/receipts/{receipt_id}/{step}", None, "clerk", **extra)

    async def posting(self, *lines: tuple[int, str]) -> dict[str, Any]:
        """Return a receipt that was ordered, drafted, audited and posted."""
        order = (await self.order()).json()
        receipt = (await self.draft(order["order_id"], *lines)).json()
        await self.step(receipt["receipt_id"], "audit")
        answer = await self.step(receipt["receipt_id"], "post")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def house() -> dict[str, Any]:
    """Return what the company has decided otherwise than by default."""
    return {}


@pytest.fixture
async def purchasing(
    migrated_database: Callable[[str], Any], house: dict[str, Any]
) -> AsyncIterator[ServiceUnderTest]:
    """Return the service, which knows nothing yet."""
    database = migrated_database("purchasing")
    settings = {"currency": "CNY", "inventory_url": "http://127.0.0.1:9", **house}
    async with running(SERVICE, database.dsn, **settings) as service:
        yield service


@pytest.fixture
async def desk(purchasing: ServiceUnderTest) -> Desk:
    """Return a desk that knows the chain and one supplier without tolerance."""
    await purchasing.deliver(CHAIN)
    desk = Desk(purchasing)
    assert (await desk.supplier()).status_code == 201
    return desk
