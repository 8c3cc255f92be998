"""The inventory service on a real PostgreSQL, and what a day in a shop does with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx2
import pytest

from contracts.envelope import Event
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from contracts.sales import ShipmentPosted, SoldLine
from devstack.testing import FreshDatabase, FreshDatabases
from inventory.main import SERVICE
from servicekit.clock import now
from servicekit.testing import ServiceUnderTest, running

E = TypeVar("E", bound=Event)
Line = tuple[str, str]
"""Item and quantity."""


class Shop:
    """Two sites with their warehouses and three items, and short words for what one does there."""

    def __init__(self, service: ServiceUnderTest, database: FreshDatabase) -> None:
        self.service = service
        self.database = database

    async def post(
        self,
        path: str,
        body: object = None,
        role: str = "service",
        sites: Sequence[str] = ("*",),
        key: str | None = None,
    ) -> httpx2.Response:
        """Send a command, under a fresh key unless one is given."""
        headers = self.service.headers([role], sites, key)
        return await self.service.api.post(path, json=body, headers=headers)

    async def finished(self, path: str, body: object) -> str:
        """Draft, audit and post a document; return its id."""
        draft = await self.post(path, body, "shop_manager")
        assert draft.status_code == 201, draft.text
        document_id: str = draft.json()["document_id"]
        for step in ("audit", "post"):
            answer = await self.post(f"/documents/{document_id}/{step}", role="shop_manager")
            assert answer.status_code == 200, answer.text
        return document_id

    async def get(
        self, path: str, role: str = "service", sites: Sequence[str] = ("*",), **params: Any
    ) -> Any:
        """Return what a query answers."""
        headers = self.service.headers([role], sites)
        answer = await self.service.api.get(path, params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def set_up(self) -> None:
        """Create sites, warehouses and items."""
        for site in ("north", "south"):
            body = {"site_id": site, "name": site, "time_zone": "Asia/Shanghai"}
            assert (await self.post("/sites", body, "master_data")).status_code == 201
            for warehouse in ("main", "back"):
                body = {"warehouse_id": warehouse, "name": warehouse}
                await self.post(f"/sites/{site}/warehouses", body, "master_data")
        items = [
            {"item_id": "tea", "name": "Tea 茶", "base_unit": "box", "scale": 0},
            {"item_id": "rice", "name": "Rice", "base_unit": "kg", "scale": 3},
            {"item_id": "oil", "name": "Oil", "base_unit": "l", "scale": 2, "category": "food"},
        ]
        report = (await self.post("/items/import", {"items": items}, "master_data")).json()
        assert report == {"accepted": 3, "unchanged": 0, "refused": []}

    async def register(self, *devices: str, kind: str = "scanner") -> None:
        """Let both sites know these devices."""
        for site in ("north", "south"):
            for device in devices:
                body = {"device_id": device, "name": device, "kind": kind}
                answer = await self.post(f"/sites/{site}/devices", body, "shop_manager")
                assert answer.status_code == 201, answer.text

    async def receive(self, *lines: Line, site: str = "north", warehouse: str = "main") -> None:
        """Let a receipt of these lines be booked."""
        await self.service.deliver(receipt(*lines, site=site, warehouse=warehouse))

    async def reserve(
        self,
        *lines: Line,
        order_id: UUID | None = None,
        key: str | None = None,
        **more: Any,
    ) -> httpx2.Response:
        """Ask for a reservation; items are in their base units."""
        units = {"tea": "box", "rice": "kg", "oil": "l"}
        body = {
            "site_id": "north",
            "warehouse_id": "main",
            "order_id": str(order_id or uuid4()),
            "lines": [
                {"item_id": item, "quantity": quantity, "unit": units.get(item, "box")}
                for item, quantity in lines
            ],
            **more,
        }
        return await self.post("/reservations", body, key=key)

    async def held(self, *lines: Line, **more: Any) -> Any:
        """Return a reservation that is made."""
        answer = await self.reserve(*lines, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def confirm(self, reservation: Any, key: str | None = None) -> httpx2.Response:
        """Say that a reservation's order was paid."""
        return await self.post(f"/reservations/{reservation['reservation_id']}/confirm", key=key)

    async def release(self, reservation: Any) -> httpx2.Response:
        """Say that a reservation's order was cancelled."""
        path = f"/reservations/{reservation['reservation_id']}/release"
        return await self.post(path, {"reason": "cancelled"})

    async def stock(self, item: str, site: str = "north", warehouse: str = "main") -> Any:
        """Return a balance."""
        page = await self.get("/stock", site_id=site, item_id=item, warehouse_id=warehouse)
        return page["items"][0]

    async def books_agree(self) -> bool:
        """Tell whether ledger, balances, reservations and numbers agree."""
        report = await self.get("/reports/books")
        return set(report["drift"].values()) == {0} and report["differences"] == []

    async def parked(self) -> list[Any]:
        """Return the messages that could not be applied."""
        parked: list[Any] = (await self.get("/ops/parked"))["items"]
        return parked

    async def facts(self, kind: type[E]) -> list[E]:
        """Return the events of a type that the service has made, in order."""
        return [event for event in await self.service.events() if isinstance(event, kind)]

    receipt = staticmethod(lambda *lines, **place: receipt(*lines, **place))
    shipment = staticmethod(lambda reservation, **changes: shipment(reservation, **changes))

    @staticmethod
    async def at_once(*work: Awaitable[httpx2.Response]) -> list[httpx2.Response]:
        """Send requests at the same moment."""
        return list(await asyncio.gather(*work))


