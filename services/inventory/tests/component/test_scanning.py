"""Scanning: nothing without a session, a session for one warehouse, and nothing lost (A6, H4)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import DeviceDefined, ScanSessionEnded, ScanSessionOpened
from servicekit.clock import now, shifted

TEA_GTIN, MILK_GTIN = "06901234567892", "06920000000012"
GUN, SCALE = "gun-1", "scale-1"
GS = "\x1d"


class Gate:
    """A shop's door, at which Li scans with a gun of her own."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop

    async def post(
        self,
        path: str,
        body: object = None,
        role: str = "clerk",
        user: str = "li",
        device: str | None = GUN,
        language: str = "en",
    ) -> Any:
        headers = self.shop.service.headers([role], ["*"], None, user)
        headers["Accept-Language"] = language
        if device is not None:
            headers["X-Device-Id"] = device
        return await self.shop.service.api.post(path, json=body, headers=headers)

    async def get(self, path: str, role: str = "clerk", user: str = "li", **params: Any) -> Any:
        headers = self.shop.service.headers([role], ["*"], None, user)
        return (await self.shop.service.api.get(path, params=params, headers=headers)).json()

    async def set_up(self) -> None:
        """Register two devices, let Li work in two warehouses, and describe what is scanned."""
        for device, kind in ((GUN, "scanner"), (SCALE, "scale")):
            body = {"device_id": device, "name": device, "kind": kind}
            assert (await self.post("/sites/north/devices", body, "shop_manager")).is_success
        for warehouse in ("main", "back"):
            await self.assign("li", warehouse)
        milk = {
            "item_id": "milk",
            "name": "Milk",
            "base_unit": "box",
            "scale": 0,
            "tracking": "batch",
            "gtin": MILK_GTIN[1:],
        }
        phone = {
            "item_id": "phone",
            "name": "Phone",
            "base_unit": "EA",
            "scale": 0,
            "tracking": "serial",
        }
        answer = await self.shop.post("/items/import", {"items": [milk, phone]}, "master_data")
        assert answer.json()["accepted"] == 2, answer.text
        codes = [{"code": TEA_GTIN[1:], "item_id": "tea", "unit": "box"}]
        named = await self.shop.post("/barcodes", {"barcodes": codes}, "master_data")
        assert named.json()["barcodes"][0]["code"] == TEA_GTIN

    async def assign(self, user: str, warehouse: str) -> None:
        path = f"/sites/north/warehouses/{warehouse}/workers"
        assert (await self.post(path, {"user_id": user}, "shop_manager")).is_success

    async def open(self, warehouse: str = "main", **more: Any) -> str:
        """Return the path of a session that is open."""
        body = {"site_id": "north", "warehouse_id": warehouse}
        answer = await self.post("/scan-sessions", body, **more)
        assert answer.status_code == 201, answer.text
        return f"/scan-sessions/{answer.json()['session_id']}"

    async def begin(self, place: str, kind: str = "receipt", **more: Any) -> str:
        answer = await self.post(f"{place}/works", {"kind": kind, **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["work_id"])

    async def scan(self, place: str, *scans: dict[str, Any], **more: Any) -> list[Any]:
        answer = await self.post(f"{place}/scans", {"scans": scans}, **more)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["scans"])

    async def draft(self, kind: str = "issue", warehouse: str = "main", **more: Any) -> Any:
        """Return a document drafted at a desk."""
        body = {
            "kind": kind,
            "site_id": "north",
            "warehouse_id": warehouse,
            "lines": [{"item_id": "tea", "quantity": "3", "unit": "box"}],
            **more,
        }
        answer = await self.shop.post("/documents", body, "clerk")
        assert answer.status_code == 201, answer.text
        return answer.json()


