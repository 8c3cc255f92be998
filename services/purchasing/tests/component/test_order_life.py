"""Orders are approved by whom their amount asks for, and change with their history."""

from typing import Any

import pytest

from contracts.purchasing import PurchaseOrderChanged, PurchaseOrderClosed, PurchaseOrderPlaced

TEA = {"item_id": "tea", "quantity": "100", "unit": "box", "unit_cost": "12.5"}


async def limit(desk: Any, role: str, amount: str | None, currency: str = "CNY") -> Any:
    body = {"role": role, "currency": currency, "amount": amount}
    return await desk.send("/approval-limits", body, "finance")


async def step(
    desk: Any, order: dict[str, Any], name: str, body: Any = None, role: str = "buyer", **extra: Any
) -> Any:
    return await desk.send(f"/orders/{order['order_id']}/{name}", body, role, **extra)


async def change(desk: Any, order: dict[str, Any], *lines: Any, **more: Any) -> Any:
    return await step(desk, order, "change", {"reason": "late", "lines": lines, **more})


async def kinds(desk: Any) -> list[type]:
    return [type(one) for one in await desk.service.events()]


async def test_a_draft_is_no_order_until_it_is_placed(desk: Any) -> None:
    draft = (await desk.order(draft=True)).json()
    assert (draft["status"], draft["placed_at"], draft["version"]) == ("draft", None, 1)
    assert PurchaseOrderPlaced not in await kinds(desk)
    refused = await desk.draft(draft["order_id"], (1, "1"))
    assert (refused.status_code, refused.json()["code"]) == (409, "order_not_placed")
    placed = (await step(desk, draft, "place")).json()
    assert (placed["status"], placed["version"]) == ("placed", 2)
    assert PurchaseOrderPlaced in await kinds(desk)


async def test_beyond_the_callers_limit_an_order_waits_for_another_who_may(desk: Any) -> None:
    await limit(desk, "buyer", "1000")
    await limit(desk, "finance", None)
    small = await desk.order(lines=[{**TEA, "quantity": "80"}])
    assert small.json()["status"] == "placed"
    waiting = (await desk.order(lines=[TEA])).json()
    assert waiting["status"] == "submitted"
    refused = await step(desk, waiting, "approve", subject="bo")
    assert (refused.status_code, refused.json()["code"]) == (422, "over_approval_limit")
    assert refused.json()["deciders"] == "finance"
    early = await step(desk, waiting, "place")
    assert (early.status_code, early.json()["code"]) == (409, "order_step_refused")
    approved = (await step(desk, waiting, "approve", role="finance", subject="fei")).json()
    assert (approved["status"], approved["approved_by"]) == ("approved", "fei")
    assert (await step(desk, waiting, "place")).json()["status"] == "placed"


async def test_nobody_approves_their_own_order(desk: Any) -> None:
    draft = (await desk.order(draft=True)).json()
    await step(desk, draft, "submit")
    refused = await step(desk, draft, "approve", subject=draft["author"])
    assert refused.json()["code"] == "approver_is_author"
    back = await step(desk, draft, "send-back", {"reason": "too dear"}, subject="bo")
    assert back.json()["status"] == "draft"


async def test_another_currency_is_no_way_around_a_limit(desk: Any) -> None:
    await limit(desk, "buyer", "1000")
    waiting = (await desk.order(lines=[{**TEA, "quantity": "1"}], currency="EUR")).json()
    assert waiting["status"] == "submitted"


async def test_a_line_without_a_price_takes_the_one_agreed(desk: Any) -> None:
    """C1."""
    goods = {"item_id": "tea", "unit": "box", "currency": "CNY", "valid_from": "2020-01-01"}
    breaks = [{"unit_cost": "10"}, {"from_quantity": "100", "unit_cost": "9"}]
    agreed = await desk.send("/suppliers/acme/prices", {**goods, "breaks": breaks}, "buyer")
    plain = {name: TEA[name] for name in ("item_id", "quantity", "unit")}
    order = (await desk.order(lines=[plain, TEA, {**TEA, "unit_cost": "9"}])).json()
    told = [(line["unit_cost"], line["price_source"]) for line in order["lines"]]
    assert told == [("9", "list"), ("12.5", "off_list"), ("9", "list")]
    assert {line["list_price_id"] for line in order["lines"]} == {agreed.json()["price_id"]}


async def test_lines_that_do_not_fit_are_all_named(desk: Any) -> None:
    rice = {"item_id": "rice", "quantity": "1", "unit": "kg"}
    refused = (await desk.order(lines=[{**TEA, "unit": "bag"}, TEA, rice])).json()
    assert (refused["code"], refused["line_no"]) == ("unknown_unit", 1)
    assert [(one["code"], one["line_no"]) for one in refused["refused"]] == [("no_price_agreed", 3)]


async def test_a_placed_order_changes_with_its_history(desk: Any) -> None:
    """C1."""
    order = (await desk.order(lines=[TEA])).json()
    wanted = {"line_no": 1, "quantity": "90", "unit_cost": "13"}
    changed = (await change(desk, order, wanted, due_date="2027-02-15")).json()
    assert (changed["version"], changed["due_date"]) == (3, "2027-02-15")
    assert (changed["lines"][0]["base_quantity"], changed["lines"][0]["open"]) == ("90", "90")
    kept = (await desk.read(f"/orders/{order['order_id']}/changes"))["items"]
    told = {(one["field"], one["was"], one["became"], one["reason"]) for one in kept}
    assert told == {
        ("status", "draft", "placed", None),
        ("due_date", "2027-01-31", "2027-02-15", "late"),
        ("quantity", "100", "90", "late"),
        ("unit_cost", "12.5", "13", "late"),
    }
    event = (await desk.service.events())[-1]
    assert isinstance(event, PurchaseOrderChanged)
    assert (event.version, event.lines[0].quantity, event.reason) == (3, 90, "late")


