"""Orders on credit, orders in files, and orders that close by themselves, over HTTP."""

import asyncio
from typing import Any
from uuid import uuid4

Json = dict[str, Any]


async def on_terms(chain: Any, limit: str) -> str:
    """Return a customer that may owe so much and pays within thirty days."""
    customer = str(await chain.make_customer())
    terms = {"credit_limit": limit, "terms_days": 30}
    chain.must(await chain.insist("sales", f"/customers/{customer}/credit-terms", terms))
    return customer


async def reserved(chain: Any, customer: str, site_id: str, goods: Any) -> Json:
    """Return an order whose goods are held."""
    body = chain.order_body(customer, site_id, goods)
    order = chain.must(await chain.insist("sales", "/orders", body))
    found = await chain.settled(order["order_id"])
    assert found["status"] == "reserved"
    return dict(found)


async def account(chain: Any, customer: str) -> tuple[str, str]:
    """Return what a customer owes and has paid in advance."""
    found = chain.must(await chain.get("sales", f"/customers/{customer}/account"))
    return found["owed"], found["balance"]


async def closed(chain: Any, order_id: str) -> Json:
    """Return an order once it has closed by itself."""

    async def look() -> Json | None:
        found: Json = chain.must(await chain.get("sales", f"/orders/{order_id}"))
        return found if found["closed_at"] else None

    return dict(await chain.eventually(look, f"order {order_id} to be closed"))


async def upload(chain: Any, path: str, sheet: str) -> Json:
    """Send a sheet to sales."""
    token = chain.stack.token("keeper", ["master_data", "clerk"], ["*"], 1)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "text/csv",
        "Idempotency-Key": str(uuid4()),
    }
    url = chain.stack.info.service_urls["sales"] + path
    return dict(chain.must(await chain.http.post(url, content=sheet, headers=headers)))


async def test_orders_on_credit_keep_within_the_limit_and_close_once_they_are_paid(
    chain: Any,
) -> None:
    """B2: held for good as if paid; placed, on credit, picked, shipped, signed for, closed."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("20", "3.00")})
    customer = await on_terms(chain, "100")
    goods = {tea: ("2", "40.00")}
    orders = [await reserved(chain, customer, site_id, goods) for _ in range(4)]
    answers = await asyncio.gather(
        *(chain.post("sales", f"/orders/{one['order_id']}/credit") for one in orders)
    )
    assert sorted(one.status_code for one in answers) == [200, 200, 409, 409]
    refused = next(one.json() for one in answers if one.status_code == 409)
    assert (refused["code"], refused["limit"], refused["owed"], refused["over"]) == (
        "credit_limit_exceeded",
        "100.00",
        "80.00",
        "20.00",
    )
    taken = [one.json() for one in answers if one.status_code == 200]
    order_id = taken[0]["order_id"]
    pick = chain.must(await chain.post("sales", f"/orders/{order_id}/picks"))
    shipment = chain.must(await chain.post("sales", f"/picks/{pick['pick_id']}/ship"))
    path = f"/shipments/{shipment['shipment_id']}/deliver"
    chain.must(await chain.post("sales", path, {"signed_by": "Wang"}))
    open_documents = {"site_id": site_id, "waits_for": "settlement"}
    waiting = chain.must(await chain.get("sales", "/reports/open-documents", **open_documents))
    assert [one["id"] for one in waiting["items"]] == [order_id]
    body = {"site_id": site_id, "amount": "50", "orders": [order_id]}
    paid = chain.must(await chain.post("sales", f"/customers/{customer}/payments", body))
    assert [one["amount"] for one in paid["settles"]] == ["40", "10"]
    assert (await closed(chain, order_id))["paid_at"]
    owed = chain.must(await chain.get("sales", "/reports/receivables", customer_id=customer))
    assert [(one["open"], one["paid"]) for one in owed["items"]] == [("30", "10")]
    chain.must(await chain.insist("sales", f"/orders/{taken[1]['order_id']}/cancel"))
    assert (await chain.settled(taken[1]["order_id"]))["status"] == "cancelled"
    assert await account(chain, customer) == ("0", "10")
    await chain.assert_books_agree(site_id)


async def test_what_comes_back_of_an_order_on_credit_is_not_owed_any_more(chain: Any) -> None:
    """B7: to the cent."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "3.00")})
    customer = await on_terms(chain, "100")
    order = await reserved(chain, customer, site_id, {tea: ("3", "10.00")})
    path = f"/orders/{order['order_id']}"
    chain.must(await chain.insist("sales", f"{path}/credit"))
    await chain.settled(order["order_id"])
    shipment = chain.must(await chain.insist("sales", f"{path}/ship"))
    for owed in ("6.67", "3.33", "0"):
        lines = [{"shipment_line_no": 1, "quantity": "1"}]
        body = {"shipment_id": shipment["shipment_id"], "lines": lines}
        made = chain.must(await chain.post("sales", "/returns", body))
        for step in ("audit", "post"):
            chain.must(await chain.post("sales", f"/returns/{made['return_id']}/{step}"))
        assert await account(chain, customer) == (owed, "0")
    await closed(chain, order["order_id"])
    await chain.assert_books_agree(site_id)


