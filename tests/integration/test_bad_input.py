"""What can't be done is refused with a stable code that says what to do, on every service alike."""

from typing import Any
from uuid import uuid4

import pytest


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item_id": "no-such-item"}, "unknown_item"),
        ({"unit": "BOX"}, "unknown_unit"),
        ({"quantity": "0.5"}, "quantity_too_precise"),
        ({"quantity": "0"}, "invalid_request"),
        ({"quantity": "-1"}, "invalid_request"),
        ({"quantity": "NaN"}, "invalid_request"),
        ({"quantity": "1000000000000"}, "invalid_request"),
        ({"quantity": "0.1234567"}, "invalid_request"),
        ({"quantity": 1}, "invalid_request"),
        ({"surprise": "1"}, "invalid_request"),
    ],
    ids=lambda value: str(value),
)
async def test_a_wrong_line_is_refused_by_every_service_that_takes_lines(
    chain: Any, change: dict[str, Any], code: str
) -> None:
    """B6, B8: unknown item, unit, too precise, zero, negative, huge: the same code everywhere."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    line = {"item_id": item, "unit": "EA", "quantity": "1"}
    place = {"site_id": site_id, "warehouse_id": "floor"}
    money = {
        "currency": "USD",
        "due_date": "2030-01-01",
        "supplier_id": await chain.make_supplier(),
    }
    answers = [
        await chain.post(
            "inventory",
            "/reservations",
            {**place, "order_id": str(uuid4()), "lines": [{**line, **change}]},
        ),
        await chain.post(
            "sales",
            "/orders",
            {
                **place,
                "currency": "USD",
                "customer_id": await chain.make_customer(),
                "lines": [{**line, "amount": "1.00", **change}],
            },
        ),
        await chain.post(
            "purchasing",
            "/orders",
            {**place, **money, "lines": [{**line, "unit_cost": "1", **change}]},
        ),
    ]
    assert [answer.json().get("code") for answer in answers] == [code] * 3
    assert all(400 <= answer.status_code < 500 for answer in answers)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"site_id": "no-such-site"}, "unknown_site"),
        ({"warehouse_id": "no-such-warehouse"}, "unknown_warehouse"),
        ({"customer_id": "nobody"}, "unknown_customer"),
        ({"lines": []}, "invalid_request"),
        ({"currency": "usd"}, "invalid_request"),
    ],
    ids=lambda value: str(value),
)
async def test_a_wrong_order_head_is_refused(chain: Any, change: dict[str, Any], code: str) -> None:
    """B8: the refusal names what is not known."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    body = chain.order_body(await chain.make_customer(), site_id, {item: ("1", "1.00")})
    answer = await chain.post("sales", "/orders", {**body, **change})
    assert answer.json()["code"] == code, answer.text


async def test_a_clerk_of_one_site_sees_and_moves_nothing_of_another(chain: Any) -> None:
    """B8's edge: roles × sites decide."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("1", "1")})
    stranger = chain.stack.token("stranger", ["clerk", "shop_manager", "finance"], ["elsewhere"], 1)
    headers = {"Authorization": f"Bearer {stranger}", "Idempotency-Key": str(uuid4())}
    url = chain.stack.info.service_urls
    body = chain.order_body(await chain.make_customer(), site_id, {item: ("1", "1.00")})
    sold = await chain.http.post(f"{url['sales']}/orders", json=body, headers=headers)
    seen = await chain.http.get(
        f"{url['inventory']}/stock", params={"site_id": site_id}, headers=headers
    )
    cost = await chain.http.get(f"{url['costing']}/costs/{site_id}/{item}", headers=headers)
    assert {answer.json()["code"] for answer in (sold, seen, cost)} == {"site_forbidden"}
