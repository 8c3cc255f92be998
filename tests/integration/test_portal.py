"""Suppliers look at what was received from them, say yes or no to it, and are waited for."""

from typing import Any
from uuid import uuid4


class Portal:
    """What one person of a supplier can do."""

    def __init__(self, chain: Any, subject: str) -> None:
        self._chain = chain
        self._base = chain.stack.info.service_urls["purchasing"]
        self._token = chain.stack.token(subject, ["supplier"], [], 1)

    async def get(self, path: str) -> Any:
        return await self._chain.http.get(self._base + path, headers=self._headers())

    async def answer(self, receipt_id: str, *lines: Any) -> Any:
        path = f"{self._base}/portal/receipts/{receipt_id}/answer"
        body = {"lines": list(lines)}
        return await self._chain.http.post(path, json=body, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Idempotency-Key": str(uuid4())}


async def supplier(chain: Any) -> tuple[str, Portal]:
    """Return a supplier and the person who acts for it."""
    supplier_id, subject = await chain.make_supplier(), f"li-{uuid4().hex[:8]}"
    path = f"/suppliers/{supplier_id}/users"
    chain.must(await chain.post("purchasing", path, {"subject": subject}))
    return supplier_id, Portal(chain, subject)


async def received(chain: Any, supplier_id: str, site_id: str, *items: str) -> Any:
    """Return a receipt of five of each item at 2.50, posted."""
    lines = [
        {"item_id": item_id, "quantity": "5", "unit": "EA", "unit_cost": "2.5"} for item_id in items
    ]
    order = chain.must(
        await chain.post(
            "purchasing",
            "/orders",
            {
                "supplier_id": supplier_id,
                "site_id": site_id,
                "warehouse_id": "floor",
                "currency": "USD",
                "due_date": "2099-01-01",
                "lines": lines,
            },
        )
    )
    counted = [{"order_line_no": line["line_no"], "quantity": "5"} for line in order["lines"]]
    body = {"order_id": order["order_id"], "lines": counted}
    receipt = chain.must(await chain.post("purchasing", "/receipts", body))
    for step in ("audit", "post"):
        chain.must(await chain.post("purchasing", f"/receipts/{receipt['receipt_id']}/{step}"))
    return receipt


async def figure(chain: Any, name: str, **asked: str) -> Any:
    """Return one line of the figures."""
    page = chain.must(await chain.get("purchasing", "/clocks/figures", limit=1000, **asked))
    return next((one for one in page["items"] if one["name"] == name), None)


async def test_a_supplier_sees_its_own_disputes_and_confirms_and_is_owed_then(chain: Any) -> None:
    """C2: a dispute holds the accrual; nothing of it is there for another supplier."""
    site_id, items = await chain.make_site(), await chain.make_items(2)
    (mine, lin), (_, bo) = await supplier(chain), await supplier(chain)
    receipt = await received(chain, mine, site_id, *items)
    receipt_id = receipt["receipt_id"]
    ordered = chain.must(await lin.get("/portal/orders"))["items"]
    assert [one["order_id"] for one in ordered] == [receipt["order_id"]]
    assert chain.must(await bo.get("/portal/orders"))["items"] == []
    seen = chain.must(await lin.get("/portal/receipts"))["items"]
    assert [one["receipt_id"] for one in seen] == [receipt_id]
    assert chain.must(await bo.get("/portal/receipts"))["items"] == []
    assert (await bo.get(f"/portal/receipts/{receipt_id}")).status_code == 404
    assert (await bo.answer(receipt_id, {"line_no": 1, "verdict": "confirmed"})).status_code == 404

    chain.must(
        await lin.answer(
            receipt_id,
            {"line_no": 1, "verdict": "confirmed"},
            {"line_no": 2, "verdict": "disputed", "reason": "quantity", "claimed": "6"},
        )
    )
    assert chain.must(await lin.get("/portal/accruals"))["items"] == []
    chain.must(await lin.answer(receipt_id, {"line_no": 2, "verdict": "confirmed"}))
    (accrual,) = chain.must(await lin.get("/portal/accruals"))["items"]
    assert (accrual["receipt_number"], accrual["net"]) == (receipt["number"], "25")
    assert chain.must(await bo.get("/portal/accruals"))["items"] == []


async def test_the_clocks_tell_how_long_receipts_waited(chain: Any) -> None:
    """C6: until they were posted, and until their supplier had confirmed, with target and share."""
    site_id, (item_id,) = await chain.make_site(), await chain.make_items(1)
    supplier_id, lin = await supplier(chain)
    receipt = await received(chain, supplier_id, site_id, item_id)
    posting = await figure(chain, site_id, kind="posting", by="site")
    assert (posting["stopped"], posting["late"]) == (1, 0)
    assert posting["share_within_target"] == "1.0000"
    assert 0 < float(posting["median_seconds"]) <= 600
    waiting = await figure(chain, supplier_id, kind="confirmation", by="supplier")
    assert (waiting["running"], waiting["stopped"]) == (1, 0)
    running = chain.must(
        await chain.get("purchasing", "/clocks", kind="confirmation", site_id=site_id)
    )
    assert [(one["number"], one["late"]) for one in running["items"]] == [
        (receipt["number"], False)
    ]
    word = {"line_no": 1, "verdict": "confirmed"}
    chain.must(await lin.answer(receipt["receipt_id"], word))
    done = await figure(chain, supplier_id, kind="confirmation", by="supplier")
    assert (done["running"], done["stopped"], done["late"]) == (0, 1, 0)
    assert float(done["p95_seconds"]) == float(done["median_seconds"]) > 0