async def test_a_balance_is_paid_out_and_no_more_than_it(chain: Any) -> None:
    """B7: what came back after it was paid for is the customer's money."""
    site_id, customer = await chain.make_site(), str(await chain.make_customer())
    path = f"/customers/{customer}"
    payment = {"site_id": site_id, "amount": "50"}

    async def paid() -> bool:
        answer = await chain.post("sales", f"{path}/payments", payment)
        return bool(answer.status_code == 201)

    await chain.eventually(paid, f"sales to know {site_id}")
    body = {**payment, "amount": "30", "means": "bank_transfer", "reference": "T-1"}
    made = [await chain.post("sales", f"{path}/payouts", body) for _ in range(2)]
    assert chain.must(made[0])["account"]["balance"] == "20"
    refused = made[1].json()
    assert (refused["code"], refused["balance"]) == ("balance_exceeded", "20.00")
    assert await account(chain, customer) == ("0", "20")
    (shown,) = chain.must(await chain.get("sales", f"{path}/payments"))["items"]
    assert (shown["amount"], shown["paid_out"]) == ("50", "30")


async def test_orders_and_customers_come_in_files_and_each_line_left_out_says_why(
    chain: Any,
) -> None:
    """H6, B3, B8: each order by itself, the same file again places nothing twice."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("10", "3.00"), rice: ("2", "1.00")})
    customer = f"cus-{uuid4().hex[:8]}"
    header = "customer_id,name,kind,site_id,credit_limit,terms_days"
    rows = f"{customer},Shop,own_shop,{site_id},500,30\nother,Other,own_shop,mars-{chain.tag},,\n"
    report = await upload(chain, "/customers/import-file", f"{header}\n{rows}")
    assert report["accepted"] == 1
    assert [(one["line"], one["code"]) for one in report["refused"]] == [(3, "unknown_site")]
    header = "reference,customer_id,site_id,warehouse_id,item_id,quantity,unit,amount"
    place = f"{customer},{site_id},floor"
    rows = f"A,{place},{tea},2,EA,10\nB,{place},{tea},1,EA,5\nB,{place},{rice},3,EA,9\n"
    sheet = f"{header}\n{rows}C,{place},{tea},1,BOX,5\nA,{place},{rice},1,EA,3\n"
    report = await upload(chain, "/orders/import-file", sheet)
    assert [one["outcome"] for one in report["orders"]] == ["placed", "refused", "refused"]
    refused = {one["line"]: one["code"] for one in report["refused_rows"]}
    assert refused[4] == "insufficient_stock"
    assert set(refused) == {4, 5}
    (short,) = report["orders"][1]["refusal"]["shortages"]
    assert short["item_id"] == rice
    again = await upload(chain, "/orders/import-file", sheet)
    assert [one["outcome"] for one in again["orders"]] == ["unchanged", "refused", "refused"]
    listed = chain.must(
        await chain.get("sales", "/orders", customer_id=customer, status="reserved")
    )
    assert [(one["channel"], one["total"]) for one in listed["items"]] == [("import", "13")]
    await chain.assert_books_agree(site_id)
