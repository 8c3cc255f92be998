"""Suppliers say what they think of a receipt, and what is confirmed is owed for."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.purchasing import AccrualRaised, ReceiptConfirmed, ReceiptDisputed
from papers.labels import label
from purchasing.main import SERVICE
from purchasing.reference.domain import note_code
from purchasing.settlement.routes import accruals

LIN, BO = "lin@acme", "bo@best"
STAFF = ("master_data", "clerk", "shop_manager", "buyer", "finance", "operator", "service")


async def known(desk: Any) -> None:
    await desk.supplier(supplier_id="best")
    for supplier_id, subject in (("acme", LIN), ("best", BO)):
        await desk.send(f"/suppliers/{supplier_id}/users", {"subject": subject}, "buyer")


async def look(desk: Any, path: str, subject: str = LIN, **params: Any) -> Any:
    headers = desk.service.headers(["supplier"], subject=subject)
    return await desk.service.api.get(path, params=params, headers=headers)


async def say(desk: Any, receipt: Any, *lines: Any, subject: str = LIN) -> Any:
    path = f"/portal/receipts/{receipt['receipt_id']}/answer"
    return await desk.send(path, {"lines": list(lines)}, "supplier", subject=subject)


def confirmed(line_no: int) -> dict[str, Any]:
    return {"line_no": line_no, "verdict": "confirmed"}


def disputed(line_no: int, **more: Any) -> dict[str, Any]:
    return {"line_no": line_no, "verdict": "disputed", **more}


async def told(desk: Any, kind: type) -> list[Any]:
    return [one for one in await desk.service.events() if isinstance(one, kind)]


async def test_a_receipt_is_owed_for_once_every_line_is_confirmed(desk: Any) -> None:
    """C2."""
    await known(desk)
    receipt = await desk.posting((1, "10"), (2, "3.5"))
    first = (await say(desk, receipt, confirmed(1))).json()
    assert (first["status"], first["confirmed_at"]) == ("open", None)
    assert await told(desk, AccrualRaised) == []
    last = (await say(desk, receipt, confirmed(2))).json()
    assert (last["status"], last["confirmed_by"]) == ("confirmed", LIN)
    assert last["confirmed_at"]
    (raised,) = await told(desk, AccrualRaised)
    assert (raised.net, raised.tax) == (Decimal("146.00"), Decimal("18.98"))
    assert (raised.receipt_number, raised.supplier_id) == (receipt["number"], "acme")
    (event,) = await told(desk, ReceiptConfirmed)
    assert event.confirmed_by == LIN
    again = await say(desk, receipt, disputed(1))
    assert (again.status_code, again.json()["code"]) == (409, "receipt_already_settled")
    (seen,) = (await look(desk, "/portal/accruals")).json()["items"]
    assert (seen["number"], seen["status"]) == (raised.number, "open")


async def test_a_dispute_holds_the_accrual_until_the_buyer_resolves_it(desk: Any) -> None:
    """C2."""
    await known(desk)
    receipt = await desk.posting((1, "10"), (2, "3"))
    words = disputed(1, reason="quantity", claimed="12", note="two more boxes")
    answer = (await say(desk, receipt, words, confirmed(2))).json()
    assert answer["status"] == "disputed"
    (event,) = await told(desk, ReceiptDisputed)
    assert (event.lines[0].recorded, event.lines[0].claimed) == (10, 12)
    held = await desk.send("/accruals", {"receipt_id": receipt["receipt_id"]}, "finance")
    assert (held.status_code, held.json()["code"]) == (409, "dispute_open")
    path = f"/receipts/{receipt['receipt_id']}/resolve"
    calm = {"lines": [{"line_no": 2, "verdict": "upheld", "note": "?"}]}
    assert (await desk.send(path, calm, "buyer")).json()["code"] == "lines_not_disputed"
    decided = {"lines": [{"line_no": 1, "verdict": "accepted", "note": "found behind the gate"}]}
    resolved = (await desk.send(path, decided, "buyer")).json()
    assert resolved["status"] == "confirmed"
    step = resolved["history"][-1]
    assert (step["correction"], step["correction_quantity"]) == ("receive_rest", "2")
    (raised,) = await told(desk, AccrualRaised)
    assert raised.net == Decimal("143.00")
    history = (await look(desk, f"/portal/receipts/{receipt['receipt_id']}")).json()["history"]
    assert [(one["by"], one["verdict"]) for one in history] == [
        (LIN, "disputed"),
        (LIN, "confirmed"),
        (step["by"], "accepted"),
    ]


async def test_a_supplier_takes_a_dispute_back(desk: Any) -> None:
    """C2."""
    await known(desk)
    receipt = await desk.posting((1, "10"))
    await say(desk, receipt, disputed(1, reason="price"))
    assert (await say(desk, receipt, confirmed(1))).json()["status"] == "confirmed"


async def test_finance_accrues_what_nobody_confirmed_and_never_twice(desk: Any) -> None:
    """C2."""
    await known(desk)
    receipt = await desk.posting((1, "10"))
    (missing,) = (await desk.read("/accruals/missing"))["items"]
    assert missing["number"] == receipt["number"]
    body = {"receipt_id": receipt["receipt_id"]}
    accrual = (await desk.send("/accruals", body, "finance")).json()
    assert (accrual["cause"], accrual["open_net"]) == ("period_end", "125")
    twice = await desk.send("/accruals", body, "finance")
    assert (twice.status_code, twice.json()["accrual"]) == (409, accrual["number"])
    assert (await say(desk, receipt, confirmed(1))).json()["status"] == "confirmed"
    assert len(await told(desk, AccrualRaised)) == 1
    assert (await desk.read("/accruals/missing"))["items"] == []
    read = await desk.read(f"/accruals/{accrual['accrual_id']}")
    assert read["lines"][0]["tax_percent"] == "13"


async def test_a_supplier_has_a_rate_of_its_own_if_the_law_knows_it(desk: Any) -> None:
    path = "/suppliers/acme/vat-rate"
    refused = await desk.send(path, {"percent": "17"}, "finance")
    assert refused.json()["code"] == "unknown_vat_rate"
    assert (await desk.send(path, {"percent": "9"}, "finance")).status_code == 200
    receipt = await desk.posting((1, "10"))
    accrual = await desk.send("/accruals", {"receipt_id": receipt["receipt_id"]}, "finance")
    assert accrual.json()["tax"] == "11.25"
    listed = await desk.read("/vat-rates")
    assert [one["percent"] for one in listed if one["general"]] == ["13"]


async def test_accruals_are_exported_with_what_is_open(desk: Any) -> None:
    receipt = await desk.posting((1, "10"))
    await desk.send("/accruals", {"receipt_id": receipt["receipt_id"]}, "finance")
    headers = desk.service.headers(["finance"])
    answer = await desk.service.api.get("/accruals/export", headers=headers)
    head, line = answer.content.decode("utf-8-sig").splitlines()
    assert head.startswith("日期,期间,凭证号")
    assert receipt["number"] in line
    assert ",125,16.25," in line


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([confirmed(9)], "unknown_receipt_lines"),
        ([confirmed(1), confirmed(1)], "lines_named_twice"),
        ([disputed(1, reason="quantity")], "dispute_unexplained"),
    ],
)
async def test_what_can_not_be_said_is_refused(desk: Any, lines: Any, code: str) -> None:
    await known(desk)
    receipt = await desk.posting((1, "10"))
    assert (await say(desk, receipt, *lines)).json()["code"] == code


async def test_of_a_draft_the_supplier_sees_nothing_and_nothing_is_owed(desk: Any) -> None:
    await known(desk)
    order = (await desk.order()).json()
    draft = (await desk.draft(order["order_id"], (1, "1"))).json()
    assert (await say(desk, draft, confirmed(1))).status_code == 404
    assert (await look(desk, "/portal/receipts")).json()["items"] == []
    refused = await desk.send("/accruals", {"receipt_id": draft["receipt_id"]}, "finance")
    assert refused.json()["code"] == "receipt_not_posted"


def routes() -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for router in SERVICE.routers
        for route in router.routes
        for method in route.methods
    ]


def portal_routes() -> list[tuple[str, str]]:
    return [one for one in routes() if one[1].startswith("/portal")]


def test_there_is_a_portal() -> None:
    assert len(portal_routes()) >= 7


@pytest.mark.parametrize(("method", "path"), portal_routes())
async def test_to_one_supplier_what_another_has_does_not_exist(
    desk: Any, method: str, path: str
) -> None:
    """C2: whatever is added to the portal is asked for here, with ids of every kind."""
    await known(desk)
    receipt = await desk.posting((1, "10"))
    await say(desk, receipt, confirmed(1))
    (accrual,) = (await look(desk, "/portal/accruals")).json()["items"]
    theirs = {**receipt, **accrual}
    headers = desk.service.headers(["supplier"], subject=BO)
    filters = {name: theirs[name] for name in ("receipt_id", "order_id", "number")}
    filled, unknown = path, path
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        filled = filled.replace(f"{{{name}}}", str(theirs.get(name) or receipt["receipt_id"]))
        unknown = unknown.replace(f"{{{name}}}", str(uuid4()))
    body = {"lines": [confirmed(1)]} if method == "POST" else None
    got = await desk.service.api.request(method, filled, params=filters, json=body, headers=headers)
    if got.headers["Content-Type"].startswith("image/svg+xml"):
        # A label bears what was asked for, under the name of who asks.
        number = theirs["number"]
        assert got.text == label(note_code("best", number), number)
        return
    if filled == path:
        # What names nothing shows nothing: a list is empty, and what is sent in shows no list.
        assert got.json().get("items", []) == []
        assert (method == "POST") or got.status_code == 200
        return
    other = desk.service.headers(["supplier"], subject=BO)
    none = await desk.service.api.request(method, unknown, json=body, headers=other)
    assert (got.status_code, got.json()["code"]) == (404, none.json()["code"])
    assert set(got.json()) == set(none.json())


@pytest.mark.parametrize(("method", "path"), routes())
async def test_suppliers_stay_in_the_portal_and_staff_outside_of_it(
    desk: Any, method: str, path: str
) -> None:
    """C2: found from the router, not listed by hand."""
    await known(desk)
    place = path.replace("{", "").replace("}", "")
    is_portal = path.startswith("/portal")
    roles = STAFF if is_portal else ("supplier",)
    for attempt in (place, _with_ids(path)):
        headers = desk.service.headers(roles, subject=LIN)
        got = await desk.service.api.request(method, attempt, json={}, headers=headers)
        assert got.status_code in (403, 422), (attempt, got.text)
    assert got.json()["code"] in ("role_missing", "invalid_request"), got.text


def _with_ids(path: str) -> str:
    parts = [str(uuid4()) if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


async def test_the_role_alone_shows_nothing(desk: Any) -> None:
    """C2."""
    answer = await look(desk, "/portal/orders", subject="stranger")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_portal_user")


async def test_a_supplier_sees_its_orders_with_what_is_open(desk: Any) -> None:
    """C2."""
    await known(desk)
    receipt = await desk.posting((1, "10"))
    (order,) = (await look(desk, "/portal/orders")).json()["items"]
    assert order["order_id"] == receipt["order_id"]
    read = (await look(desk, f"/portal/orders/{order['order_id']}")).json()
    assert [line["open"] for line in read["lines"]] == ["90", "20.5"]


async def test_a_supplier_sees_when_goods_are_due_line_by_line(desk: Any) -> None:
    """C2."""
    await known(desk)
    parts = [{"due_date": f"2027-0{month}-01", "quantity": "50"} for month in (3, 4)]
    tea = {"item_id": "tea", "quantity": "100", "unit": "box", "unit_cost": "1"}
    rice = {"item_id": "rice", "quantity": "20.5", "unit": "kg", "unit_cost": "1"}
    lines = [{**tea, "deliveries": parts}, rice]
    order = (await desk.order(due_date="2027-02-01", lines=lines)).json()
    (listed,) = (await look(desk, "/portal/orders")).json()["items"]
    assert listed["due_date"] == "2027-02-01"
    read = (await look(desk, f"/portal/orders/{order['order_id']}")).json()
    assert [line["deliveries"] for line in read["lines"]] == [
        parts,
        [{"due_date": "2027-02-01", "quantity": "20.5"}],
    ]


async def test_a_list_of_too_many_accruals_is_refused_and_not_cut(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H6."""
    await known(desk)
    for quantity in ("1", "2"):
        receipt = await desk.posting((1, quantity))
        body = {"receipt_id": receipt["receipt_id"]}
        assert (await desk.send("/accruals", body, "finance")).status_code == 201
    monkeypatch.setattr(accruals, "EXPORTED_MAX", 1)
    headers = desk.service.headers(["finance"])
    answer = await desk.service.api.get("/accruals/export", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "accrual_list_too_long")
    monkeypatch.setattr(accruals, "EXPORTED_MAX", 2)
    answer = await desk.service.api.get("/accruals/export", headers=headers)
    assert len(answer.text.splitlines()) == 3
