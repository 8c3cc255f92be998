"""A code scanned at the door opens the receipt, which is counted or weighed and posted at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.inventory import DeviceDefined, ScanSessionEnded, WarehouseDefined
from contracts.purchasing import GoodsReceiptPosted
from papers.labels import label
from purchasing.reference.domain import note_code
from purchasing.reference.use_cases import forget_sessions
from servicekit.clock import now, shifted

GUN, SCALE = "gun-1", "scale-1"
CASES = [{"item_id": "tea", "quantity": "2.5", "unit": "case", "unit_cost": "120"}]


def device(device_id: str, kind: Any, *, revoked: bool = False) -> DeviceDefined:
    return DeviceDefined(
        site_id="sh-01", device_id=device_id, name=device_id, kind=kind, revoked=revoked
    )


@pytest.fixture
async def door(desk: Any) -> Any:
    await desk.service.deliver([device(SCALE, "scale")])
    return desk


def code_of(order: Any) -> str:
    return f"urn:trueshelf:purchase-order:{order['order_id']}"


async def receive(desk: Any, order_id: str, *lines: dict[str, Any], **more: Any) -> Any:
    numbered = [{"order_line_no": number, **line} for number, line in enumerate(lines, start=1)]
    return await desk.send("/receipts", {"order_id": order_id, "lines": numbered, **more}, "clerk")


def weight(**changes: Any) -> dict[str, Any]:
    said = {"scale_id": SCALE, "gross": "5250", "tare": "250", "net": "5000", "unit": "g"}
    return {"weight": {**said, "weighed_at": now().isoformat(), **changes}}


async def test_an_orders_code_brings_up_its_lines_with_the_agreed_prices(door: Any) -> None:
    """C1, B6: and the units the lines may be counted in."""
    order = (await door.order(lines=CASES)).json()
    answer = await door.scan(code_of(order))
    opened = answer.json()
    assert (answer.status_code, opened["supplier_name"], opened["device_id"]) == (201, "Acme", GUN)
    [shown] = opened["orders"]
    [line] = shown["lines"]
    assert (shown["number"], line["unit_cost"], line["item_name"]) == (
        order["number"],
        "120",
        "Tea",
    )
    assert (line["unit"], line["open"], line["most"]) == ("case", "30", "30")
    assert [(one["unit"], one["version"], one["numerator"]) for one in line["units"]] == [
        ("box", None, 1),
        ("case", 2, 12),
    ]


async def test_a_suppliers_code_brings_up_what_is_expected_there_the_most_urgent_first(
    door: Any,
) -> None:
    """C1: at the session's site alone."""
    late = (await door.order(due_date="2027-03-01")).json()
    soon = (await door.order(due_date="2027-02-01")).json()
    await door.order(site_id="bj-01")
    code = "urn:trueshelf:supplier:acme"
    opened = (await door.scan(code)).json()
    assert [one["order_id"] for one in opened["orders"]] == [soon["order_id"], late["order_id"]]
    foreign = await door.scan(code, await door.session(site_id="bj-01"), sites=("sh-01",))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_forbidden")


async def test_a_delivery_notes_code_names_the_note_on_the_receipt(door: Any) -> None:
    """C1."""
    order = (await door.order()).json()
    opened = (await door.scan("urn:trueshelf:delivery-note:acme:DN%2F7")).json()
    receipt = await receive(
        door, order["order_id"], {"quantity": "1"}, opening_id=opened["opening_id"]
    )
    assert receipt.json()["delivery_note"] == "DN/7"


