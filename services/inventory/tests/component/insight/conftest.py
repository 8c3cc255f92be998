"""A shop in which Ann drafts documents, and Bob audits and posts them."""

from typing import Any

import pytest

UNITS = {"tea": "box", "rice": "kg", "oil": "l"}


class Desk:
    """What Ann and Bob do with documents, each with a device of their own."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop

    async def act(self, path: str, who: str, body: object = None) -> Any:
        """Do something, and return the answer, which must be a good one."""
        headers = self.shop.service.headers(["clerk", "shop_manager"], subject=who)
        headers["X-Device-Id"] = f"device-of-{who}"
        answer = await self.shop.service.api.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def draft(self, kind: str, item: str, quantity: str, **more: Any) -> Any:
        """Draft a document of one line."""
        line = {"item_id": item, "quantity": quantity, "unit": UNITS[item]}
        line |= more.pop("line", {})
        here = {"site_id": "north", "warehouse_id": "main"}
        return await self.act("/documents", "ann", {"kind": kind, **here, **more, "lines": [line]})

    async def step(self, document: Any, name: str, who: str = "bob", body: object = None) -> Any:
        """Take a document a step further."""
        return await self.act(f"/documents/{document['document_id']}/{name}", who, body)

    async def finish(self, document: Any) -> Any:
        """Audit and post a draft."""
        await self.step(document, "audit")
        return await self.step(document, "post")

    async def post(self, kind: str, item: str, quantity: str, **more: Any) -> Any:
        """Post a document of one line."""
        return await self.finish(await self.draft(kind, item, quantity, **more))


@pytest.fixture
async def desk(shop: Any) -> Desk:
    """Return Ann and Bob at work."""
    await shop.register("device-of-ann", "device-of-bob")
    return Desk(shop)