async def test_an_order_seen_too_long_ago_is_not_changed(desk: Any) -> None:
    order = (await desk.order(lines=[TEA])).json()
    tag = {"If-Match": f'"{order["version"]}"'}
    body = {"reason": "less", "lines": [{"line_no": 1, "quantity": "90"}]}
    assert (await step(desk, order, "change", body, **tag)).headers["ETag"] == '"3"'
    refused = await step(desk, order, "change", {**body, "reason": "again"}, **tag)
    assert (refused.status_code, refused.json()["code"]) == (409, "version_conflict")


async def test_less_than_has_come_is_never_left(desk: Any) -> None:
    """C1."""
    order = (await desk.order(lines=[TEA])).json()
    await desk.draft(order["order_id"], (1, "40"))
    refused = await change(desk, order, {"line_no": 1, "quantity": "39"})
    assert (refused.json()["code"], refused.json()["arriving"]) == ("below_received", "40")
    assert (await change(desk, order, {"line_no": 1, "quantity": "40"})).status_code == 200
    for name in ("close", "cancel"):
        early = await step(desk, order, name, {"reason": "enough"})
        assert early.json()["code"] == "order_still_arriving"


async def test_the_rest_of_a_line_is_given_up_and_may_not_come(desk: Any) -> None:
    """C1."""
    order = (await desk.order(lines=[TEA])).json()
    receipt = (await desk.draft(order["order_id"], (1, "40"))).json()
    given_up = (await change(desk, order, {"line_no": 1, "cancel_rest": True})).json()["lines"][0]
    assert (given_up["cancelled"], given_up["open"]) == ("60", "40")
    assert (await desk.draft(order["order_id"], (1, "1"))).json()["code"] == "over_receipt"
    for name in ("audit", "post"):
        await desk.step(receipt["receipt_id"], name)
    assert (await desk.read(f"/orders/{order['order_id']}"))["status"] == "received"


async def test_a_line_comes_in_parts_that_make_the_whole(desk: Any) -> None:
    """C5."""
    parts = [
        {"due_date": "2027-02-01", "quantity": "40"},
        {"due_date": "2027-01-01", "quantity": "60"},
    ]
    order = (await desk.order(lines=[{**TEA, "deliveries": parts}])).json()
    assert order["lines"][0]["deliveries"] == parts[::-1]
    assert await desk.read(f"/orders/{order['order_id']}") == order
    uneven = await change(desk, order, {"line_no": 1, "quantity": "90"})
    assert (uneven.json()["code"], uneven.json()["planned"]) == ("deliveries_uneven", "100")
    parts[0]["quantity"] = "30"
    wanted = {"line_no": 1, "quantity": "90", "deliveries": parts}
    assert (await change(desk, order, wanted)).json()["lines"][0]["deliveries"] == parts[::-1]


@pytest.mark.parametrize(("name", "ended"), [("close", "closed"), ("cancel", "cancelled")])
async def test_an_order_that_ended_takes_nothing_more(desk: Any, name: str, ended: str) -> None:
    order = (await desk.order(lines=[TEA])).json()
    assert (await step(desk, order, name, {"reason": "enough"})).json()["status"] == ended
    event = (await desk.service.events())[-1]
    assert isinstance(event, PurchaseOrderClosed)
    assert (event.cause, event.reason) == (ended, "enough")
    assert (await desk.draft(order["order_id"], (1, "1"))).json()["code"] == "order_not_placed"
    assert (await change(desk, order)).json()["code"] == "order_step_refused"


async def test_a_change_may_not_pass_the_limit_either(desk: Any) -> None:
    await limit(desk, "buyer", "1250")
    order = (await desk.order(lines=[TEA])).json()
    refused = await change(desk, order, {"line_no": 1, "quantity": "101"})
    assert (refused.json()["code"], refused.json()["total"]) == ("over_approval_limit", "1262.5")
    unchanged = await desk.read(f"/orders/{order['order_id']}")
    assert unchanged == order


async def test_the_paper_of_an_order_has_its_code_and_its_lines(desk: Any) -> None:
    """C1."""
    order = (await desk.order()).json()
    headers = desk.service.headers(["clerk"])
    path = f"/orders/{order['order_id']}"
    page = await desk.service.api.get(f"{path}/print", headers=headers)
    assert all(one in page.text for one in (order["number"], "20.5 kg", "6.000001 CNY", "<svg"))
    picture = await desk.service.api.get(f"{path}/label", headers=headers)
    assert picture.headers["content-type"] == "image/svg+xml"
    assert order["number"] in picture.text


async def test_orders_are_found_by_item_and_day(desk: Any) -> None:
    tea = (await desk.order(lines=[TEA])).json()["number"]
    late = (await desk.order(due_date="2027-03-01")).json()["number"]

    async def found(**params: str) -> list[str]:
        return [one["number"] for one in (await desk.read("/orders", **params))["items"]]

    assert await found(item_id="rice") == [late]
    assert await found(due_until="2027-02-28") == [tea]
