"""Who owes goods for too long gets no new orders, and gets them again by itself."""

from datetime import timedelta
from typing import Any

from servicekit.clock import now

UTC_TO_SHOP = timedelta(hours=8)
WARNINGS = "purchasing.warning.v1"
ROLES = ("buyer", "clerk", "shop_manager", "finance")
"""Who ordered, the warehouse and its head, and who pays."""


async def order(chain: Any, supplier_id: str, site_id: str, item_id: str, days: int) -> Any:
    """Order three of an item, due so many days from today at the site."""
    due = (now() + UTC_TO_SHOP).date() + timedelta(days=days)
    line = {"item_id": item_id, "quantity": "3", "unit": "EA", "unit_cost": "2"}
    return await chain.post(
        "purchasing",
        "/orders",
        {
            "supplier_id": supplier_id,
            "site_id": site_id,
            "warehouse_id": "floor",
            "currency": "USD",
            "due_date": str(due),
            "lines": [line],
        },
    )


async def receive(chain: Any, order_id: str, quantity: str) -> None:
    """Receive and post some of an order's only line."""
    body = {"order_id": order_id, "lines": [{"order_line_no": 1, "quantity": quantity}]}
    receipt = chain.must(await chain.post("purchasing", "/receipts", body))
    for step in ("audit", "post"):
        chain.must(await chain.post("purchasing", f"/receipts/{receipt['receipt_id']}/{step}"))


async def warned_of(chain: Any, role: str, site_id: str, state: str) -> set[str]:
    """Return of which lines somebody with one role at the site sees a warning."""
    token = chain.stack.token(f"{role}-{site_id}", [role], [site_id], 1)
    answer = await chain.http.get(
        chain.stack.info.service_urls["purchasing"] + "/warnings",
        params={"state": state, "cause": "order_overdue"},
        headers={"Authorization": f"Bearer {token}"},
    )
    return {one["document_number"] for one in chain.must(answer)["items"]}


async def assert_warned(chain: Any, site_id: str, **lines: set[str]) -> None:
    """Assert of which lines all who must know see an open or a cleared warning."""
    for role in ROLES:
        for state, expected in lines.items():
            assert await warned_of(chain, role, site_id, state) == expected, (role, state)


async def test_a_line_that_is_overdue_warns_and_suspends_until_it_is_closed(chain: Any) -> None:
    """C5: the refusal names the lines; goods or giving them up lift it by themselves."""
    site_id, (item_id,) = await chain.make_site(), await chain.make_items(1)
    supplier_id = await chain.make_supplier()
    late = chain.must(await order(chain, supplier_id, site_id, item_id, -3))
    given_up = chain.must(await order(chain, supplier_id, site_id, item_id, -9))
    names = {f"{late['number']}/1", f"{given_up['number']}/1"}

    async def suspension(*expected: str) -> Any:
        page = chain.must(await chain.get("purchasing", f"/suppliers/{supplier_id}/suspension"))
        return page if set(page["lines"]) == set(expected) else None

    page = await chain.eventually(lambda: suspension(*names), "the supplier to be suspended")
    assert (page["suspended"], page["since"] is not None) == (True, True)
    await assert_warned(chain, site_id, open=names, cleared=set())
    refused = await order(chain, supplier_id, site_id, item_id, 3)
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_suspended")
    assert all(name in refused.json()["detail"] for name in names)
    listed = chain.must(await chain.get("purchasing", "/overdue-lines", site_id=site_id))["items"]
    assert {(one["number"], one["open"]) for one in listed} == {
        (late["number"], "3"),
        (given_up["number"], "3"),
    }

    await receive(chain, late["order_id"], "2")
    assert await suspension(*names), "a part of the goods is not all of them"
    await receive(chain, late["order_id"], "1")
    assert await suspension(f"{given_up['number']}/1")
    place = f"/orders/{given_up['order_id']}/cancel"
    chain.must(await chain.post("purchasing", place, {"reason": "season is over"}))
    assert await suspension()
    await assert_warned(chain, site_id, open=set(), cleared=names)
    chain.must(await order(chain, supplier_id, site_id, item_id, 3))

    told = [await events(chain, one["warning_id"]) for one in listed]
    for raised, cleared in told:
        kinds = ["warning_raised", "warning_cleared"]
        assert [one["type"].split(".")[2] for one in (raised, cleared)] == kinds
        assert (raised["payload"]["roles"], raised["payload"]["site_id"]) == (list(ROLES), site_id)


async def events(chain: Any, warning_id: str) -> Any:
    """Return what was told of a warning."""
    answer = await chain.get("purchasing", "/events", topic=WARNINGS, key=warning_id)
    return chain.must(answer)["items"]
