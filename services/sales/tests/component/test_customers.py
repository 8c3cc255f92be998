"""Customers are defined by their whole description."""

from typing import Any

from contracts.sales import CustomerDefined


async def test_a_customer_described_again_is_published_only_if_it_changed(shop: Any) -> None:
    for name in ("Wang", "Wang Fang", "Wang Fang"):
        answer = await shop.send("/customers", {"customer_id": "wang", "name": name})
        assert (answer.status_code, answer.json()["name"]) == (201, name)
    events = await shop.service.events()
    assert [event.name for event in events if isinstance(event, CustomerDefined)] == [
        "Wang",
        "Wang Fang",
    ]
    assert (await shop.read("/customers/wang"))["name"] == "Wang Fang"


async def test_customers_are_listed_in_pages(shop: Any) -> None:
    for name in ("adam", "zoe"):
        await shop.send("/customers", {"customer_id": name, "name": name})
    page = await shop.read("/customers", limit=2)
    rest = await shop.read("/customers", limit=2, cursor=page["next_cursor"])
    listed = [one["customer_id"] for one in page["items"] + rest["items"]]
    assert listed == ["adam", "wang", "zoe"]


async def test_an_unknown_customer_is_not_found(shop: Any) -> None:
    assert (await shop.read("/customers/nobody"))["code"] == "unknown_customer"


async def test_finance_defines_no_customers(shop: Any) -> None:
    answer = await shop.send("/customers", {"customer_id": "a", "name": "A"}, "finance")
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