async def test_a_supplier_draws_the_code_of_its_own_delivery_notes(door: Any) -> None:
    """C1: what the label says is what is scanned; the supplier is the caller's own."""
    await door.send("/suppliers/acme/users", {"subject": "li"}, "buyer")
    path = "/portal/delivery-notes/label"

    async def drawn(number: str, subject: str = "li", role: str = "supplier") -> Any:
        headers = door.service.headers([role], subject=subject)
        return await door.service.api.get(path, params={"number": number}, headers=headers)

    answer = await drawn("送货单/7")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    code = note_code("acme", "送货单/7")
    assert answer.text == label(code, "送货单/7")
    await door.order()
    assert (await door.scan(code)).json()["delivery_note"] == "送货单/7"
    assert (await drawn("7" * 41)).status_code == 422
    assert (await drawn("7\u200b")).status_code == 422
    assert (await drawn("7", subject="stranger")).status_code == 403
    assert (await drawn("7", role="clerk")).status_code == 403


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("https://elsewhere.example/7", "unknown_scan_code"),
        (f"urn:trueshelf:purchase-order:{UUID(int=7)}", "unknown_order"),
        ("urn:trueshelf:supplier:nobody", "unknown_supplier"),
        ("urn:trueshelf:supplier:acme", "nothing_expected"),
    ],
)
async def test_a_code_that_brings_up_nothing_says_why(door: Any, code: str, refused: str) -> None:
    assert (await door.scan(code)).json()["code"] == refused


async def test_what_is_scanned_for_another_site_or_with_an_unknown_device_is_refused(
    door: Any,
) -> None:
    order = (await door.order()).json()
    code = code_of(order)
    elsewhere = (await door.scan(code, await door.session(site_id="bj-01"))).json()
    assert (elsewhere["code"], elsewhere["site_id"]) == ("order_of_another_site", "sh-01")
    unknown = await door.scan(code, await door.session(device="gun-9"))
    assert (unknown.status_code, unknown.json()["code"]) == (403, "unknown_device")
    await door.service.deliver(device(GUN, "scanner", revoked=True))
    assert (await door.scan(code)).json()["code"] == "device_revoked"


@pytest.mark.parametrize(
    ("body", "headers", "status", "refused"),
    [
        ({"session_id": None}, {}, 404, "no_scan_session"),
        ({"session_id": str(UUID(int=7))}, {}, 404, "unknown_scan_session"),
        ({}, {"subject": "bo"}, 403, "scan_session_of_others"),
        ({}, {"X-Device-Id": SCALE}, 403, "scan_session_of_others"),
        ({}, {"X-Device-Id": None}, 400, "device_missing"),
        ({"site_id": "bj-01"}, {}, 409, "scan_session_of_other_site"),
    ],
)
async def test_nothing_is_scanned_but_in_an_open_session_of_ones_own(
    door: Any, body: dict[str, Any], headers: dict[str, Any], status: int, refused: str
) -> None:
    """A6: and inventory is asked nothing; where it just opened the session, waiting helps."""
    order, held = (await door.order()).json(), await door.session()
    body = {"code": code_of(order), "session_id": str(held.session_id), **body}
    headers = {"X-Device-Id": GUN, **headers}
    given = {name: value for name, value in headers.items() if value is not None}
    answer = await door.send("/receipts/openings", body, "clerk", **given)
    assert (answer.status_code, answer.json()["code"]) == (status, refused)
    if refused == "unknown_scan_session":
        assert "wait a moment" in answer.json()["detail"]
    assert (await door.read("/clocks", kind="posting"))["items"] == []


async def test_a_session_lets_nobody_scan_once_it_has_ended(door: Any) -> None:
    """A6: when its end is told, or by time without a word; what was scanned before is counted."""
    order, held = (await door.order()).json(), await door.session()
    opened = (await door.scan(code_of(order), held)).json()
    with shifted(timedelta(hours=8)):
        late = (await door.scan(code_of(order), held)).json()
    assert (late["code"], late["ended_at"]) == (
        "scan_session_ended",
        held.expires_at.isoformat(),
    )
    place = {"session_id": held.session_id, "site_id": "sh-01"}
    ended = ScanSessionEnded(ended_at=now(), end="closed", **place)
    of_long_ago = ended.model_copy(update={"session_id": uuid4()})
    await door.service.deliver([ended, of_long_ago])
    refused = await door.scan(code_of(order), held)
    assert (refused.status_code, refused.json()["code"]) == (409, "scan_session_ended")
    assert refused.json()["ended_at"] == ended.ended_at.isoformat()
    receipt = await receive(
        door, order["order_id"], {"quantity": "1"}, opening_id=opened["opening_id"]
    )
    shown = await door.read(f"/receipts/{receipt.json()['receipt_id']}")
    assert shown["session_id"] == opened["session_id"] == str(held.session_id)
    typed = await receive(door, (await door.order()).json()["order_id"], {"quantity": "1"})
    assert (typed.status_code, typed.json()["session_id"]) == (201, None)


