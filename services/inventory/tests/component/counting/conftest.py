"""What people do when they count."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from servicekit.clock import now

PEOPLE = {
    "ann": ["clerk"],
    "bob": ["clerk"],
    "mia": ["clerk", "shop_manager"],
    "max": ["shop_manager"],
    "fay": ["finance"],
}
UNITS = {"tea": "box", "rice": "kg", "oil": "l"}


class Floor:
    """People who count, audit and approve in site north."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop

    async def send(self, who: str, path: str, body: object = None, **headers: str) -> Any:
        """Send a command as one of the people."""
        sent = self.shop.service.headers(PEOPLE[who], subject=who)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.shop.service.api.post(path, json=body, headers={**sent, **named})

    async def look(self, who: str, path: str, **params: Any) -> httpx2.Response:
        """Read something as one of the people."""
        headers = self.shop.service.headers(PEOPLE[who], subject=who)
        # Even empty parameters would take the place of those in the address.
        answer: httpx2.Response = await self.shop.service.api.get(
            path, params=params or None, headers=headers
        )
        assert answer.status_code == 200, answer.text
        return answer

    async def open(self, **wanted: Any) -> Any:
        """Return an open sheet, of warehouse main if nothing else is said."""
        answer = await self.ask(**wanted)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def ask(self, **wanted: Any) -> Any:
        """Ask for a sheet."""
        body = {"site_id": "north", "warehouse_id": "main", **wanted}
        return await self.send("max", "/count-sheets", body)

    async def count(self, sheet: Any, who: str, item: str, *given: str, **more: Any) -> Any:
        """Return what became of one count."""
        answer = await self.upload(sheet, who, said(item, *given, **more))
        assert answer.status_code == 200, answer.text
        (became,) = answer.json()
        return became

    async def upload(self, sheet: Any, who: str, *counts: Any) -> Any:
        """Send counts."""
        return await self.send(who, path(sheet, "counts"), {"counts": list(counts)})

    async def step(self, sheet: Any, step: str, who: str = "max", **body: Any) -> Any:
        """Take a sheet a step further."""
        answer = await self.send(who, path(sheet, step), body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, sheet: Any, step: str, who: str = "max", **body: Any) -> Any:
        """Return why a step is refused."""
        answer = await self.send(who, path(sheet, step), body)
        assert answer.status_code in (403, 404, 409, 422), answer.text
        return answer.json()

    async def lines(self, sheet: Any, who: str = "max", **params: Any) -> Any:
        """Return the lines of a sheet as somebody sees them."""
        return (await self.look(who, path(sheet, "lines"), **params)).json()["items"]

    async def line(self, sheet: Any, item: str, who: str = "max") -> Any:
        """Return the only line of an item."""
        (line,) = [one for one in await self.lines(sheet, who) if one["item_id"] == item]
        return line

    async def settle(self, sheet: Any) -> Any:
        """Audit a sheet and approve it."""
        await self.step(sheet, "audit")
        return await self.step(sheet, "approve", "fay")

    async def item(self, item_id: str, **more: Any) -> None:
        """Create an item."""
        body = {"item_id": item_id, "name": item_id, "base_unit": "box", "scale": 0, **more}
        answer = await self.shop.post("/items/import", {"items": [body]}, "master_data")
        assert answer.json()["accepted"] == 1, answer.text

    ago = staticmethod(lambda seconds: ago(seconds))
    said = staticmethod(lambda *given, **more: said(*given, **more))


def path(sheet: Any, step: str) -> str:
    """Return where a step of a sheet is asked for."""
    return f"/count-sheets/{sheet['sheet_id']}/{step}"


def said(item: str, quantity: str | None = None, **more: Any) -> Any:
    """Return a count, made now under a fresh id unless something else is said."""
    at = more.pop("at", None) or now()
    told = {"count_id": str(uuid4()), "item_id": item, "counted_at": at.isoformat(), **more}
    if quantity is not None:
        told = {"quantity": quantity, "unit": UNITS.get(item, "box"), **told}
    return told


def ago(seconds: float) -> datetime:
    """Return the moment so many seconds ago."""
    return now() - timedelta(seconds=seconds)


@pytest.fixture
def floor(shop: Any) -> Floor:
    """Return people who count."""
    return Floor(shop)