def receipt(*lines: Line, site: str = "north", warehouse: str = "main") -> GoodsReceiptPosted:
    """Return the fact that these goods were received."""
    return GoodsReceiptPosted(
        receipt_id=uuid4(),
        number=f"GR-{uuid4().hex[:6]}",
        order_id=uuid4(),
        supplier_id="farm",
        site_id=site,
        warehouse_id=warehouse,
        currency="CNY",
        received_at=now(),
        posted_at=now(),
        lines=tuple(
            PurchaseLine.model_validate(
                {"line_no": number, "item_id": item, "quantity": quantity, "unit_cost": "2.5"}
            )
            for number, (item, quantity) in enumerate(lines, start=1)
        ),
    )


def shipment(reservation: Any, **changes: Any) -> ShipmentPosted:
    """Return the fact that what a reservation holds was shipped."""
    return ShipmentPosted.model_validate(
        {
            "shipment_id": uuid4(),
            "number": f"SH-{uuid4().hex[:6]}",
            "order_id": reservation["order_id"],
            "reservation_id": reservation["reservation_id"],
            "site_id": reservation["site_id"],
            "warehouse_id": reservation["warehouse_id"],
            "currency": "CNY",
            "shipped_at": now(),
            "posted_at": now(),
            "lines": tuple(
                SoldLine.model_validate({**line, "amount": "9.90"}) for line in reservation["lines"]
            ),
            **changes,
        }
    )


@pytest.fixture
def database(migrated_database: FreshDatabases) -> FreshDatabase:
    """Return an empty database for inventory."""
    return migrated_database("inventory")


@pytest.fixture
def open_shop(database: FreshDatabase) -> Callable[[], AbstractAsyncContextManager[Shop]]:
    """Return what opens a shop, for tests that bring a loop of their own."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Shop]:
        async with running(SERVICE, database.dsn) as service:
            yield Shop(service, database)

    return opened


@pytest.fixture
async def shop(
    open_shop: Callable[[], AbstractAsyncContextManager[Shop]],
) -> AsyncIterator[Shop]:
    """Return the service with its catalog filled."""
    async with open_shop() as shop:
        await shop.set_up()
        yield shop