def scan(code: str, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    return {
        "scan_id": str(uuid4()),
        "code": code,
        "scanned_at": (at or now()).isoformat(),
        **more,
    }


def qr(document: Any) -> str:
    return f"urn:trueshelf:document:{document['document_id']}"


def codes(results: list[Any]) -> list[str | None]:
    return [one["refusal"] and one["refusal"]["code"] for one in results]


@pytest.fixture
async def gate(shop: Any) -> Gate:
    gate = Gate(shop)
    await gate.set_up()
    return gate


async def test_nothing_defaults_to_a_warehouse_not_even_the_only_one(gate: Gate) -> None:
    """A6."""
    await gate.assign("wu", "main")
    for user, listed in (("li", "back, main"), ("wu", "main")):
        answer = await gate.post("/scan-sessions", {"site_id": "north"}, user=user)
        assert (answer.status_code, answer.json()["code"]) == (422, "warehouse_not_chosen")
        assert answer.json()["warehouses"] == listed


async def test_a_warehouse_the_user_does_not_work_in_is_refused(gate: Gate) -> None:
    """A6."""
    await gate.assign("wu", "back")
    body = {"site_id": "north", "warehouse_id": "main"}
    answer = await gate.post("/scan-sessions", body, user="wu")
    assert (answer.status_code, answer.json()["code"]) == (403, "warehouse_forbidden")
    assert answer.json()["warehouses"] == "back"
    path = "/sites/north/warehouses/back/workers/remove"
    await gate.post(path, {"user_id": "wu"}, "shop_manager")
    body = {"site_id": "north", "warehouse_id": "back"}
    assert (await gate.post("/scan-sessions", body, user="wu")).json()["warehouses"] == "-"


async def test_a_session_opens_by_scanning_the_door_and_the_old_code_opens_nothing(
    gate: Gate,
) -> None:
    """A6."""
    path = "/sites/north/warehouses/back/entry-code/change"
    old, new = [
        (await gate.post(path, None, "shop_manager")).json()["entry_code"] for _ in range(2)
    ]
    refused = await gate.post("/scan-sessions", {"site_id": "north", "entry_code": old})
    assert refused.json()["code"] == "unknown_entry_code"
    opened = await gate.post("/scan-sessions", {"site_id": "north", "entry_code": new})
    assert (opened.status_code, opened.json()["warehouse_id"]) == (201, "back")
    (again,) = await gate.scan(f"/scan-sessions/{opened.json()['session_id']}", scan(new))
    assert (again["status"], again["meaning"]) == ("accepted", "warehouse")
    both = {"site_id": "north", "entry_code": new, "warehouse_id": "main"}
    assert (await gate.post("/scan-sessions", both)).json()["code"] == "code_contradicted"


async def test_others_are_told_of_devices_as_they_are_now(gate: Any) -> None:
    """H4: receipts weigh with them too; what changes nothing is not told."""
    before = len(await gate.shop.facts(DeviceDefined))
    body = {"device_id": "scale-2", "name": "Scale 2", "kind": "scale"}
    for _ in range(2):
        assert (await gate.post("/sites/north/devices", body, "shop_manager")).is_success
        for _ in range(2):
            path = "/sites/north/devices/scale-2/revoke"
            assert (await gate.post(path, None, "shop_manager")).is_success
    told = (await gate.shop.facts(DeviceDefined))[before:]
    assert [(one.device_id, one.kind, one.revoked) for one in told] == [
        ("scale-2", "scale", False),
        ("scale-2", "scale", True),
        ("scale-2", "scale", False),
        ("scale-2", "scale", True),
    ]


async def test_others_are_told_of_sessions_that_open_and_of_how_they_end(gate: Any) -> None:
    """A6: what suppliers bring is scanned in them too; time ends them without a word."""
    first = await gate.open()
    second = await gate.open("back")
    for _ in range(2):
        assert (await gate.post(f"{second}/close")).is_success
    third = await gate.open()
    assert (await gate.post(f"/sites/north/devices/{GUN}/revoke", None, "shop_manager")).is_success
    opened = await gate.shop.facts(ScanSessionOpened)
    shown = [await gate.get(place) for place in (first, second, third)]
    names = ("session_id", "site_id", "warehouse_id", "user_id", "device_id")
    assert [[str(getattr(one, name)) for name in names] for one in opened] == [
        [one[name] for name in names] for one in shown
    ]
    moments = [one.expires_at.isoformat().replace("+00:00", "Z") for one in opened]
    assert moments == [one["expires_at"] for one in shown]
    ended = await gate.shop.facts(ScanSessionEnded)
    assert [(str(one.session_id), one.end) for one in ended] == [
        (shown[0]["session_id"], "replaced"),
        (shown[1]["session_id"], "closed"),
        (shown[2]["session_id"], "revoked"),
    ]


@pytest.mark.parametrize(
    ("device", "status", "code"),
    [(None, 400, "device_missing"), ("toy", 403, "unknown_device"), (GUN, 403, "device_revoked")],
)
async def test_only_a_registered_device_scans(
    gate: Gate, device: str | None, status: int, code: str
) -> None:
    place = await gate.open()
    revoked = await gate.post(f"/sites/north/devices/{GUN}/revoke", None, "shop_manager")
    assert revoked.json()["revoked_by"] == "li"
    body = {"site_id": "north", "warehouse_id": "main"}
    answer = await gate.post("/scan-sessions", body, device=device)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await gate.get(place))["end"] == "revoked"


