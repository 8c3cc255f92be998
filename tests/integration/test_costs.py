"""Costs can be rebuilt from events beside the running service, and compared."""

import asyncio
from typing import Any


async def test_a_rebuild_beside_live_sales_finds_the_same_costs(chain: Any) -> None:
    """E2, E7: the rebuild reads the owner's archive while new sales are costed."""
    site_id, items = await chain.make_site(), await chain.make_items(3)
    customer = await chain.make_customer()
    await chain.stock_up(site_id, dict.fromkeys(items, ("50", "1.2345")))

    async def selling() -> None:
        for number in range(10):
            goods = dict.fromkeys(items, ("1", "2.00"))
            body = chain.order_body(customer, site_id, goods)
            assert await chain.sell(body, f"{chain.tag}-{number}") == "shipped"

    async def rebuild() -> dict[str, Any]:
        asked = chain.must(await chain.post("costing", "/rebuilds"))

        async def done() -> dict[str, Any] | None:
            answer = chain.must(await chain.get("costing", f"/rebuilds/{asked['rebuild_id']}"))
            return answer if answer["status"] == "done" else None

        return dict(await chain.eventually(done, "the rebuild to end"))

    _, report = await asyncio.gather(selling(), rebuild())
    assert report["differences"] == []
    assert report["entries"] >= 3
    await chain.assert_books_agree(site_id)


async def test_the_latency_from_posting_to_costing_can_be_read(chain: Any) -> None:
    """E7: freshness of the books as figures."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("1", "1")})
    await chain.drain()
    latency = chain.must(await chain.get("costing", "/reports/latency"))
    assert latency["count"] >= 1
    assert 0 <= float(latency["p50_ms"]) <= float(latency["p99_ms"])