async def test_sessions_that_ran_out_long_ago_are_forgotten(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A6: however many; they still say that they ended for a week, and what came of them stays."""
    monkeypatch.setattr(forget_sessions, "AT_ONCE", 1)
    database, code = door.service.context.database, code_of((await door.order()).json())
    held, other = [await door.session() for _ in range(2)]
    opened = (await door.scan(code, held)).json()
    with shifted(timedelta(days=7)):
        await forget_sessions.forget_sessions(database)
        assert (await door.scan(code, held)).json()["code"] == "scan_session_ended"
    with shifted(timedelta(days=7, hours=9)):
        late = await door.session()
        await forget_sessions.forget_sessions(database)
        for gone in (held, other):
            assert (await door.scan(code, gone)).json()["code"] == "unknown_scan_session"
        assert (await door.scan(code, late)).status_code == 201
    shown = await door.read(f"/receipts/openings/{opened['opening_id']}")
    assert (shown["session_id"], shown["device_id"]) == (str(held.session_id), GUN)


async def test_what_is_for_another_warehouse_is_not_scanned_in(door: Any) -> None:
    """A6: an order's code is refused, a supplier's brings up the rest and says how many are not."""
    await door.service.deliver(WarehouseDefined(site_id="sh-01", warehouse_id="cold", name="Cold"))
    here = (await door.order()).json()
    there = [(await door.order(warehouse_id="cold")).json() for _ in range(2)]
    answer = await door.scan(code_of(there[0]))
    refused = answer.json()
    assert (answer.status_code, refused["code"]) == (409, "wrong_warehouse")
    assert refused["thing"] == there[0]["number"]
    assert (refused["session_warehouse_id"], refused["document_warehouse_id"]) == ("main", "cold")
    code = "urn:trueshelf:supplier:acme"
    opened = (await door.scan(code)).json()
    assert [one["order_id"] for one in opened["orders"]] == [here["order_id"]]
    assert (opened["warehouse_id"], opened["orders_elsewhere"]) == ("main", 2)
    named = {"opening_id": opened["opening_id"]}
    wrong = await receive(door, there[0]["order_id"], {"quantity": "1"}, **named)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_warehouse")
    cold = (await door.scan(code, await door.session(warehouse_id="cold"))).json()
    assert (cold["opening_id"] != opened["opening_id"], cold["orders_elsewhere"]) == (True, 1)
    assert (await door.scan(code)).json()["opening_id"] == opened["opening_id"]
    await door.send(f"/orders/{here['order_id']}/close", {"reason": "not needed"}, "buyer")
    none = (await door.scan(code)).json()
    assert (none["code"], none["orders"], none["elsewhere"]) == (
        "expected_in_other_warehouse",
        2,
        "cold",
    )


async def test_what_was_scanned_is_counted_in_any_unit_and_posted_with_one_action(
    door: Any,
) -> None:
    """C1, B6, A8: the receipt keeps the moment, the person, the device and the conversion."""
    order = (await door.order(lines=CASES)).json()
    opened = (await door.scan(code_of(order))).json()
    answer = await receive(
        door,
        order["order_id"],
        {"quantity": "7", "unit": "box"},
        opening_id=opened["opening_id"],
        post=True,
    )
    receipt = answer.json()
    assert (answer.status_code, receipt["status"], receipt["posted_by"]) == (
        201,
        "posting",
        "tester",
    )
    assert (receipt["opened_at"], receipt["device_id"]) == (opened["opened_at"], GUN)
    line = receipt["lines"][0]
    assert (line["counted_unit"], line["counted_quantity"], line["quantity"]) == ("box", "7", "7")
    [event] = [one for one in await door.service.events() if isinstance(one, GoodsReceiptPosted)]
    assert (event.device_id, event.lines[0].counted_unit) == (GUN, None)
    again = await receive(
        door, order["order_id"], {"quantity": "1"}, opening_id=opened["opening_id"]
    )
    assert (again.status_code, again.json()["code"]) == (409, "opening_used")
    assert again.json()["receipt_number"] == receipt["number"]


async def test_the_ten_minutes_run_from_the_scan(door: Any) -> None:
    """C6: and not from the draft, before which the goods were counted."""
    order = (await door.order()).json()
    opened = (await door.scan(code_of(order))).json()
    with shifted(timedelta(minutes=12)):
        more = {"opening_id": opened["opening_id"], "post": True}
        await receive(door, order["order_id"], {"quantity": "1"}, **more)
    (figure,) = (await door.read("/clocks/figures", kind="posting"))["items"]
    assert (figure["stopped"], figure["late"]) == (1, 1)
    assert 720 <= float(figure["median_seconds"]) < 900


async def test_an_opening_is_of_its_supplier_site_and_order_alone(door: Any) -> None:
    first, second = (await door.order()).json(), (await door.order()).json()
    opened = (await door.scan(code_of(first))).json()
    answer = await receive(
        door, second["order_id"], {"quantity": "1"}, opening_id=opened["opening_id"]
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "opening_of_another_order")
    nowhere = await receive(door, second["order_id"], {"quantity": "1"}, opening_id=str(uuid4()))
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "unknown_opening")


async def test_lines_in_units_that_are_not_defined_are_refused_all_by_name(door: Any) -> None:
    """B6: and nothing is received."""
    order = (await door.order()).json()
    answer = await receive(
        door,
        order["order_id"],
        {"quantity": "1", "unit": "pallet"},
        {"quantity": "1", "unit": "lb"},
    )
    refused = answer.json()
    assert (refused["code"], refused["unit"], refused["units"]) == (
        "unknown_unit",
        "pallet",
        "box, case",
    )
    assert [(one["code"], one["unit"]) for one in refused["refused"]] == [("unknown_unit", "lb")]
    absent = ({"quantity": "1", "order_line_no": 8}, weight(scale_id="scale-9"))
    refused = (await receive(door, order["order_id"], *absent)).json()
    assert (refused["code"], refused["line_no"]) == ("unknown_order_line", 1)
    assert [one["code"] for one in refused["refused"]] == ["unknown_device"]


async def test_goods_are_weighed_on_a_registered_scale_and_keep_what_it_said(door: Any) -> None:
    """H4."""
    order = (await door.order()).json()
    lines = ({"quantity": "1", "unit": "case"}, weight())
    line = (await receive(door, order["order_id"], *lines)).json()["lines"][1]
    assert (line["quantity"], line["counted_unit"], line["counted_quantity"]) == ("5", "kg", "5")
    assert (line["scale_id"], line["gross"], line["tare"], line["net"], line["weight_unit"]) == (
        SCALE,
        "5250",
        "250",
        "5000",
        "g",
    )


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        (weight(scale_id="scale-9"), "unknown_device"),
        (weight(scale_id=GUN), "not_a_scale"),
        (weight(net="5250"), "weight_contradictory"),
        (weight(unit="litre"), "unknown_weight_unit"),
        ({**weight(), "quantity": "5"}, "count_missing"),
        ({}, "count_missing"),
    ],
)
async def test_a_weight_that_is_none_is_refused(door: Any, line: Any, refused: str) -> None:
    """H4."""
    order = (await door.order()).json()
    lines = ({"quantity": "1", "unit": "case"}, line)
    assert (await receive(door, order["order_id"], *lines)).json()["code"] == refused


async def test_a_draft_is_finished_in_one_action_and_only_once(door: Any) -> None:
    """C1, A1."""
    order = (await door.order()).json()
    receipt = (await receive(door, order["order_id"], {"quantity": "3"})).json()
    finished = await door.step(receipt["receipt_id"], "finish", subject="bo")
    assert (finished.json()["status"], finished.json()["audited_by"]) == ("posting", "bo")
    again = await door.step(receipt["receipt_id"], "finish", subject="anna")
    assert (again.status_code, again.json()["code"]) == (409, "receipt_already_posted")


@pytest.mark.parametrize("house", [{"receipts_audited_by_another": True}])
async def test_where_the_house_asks_for_it_another_finishes_what_was_counted(door: Any) -> None:
    """C1, A1: in one action or in two, the counter is told what to do."""
    order = (await door.order()).json()
    at_once = await receive(door, order["order_id"], {"quantity": "3"}, post=True)
    assert (at_once.status_code, at_once.json()["code"]) == (422, "auditor_counted")
    receipt = (await receive(door, order["order_id"], {"quantity": "3"})).json()
    assert (await door.step(receipt["receipt_id"], "audit")).json()["code"] == "auditor_counted"
    finished = await door.step(receipt["receipt_id"], "finish", subject="bo")
    assert finished.json()["status"] == "posting"


async def test_goods_turned_away_are_kept_with_the_reason_and_stay_owed(door: Any) -> None:
    """C1: shown on the receipt, on its page and to the supplier; nothing of them is booked."""
    order = (await door.order(lines=CASES)).json()
    refused = [
        {"order_line_no": 1, "quantity": "2", "reason": "damaged", "note": "wet cartons"},
        {"order_line_no": 1, "quantity": "1", "unit": "box", "reason": "short_dated"},
    ]
    more = {"refused": refused, "post": True}
    answer = await receive(door, order["order_id"], {"quantity": "7", "unit": "box"}, **more)
    receipt = answer.json()
    assert answer.status_code == 201, answer.text
    path = f"/receipts/{receipt['receipt_id']}"
    shown = await door.read(path)
    assert shown["refused"] == receipt["refused"]
    assert [(one["unit"], one["reason"], one["note"]) for one in shown["refused"]] == [
        ("case", "damaged", "wet cartons"),
        ("box", "short_dated", None),
    ]
    [event] = [one for one in await door.service.events() if isinstance(one, GoodsReceiptPosted)]
    assert [one.quantity for one in event.lines] == [7]
    line = (await door.read(f"/orders/{order['order_id']}"))["lines"][0]
    assert (line["received"], line["open"]) == ("7", "23")
    await door.send("/suppliers/acme/users", {"subject": "li"}, "buyer")
    for role, place in (("supplier", f"/portal{path}"), ("buyer", f"{path}/confirmation")):
        headers = door.service.headers([role], subject="li")
        seen = await door.service.api.get(place, headers=headers)
        assert seen.json()["refused"] == receipt["refused"]
    headers = door.service.headers(["clerk"])
    page = (await door.service.api.get(f"{path}/print", headers=headers)).text
    assert "2 case" in page
    assert "damaged: wet cartons" in page


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order_line_no": 9}, "unknown_order_line"),
        ({"unit": "pallet"}, "unknown_unit"),
        ({"reason": "ugly"}, "invalid_request"),
        ({"quantity": "0"}, "invalid_request"),
    ],
)
async def test_goods_are_turned_away_by_line_unit_and_reason_or_nothing_is_received(
    door: Any, change: dict[str, Any], code: str
) -> None:
    """C1."""
    order = (await door.order()).json()
    one = {"order_line_no": 1, "quantity": "2", "reason": "damaged", **change}
    answer = await receive(door, order["order_id"], {"quantity": "1"}, refused=[one])
    assert answer.json()["code"] == code
    assert (await door.read("/receipts"))["items"] == []
