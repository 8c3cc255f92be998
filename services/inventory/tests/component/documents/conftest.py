"""What people do with documents."""

from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

PEOPLE = {
    "clerk": ["clerk"],
    "wang": ["clerk", "shop_manager"],
    "manager": ["shop_manager"],
    "finance": ["finance"],
}
HERE = {"site_id": "north", "warehouse_id": "main"}


class Desk:
    """What people do with documents."""

    here = HERE
    line = staticmethod(lambda *given: line(*given))

    def __init__(self, shop: Any) -> None:
        self.shop = shop

    async def send(
        self,
        path: str,
        body: object = None,
        who: str = "manager",
        sites: Sequence[str] = ("*",),
        **headers: str,
    ) -> httpx2.Response:
        """Send a command as one of the people."""
        sent = self.shop.service.headers(PEOPLE[who], sites, subject=who)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: httpx2.Response = await self.shop.service.api.post(
            path, json=body, headers={**sent, **named}
        )
        return answer

    async def draft(self, kind: str, *lines: Any, who: str = "clerk", **more: Any) -> Any:
        """Return a draft; lines are item, quantity and what else there is to say."""
        answer = await self.ask(kind, *lines, who=who, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def ask(self, kind: str, *lines: Any, who: str = "clerk", **more: Any) -> httpx2.Response:
        """Ask for a draft."""
        body = {
            "kind": kind,
            **HERE,
            **more,
            "lines": [line(*one) for one in lines],
        }
        body = {name: value for name, value in body.items() if value is not None}
        return await self.send("/documents", body, who, X_Device_Id="PDA-7")

    async def step(self, document: Any, step: str, who: str = "manager", **more: Any) -> Any:
        """Take a document a step further."""
        path = f"/documents/{document['document_id']}/{step}"
        answer = await self.send(path, more or None, who)
        assert answer.is_success, answer.text
        return answer.json()

    async def refused(self, document: Any, step: str, who: str = "manager", **more: Any) -> Any:
        """Return why a step is refused."""
        path = f"/documents/{document['document_id']}/{step}"
        answer = await self.send(path, more or None, who)
        assert answer.status_code in (403, 409, 422), answer.text
        return answer.json()

    async def post(self, kind: str, *lines: Any, **more: Any) -> Any:
        """Return a document that went all the way into the books."""
        document = await self.draft(kind, *lines, **more)
        if kind == "adjustment":
            await self.step(document, "approve", "finance")
        await self.step(document, "audit")
        return await self.step(document, "post")

    async def figures(self, item: str, **where: str) -> tuple[str, ...]:
        """Return on hand, available, in inspection and frozen."""
        stock = await self.shop.stock(item, **where)
        return tuple(stock[name] for name in ("on_hand", "available", "in_inspection", "frozen"))


def line(item: str, quantity: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a line as it is sent."""
    unit = {"tea": "box", "rice": "kg", "oil": "l"}.get(item, "box")
    return {"item_id": item, "quantity": quantity, "unit": unit, **(more or {})}


@pytest.fixture
async def desk(shop: Any) -> Desk:
    """Return the shop's desk, with the device that drafts come from."""
    await shop.register("PDA-7")
    return Desk(shop)