async def test_a_revoked_device_can_be_registered_again(gate: Gate) -> None:
    await gate.post(f"/sites/north/devices/{GUN}/revoke", None, "shop_manager")
    body = {"device_id": GUN, "name": "Gun", "kind": "scanner"}
    assert (await gate.post("/sites/north/devices", body, "shop_manager")).status_code == 200
    await gate.open()
    listed = (await gate.get("/sites/north/devices"))["items"]
    assert [(one["device_id"], one["revoked_at"]) for one in listed] == [(GUN, None), (SCALE, None)]


async def test_a_session_ends_when_another_is_opened_by_its_user_or_on_its_device(
    gate: Gate,
) -> None:
    """A6."""
    await gate.assign("wu", "main")
    first = await gate.open()
    second = await gate.open("back")
    third = await gate.open(user="wu")
    ends = [(await gate.get(place))["end"] for place in (first, second, third)]
    assert ends == ["replaced", "replaced", None]
    assert (await gate.get("/scan-sessions/current"))["code"] == "no_scan_session"
    current = await gate.get("/scan-sessions/current", user="wu")
    assert third.endswith(current["session_id"])
    listed = (await gate.get("/scan-sessions"))["items"]
    assert [one["warehouse_id"] for one in listed] == ["back", "main"]
    assert (await gate.get("/scan-sessions", user_id="wu"))["code"] == "role_missing"


async def test_of_many_sessions_opened_at_once_one_is_open(gate: Gate) -> None:
    body = {"site_id": "north", "warehouse_id": "main"}
    answers = await gate.shop.at_once(*(gate.post("/scan-sessions", body) for _ in range(6)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    listed = (await gate.get("/scan-sessions"))["items"]
    assert [one["end"] for one in listed].count(None) == 1


async def test_a_session_is_its_users_and_its_devices(gate: Gate) -> None:
    place = await gate.open()
    for change in ({"user": "wu"}, {"device": SCALE}):
        answer = await gate.post(f"{place}/scans", {"scans": [scan("tea")]}, **change)
        assert (answer.status_code, answer.json()["code"]) == (403, "scan_session_of_others")
    answer = await gate.post(f"/scan-sessions/{uuid4()}/scans", {"scans": [scan("tea")]})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_scan_session")


async def test_each_scan_is_answered_by_itself(gate: Gate) -> None:
    """A6, H4: what is wrong with one keeps no other out."""
    place = await gate.open()
    await gate.begin(place)
    label = f"]C101{MILK_GTIN}10M-1{GS}17301231"
    results = await gate.scan(
        place,
        scan("tea", quantity="2"),
        scan(TEA_GTIN[1:]),
        scan(label, quantity="4"),
        scan("nothing"),
        scan("6901234567893"),
        scan(MILK_GTIN),
        scan("(10"),
        scan("00106141411234567897"),
        scan("rice", quantity="1", unit="bag"),
        scan("phone"),
        scan("phone", serial="S-1"),
        scan("phone", serial="S-1"),
        scan("tea", batch_id="B"),
    )
    assert codes(results) == [
        None,
        None,
        None,
        "unknown_code",
        "bad_check_digit",
        "batch_missing",
        "malformed_code",
        "only_logistic_unit",
        "unknown_unit",
        "serials_missing",
        None,
        "serial_scanned_twice",
        "tracking_unused",
    ]
    assert [one["sequence"] for one in results] == list(range(1, 14))


async def test_what_counts_is_gathered_by_item_and_batch_and_all_is_listed(gate: Gate) -> None:
    """A6, H4: the label says batch and expiry."""
    place = await gate.open()
    await gate.begin(place)
    label = f"]C101{MILK_GTIN}10M-1{GS}17301231"
    tea = (scan("tea", quantity="2"), scan(TEA_GTIN[1:]))
    results = await gate.scan(place, *tea, scan(label, quantity="4"), scan("nothing"))
    milk = results[2]["goods"]
    assert (milk["item_id"], milk["batch_id"], milk["expires_on"]) == ("milk", "M-1", "2030-12-31")
    (work,) = (await gate.get(place))["works"]
    gathered = [(one["item_id"], one["quantity"], one["scans"]) for one in work["lines"]]
    assert gathered == [("tea", "3", 2), ("milk", "4", 1)]
    first = await gate.get(f"{place}/scans", limit=3)
    second = await gate.get(f"{place}/scans", limit=3, cursor=first["next_cursor"])
    listed = [one["status"] for one in (*first["items"], *second["items"])]
    assert listed == ["accepted"] * 3 + ["refused"]


async def test_refusals_speak_the_callers_language(gate: Gate) -> None:
    place = await gate.open()
    (chinese,) = await gate.scan(place, scan("nothing"), language="zh-CN")
    assert "编码" in chinese["refusal"]["detail"]


async def test_goods_are_scanned_for_something(gate: Gate) -> None:
    place = await gate.open()
    assert codes(await gate.scan(place, scan("tea"))) == ["no_scan_work"]


async def test_a_scan_sent_again_is_the_same_scan(gate: Gate) -> None:
    """B8: whether it is sent under the same key, another one, or twice in one go."""
    place = await gate.open()
    await gate.begin(place)
    one, bad = scan("tea"), scan("nothing")
    first = await gate.scan(place, one, bad)
    again = await gate.scan(place, one, bad, one)
    assert again == [*first, first[0]]
    assert codes(await gate.scan(place, {**one, "quantity": "2"})) == ["scan_id_reused"]
    (work,) = (await gate.get(place))["works"]
    assert work["lines"][0]["quantity"] == "1"


async def test_scans_made_without_a_connection_keep_their_time(gate: Gate) -> None:
    """A6: they count if they were made while the session ran, and only then."""
    place = await gate.open()
    await gate.begin(place)
    opened = now()
    with shifted(timedelta(hours=30)):
        results = await gate.scan(
            place,
            scan("tea", opened + timedelta(hours=1)),
            scan("tea", opened + timedelta(hours=13)),
            scan("tea", opened - timedelta(hours=1)),
            scan("tea", opened + timedelta(hours=40)),
        )
        assert (await gate.get(place))["end"] == "expired"
    assert codes(results) == [
        None,
        "scan_session_ended",
        "scanned_without_session",
        "scanned_in_future",
    ]
    kept = datetime.fromisoformat(results[0]["scanned_at"])
    assert kept == opened + timedelta(hours=1)


async def test_a_document_of_another_warehouse_is_refused_and_kept(gate: Gate) -> None:
    """A6, A9: the refusal says which warehouse the session is for, and which the document's."""
    place = await gate.open("main")
    there = await gate.draft(warehouse="back")
    given = scan(qr(there))
    (refused,) = await gate.scan(place, given)
    assert refused["refusal"]["code"] == "wrong_warehouse"
    facts = refused["refusal"]["facts"]
    assert (facts["session_warehouse_id"], facts["document_warehouse_id"]) == ("main", "back")
    path = "/sites/north/wrong-warehouse-scans"
    (kept,) = (await gate.get(path, settled=False))["items"]
    assert (kept["warehouse_id"], kept["document_warehouse_id"]) == ("main", "back")
    assert (kept["user_id"], kept["device_id"], kept["document_id"]) == (
        "li",
        GUN,
        there["document_id"],
    )
    settle = f"{path}/{given['scan_id']}/settle"
    assert (await gate.post(settle, {"how": "Carried back"}, "shop_manager")).status_code == 204
    assert (await gate.get(path, settled=False))["items"] == []
    assert (await gate.get(path))["items"][0]["settlement"] == "Carried back"


async def test_documents_that_take_no_scans_are_opened_by_their_codes(gate: Gate) -> None:
    """A1, A6: what each is, how it stands, its lines, and where to go on; here only."""
    await gate.shop.receive(("tea", "9"))
    await gate.shop.receive(("tea", "9"), warehouse="back")
    place, there = await gate.open(), {"warehouse": "back"}
    await gate.begin(place)
    for kind, line in (
        ("adjustment", {"source_status": "available"}),
        ("inspection", {"source_status": "in_inspection", "target_status": "available"}),
        ("freeze", {}),
        ("unfreeze", {}),
    ):
        goods = {"item_id": "tea", "quantity": "3", "unit": "box", **line}
        more = {"source_document": "slip 7", "lines": [goods]}
        draft = await gate.draft(kind, **more)
        (scanned,) = await gate.scan(place, scan(qr(draft)))
        assert (scanned["status"], scanned["meaning"]) == ("accepted", "document"), scanned
        opened = scanned["opened"]
        assert (opened["kind"], opened["status"], opened["number"]) == (
            kind,
            "draft",
            draft["number"],
        )
        assert [(one["item_id"], one["quantity"]) for one in opened["lines"]] == [("tea", "3")]
        assert (await gate.get(opened["path"]))["number"] == draft["number"]
        elsewhere = await gate.draft(kind, **there, **more)
        assert codes(await gate.scan(place, scan(elsewhere["number"]))) == ["wrong_warehouse"]
    assert codes(await gate.scan(place, scan("tea"))) == ["no_scan_work"]
    kept = (await gate.get(f"{place}/scans"))["items"]
    assert [one["opened"] and one["opened"]["kind"] for one in kept[::2]] == [
        "adjustment",
        "inspection",
        "freeze",
        "unfreeze",
        None,
    ]


async def test_an_opened_document_says_its_quantities_as_they_were_given_too(gate: Gate) -> None:
    """A1, A6: two cases are 24 boxes; a scan that is sent again opens the same."""
    case = {"unit": "case", "numerator": 12}
    assert (await gate.shop.post("/items/tea/units", case, "master_data")).is_success
    goods = {"item_id": "tea", "quantity": "2", "unit": "case", "source_status": "available"}
    draft = await gate.draft("adjustment", source_document="slip 7", lines=[goods])
    place, given = await gate.open(), scan(qr(draft))
    (first,) = await gate.scan(place, given)
    assert first["opened"]["lines"] == draft["lines"]
    (line,) = first["opened"]["lines"]
    assert (line["quantity"], line["unit_quantity"], line["unit"]) == ("24", "2", "case")
    again = await gate.scan(place, given, scan(draft["number"]), scan("nothing"))
    assert [one["opened"] for one in again] == [first["opened"], first["opened"], None]
    assert again[0] == first


async def test_a_count_sheet_is_opened_by_its_code_where_it_is_counted(gate: Gate) -> None:
    """A1, A3, A6: a sheet of the whole site in each of its warehouses."""
    await gate.shop.receive(("tea", "9"), ("oil", "9"))
    await gate.shop.receive(("tea", "9"), warehouse="back")
    place = await gate.open()
    tea, sheets = {"goods": [{"item_id": "tea"}]}, []
    for wanted in (
        {"warehouse_id": "main", **tea},
        {"category": "food"},
        {"warehouse_id": "back", **tea},
    ):
        answer = await gate.post("/count-sheets", {"site_id": "north", **wanted}, "shop_manager")
        assert answer.status_code == 201, answer.text
        sheets.append(answer.json())
    here, everywhere, there = (f"urn:trueshelf:count-sheet:{one['sheet_id']}" for one in sheets)
    scanned = await gate.scan(place, scan(here), scan(everywhere), scan(there), scan("oil"))
    assert codes(scanned) == [None, None, "wrong_warehouse", "no_scan_work"]
    opened = scanned[0]["opened"]
    assert (opened["kind"], opened["status"], opened["lines"]) == ("count_sheet", "counting", [])
    assert (await gate.get(opened["path"]))["number"] == sheets[0]["number"]


async def test_what_was_no_wrong_warehouse_is_not_settled(gate: Gate) -> None:
    place = await gate.open()
    given = scan("nothing")
    await gate.scan(place, given)
    for scan_id, code in ((given["scan_id"], "nothing_to_settle"), (uuid4(), "unknown_scan")):
        path = f"/sites/north/wrong-warehouse-scans/{scan_id}/settle"
        assert (await gate.post(path, {"how": "?"}, "shop_manager")).json()["code"] == code


async def test_the_door_of_another_warehouse_is_refused(gate: Gate) -> None:
    path = "/sites/north/warehouses/back/entry-code/change"
    code = (await gate.post(path, None, "shop_manager")).json()["entry_code"]
    assert codes(await gate.scan(await gate.open(), scan(code))) == ["other_warehouse_door"]


async def test_what_was_scanned_becomes_a_draft_that_names_session_and_device(gate: Gate) -> None:
    """A6, H4: batches that labels name are known from then on."""
    place = await gate.open()
    await gate.begin(place)
    scanned = now() - timedelta(minutes=1)
    label = f"(01){MILK_GTIN}(17)301231(10)M-1"
    await gate.scan(place, scan("tea", scanned), scan(label, scanned), scan("tea", scanned))
    answer = await gate.post(f"{place}/finish", {})
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    assert (draft["kind"], draft["status"], draft["drafted_with"]) == ("receipt", "draft", GUN)
    assert draft["source_document"] == f"scan session {place.rpartition('/')[2]}"
    assert datetime.fromisoformat(draft["effective_at"]) == scanned
    lines = [(one["item_id"], one["quantity"], one["batch_id"]) for one in draft["lines"]]
    assert lines == [("tea", "2", ""), ("milk", "1", "M-1")]
    made_of = (await gate.get(f"/documents/{draft['document_id']}/scans"))["items"]
    assert sorted(one["line_no"] for one in made_of) == [1, 1, 2]
    (work,) = (await gate.get(place))["works"]
    assert (work["document_id"], work["lines"]) == (draft["document_id"], [])
    assert (await gate.post(f"{place}/finish", {})).json()["code"] == "no_scan_work"
    again = await gate.post(f"{place}/finish", {"work_id": work["work_id"]})
    assert again.json()["code"] == "scan_work_finished"


async def test_a_manager_posts_what_was_scanned_in_one_go(gate: Gate) -> None:
    place = await gate.open()
    await gate.begin(place)
    await gate.scan(place, scan("tea", quantity="7"))
    refused = await gate.post(f"{place}/finish", {"post": True})
    assert refused.json()["code"] == "role_missing"
    posted = await gate.post(f"{place}/finish", {"post": True}, "shop_manager")
    assert (posted.status_code, posted.json()["status"]) == (201, "posted")
    assert (await gate.shop.stock("tea"))["on_hand"] == "7"
    (entry,) = (await gate.shop.get("/ledger", site_id="north", item_id="tea"))["items"]
    assert (entry["user_id"], entry["device_id"]) == ("li", GUN)
    assert await gate.shop.books_agree()


async def test_a_loaded_draft_is_posted_when_the_goods_are_what_it_says(gate: Gate) -> None:
    """A6."""
    await gate.shop.receive(("tea", "9"), ("oil", "9"))
    draft = await gate.draft()
    place = await gate.open()
    results = await gate.scan(place, scan(qr(draft)), scan("tea", quantity="2"), scan("oil"))
    assert codes(results) == [None, None, "not_on_document"]
    short = await gate.post(f"{place}/finish", {"post": True}, "shop_manager")
    assert (short.status_code, short.json()["code"]) == (409, "scan_differs_from_document")
    assert short.json()["differences"] == [
        {
            "item_id": "tea",
            "batch_id": "",
            "written": "3",
            "scanned": "2",
            "serials_missing": [],
            "serials_unexpected": [],
        }
    ]
    await gate.scan(place, scan(draft["number"]), scan("tea"))
    posted = await gate.post(f"{place}/finish", {"post": True}, "shop_manager")
    assert posted.json()["status"] == "posted", posted.text
    assert (await gate.shop.stock("tea"))["on_hand"] == "6"
    assert codes(await gate.scan(place, scan(qr(draft)))) == ["document_not_scannable"]


async def test_a_draft_is_corrected_to_what_was_scanned_when_that_is_asked_for(gate: Gate) -> None:
    draft = await gate.draft()
    place = await gate.open()
    await gate.scan(place, scan(qr(draft)), scan("tea", quantity="2"))
    corrected = await gate.post(f"{place}/finish", {"correct": True})
    assert corrected.json()["document_id"] == draft["document_id"]
    assert [one["quantity"] for one in corrected.json()["lines"]] == ["2"]


async def test_a_dispatch_is_scanned_in_where_it_goes_to(gate: Gate) -> None:
    """A4, A6: at its origin it is at the wrong warehouse once it has left."""
    await gate.shop.receive(("tea", "9"))
    place = await gate.open("main")
    await gate.begin(place, "transfer_dispatch", to_site_id="north", to_warehouse_id="back")
    await gate.scan(place, scan("tea", quantity="5"))
    dispatch = (await gate.post(f"{place}/finish", {"post": True}, "shop_manager")).json()
    assert dispatch["status"] == "posted"
    assert codes(await gate.scan(place, scan(qr(dispatch)))) == ["wrong_warehouse"]
    there = await gate.open("back")
    await gate.scan(there, scan(qr(dispatch)), scan("tea", quantity="4"))
    arrival = (await gate.post(f"{there}/finish", {"post": True}, "shop_manager")).json()
    assert (arrival["kind"], arrival["dispatch_id"]) == (
        "transfer_arrival",
        dispatch["document_id"],
    )
    assert (await gate.shop.stock("tea", warehouse="back"))["on_hand"] == "4"
    assert await gate.shop.books_agree()


async def test_a_mistaken_scan_is_withdrawn_until_its_work_is_finished(gate: Gate) -> None:
    place = await gate.open()
    await gate.begin(place)
    wrong, bad = scan("oil"), scan("nothing")
    await gate.scan(place, wrong, scan("tea"), bad)
    withdrawn = await gate.post(f"{place}/scans/{wrong['scan_id']}/withdraw")
    assert withdrawn.json()["status"] == "withdrawn"
    refused = await gate.post(f"{place}/scans/{bad['scan_id']}/withdraw")
    assert refused.json()["code"] == "scan_not_counted"
    draft = (await gate.post(f"{place}/finish", {})).json()
    assert [one["item_id"] for one in draft["lines"]] == ["tea"]
    late = await gate.post(f"{place}/scans/{wrong['scan_id']}/withdraw")
    assert late.json()["code"] == "scan_work_finished"


async def test_what_an_ended_session_left_is_taken_over_and_late_scans_join_it(gate: Gate) -> None:
    """A6: nothing that was scanned is lost."""
    await gate.assign("wu", "main")
    other = {"device_id": "gun-2", "name": "gun-2", "kind": "phone"}
    await gate.post("/sites/north/devices", other, "shop_manager")
    wus = {"user": "wu", "device": "gun-2"}
    old, new = await gate.open(), await gate.open(**wus)
    await gate.begin(old)
    await gate.scan(old, scan("tea", quantity="2"))
    made = now()
    body = {"session_id": old.rpartition("/")[2]}
    refused = await gate.post(f"{new}/take-over", body, **wus)
    assert (refused.status_code, refused.json()["code"]) == (409, "scan_session_open")
    assert (await gate.post(f"{old}/close")).json()["end"] == "closed"
    closed = await gate.post(f"{old}/finish", {})
    assert (closed.status_code, closed.json()["code"]) == (409, "scan_session_ended")
    taken = await gate.post(f"{new}/take-over", body, **wus)
    assert [one["lines"][0]["quantity"] for one in taken.json()["works"]] == ["2"]
    await gate.scan(old, scan("tea", made, quantity="3"))
    draft = (await gate.post(f"{new}/finish", {}, **wus)).json()
    assert (draft["lines"][0]["quantity"], draft["drafted_by"]) == ("5", "wu")
    assert codes(await gate.scan(old, scan("tea", made))) == ["no_scan_work"]


async def test_work_of_another_warehouse_is_not_taken_over(gate: Gate) -> None:
    old = await gate.open("back")
    new = await gate.open("main")
    body = {"session_id": old.rpartition("/")[2]}
    answer = await gate.post(f"{new}/take-over", body)
    assert answer.json()["code"] == "scan_session_of_other_warehouse"


async def test_weights_come_from_registered_scales_and_become_quantities(gate: Gate) -> None:
    """H4: exactly, in the item's own unit, with device and time."""
    place = await gate.open()
    await gate.begin(place)
    weight = {
        "scale_id": SCALE,
        "gross": "1520",
        "tare": "20",
        "net": "1500",
        "unit": "g",
        "weighed_at": now().isoformat(),
    }
    results = await gate.scan(
        place,
        scan("rice", weight=weight),
        scan("rice", weight={**weight, "scale_id": GUN}),
        scan("rice", weight={**weight, "scale_id": "toy"}),
        scan("rice", weight={**weight, "net": "1400"}),
        scan("rice", weight={**weight, "unit": "cup"}),
        scan("rice", weight={**weight, "gross": "20.5", "net": "0.5"}),
        scan("tea", weight=weight),
    )
    assert codes(results) == [
        None,
        "not_a_scale",
        "unknown_device",
        "weight_contradictory",
        "unknown_weight_unit",
        "quantity_too_precise",
        "item_not_weighed",
    ]
    assert (results[0]["goods"]["quantity"], results[0]["goods"]["unit"]) == ("1.5", "kg")
    draft = (await gate.post(f"{place}/finish", {})).json()
    (kept,) = (await gate.get(f"/documents/{draft['document_id']}/scans"))["items"]
    assert (kept["line_no"], kept["weight"]["scale_id"]) == (1, SCALE)
    assert kept["weight"]["weighed_at"] == datetime.fromisoformat(
        weight["weighed_at"]
    ).isoformat().replace("+00:00", "Z")


async def test_units_that_lie_in_another_warehouse_are_not_taken_out_here(gate: Gate) -> None:
    """A6: a serial number, or a trace code, says where its unit is."""
    place = await gate.open("back")
    await gate.begin(place)
    await gate.scan(place, scan("phone", serial="S-1"))
    assert (await gate.post(f"{place}/finish", {"post": True}, "shop_manager")).is_success
    place = await gate.open("main")
    await gate.begin(place, "issue")
    assert codes(await gate.scan(place, scan("S-1"))) == ["wrong_warehouse"]
    (kept,) = (await gate.get("/sites/north/wrong-warehouse-scans"))["items"]
    assert (kept["document_id"], kept["document_warehouse_id"]) == (None, "back")
    place = await gate.open("back")
    await gate.begin(place, "issue")
    (accepted,) = await gate.scan(place, scan("S-1"))
    assert (accepted["goods"]["item_id"], accepted["goods"]["serial"]) == ("phone", "S-1")
    assert (await gate.post(f"{place}/finish", {"post": True}, "shop_manager")).is_success
    assert await gate.shop.books_agree()


async def test_a_case_has_a_code_of_its_own_unit(gate: Gate) -> None:
    """B6: a code stands for one unit of an item, and nothing is taken as 1:1."""
    case = {"code": "16901234567899", "item_id": "tea", "unit": "case"}
    refused = await gate.shop.post("/barcodes", {"barcodes": [case]}, "master_data")
    assert refused.json()["code"] == "unknown_unit"
    place = await gate.open()
    await gate.begin(place)
    assert codes(await gate.scan(place, scan(case["code"]))) == ["unknown_code"]
    bad = {**case, "code": "16901234567890", "unit": "box"}
    answer = await gate.shop.post("/barcodes", {"barcodes": [bad]}, "master_data")
    assert answer.json()["code"] == "bad_check_digit"


async def test_codes_are_listed_and_forgotten(gate: Gate) -> None:
    listed = (await gate.get("/barcodes", item_id="tea"))["items"]
    assert listed == [{"code": TEA_GTIN, "item_id": "tea", "unit": "box"}]
    removed = await gate.shop.post("/barcodes/remove", {"codes": [TEA_GTIN[1:]]}, "master_data")
    assert removed.status_code == 200
    assert (await gate.get("/barcodes"))["items"] == []


async def test_who_works_where_is_listed(gate: Gate) -> None:
    mine = (await gate.get("/workplaces"))["items"]
    assert [one["warehouse_id"] for one in mine] == ["back", "main"]
    first = await gate.get("/sites/north/workers", limit=1)
    second = await gate.get("/sites/north/workers", limit=1, cursor=first["next_cursor"])
    assert [one["warehouse_id"] for one in (*first["items"], *second["items"])] == ["back", "main"]
