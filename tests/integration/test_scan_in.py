"""A code scanned at the door opens the receipt, which is counted, weighed and posted at once."""

import json
import struct
import zlib
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4, uuid5

import pytest

from servicekit.clock import now

Json = dict[str, Any]


class Dock:
    """Where a site receives goods, with a registered scanner and scale."""

    def __init__(self, chain: Any, site_id: str, supplier_id: str) -> None:
        self.chain = chain
        self.site_id = site_id
        self.supplier_id = supplier_id
        self.session: tuple[str, str] | None = None
        self.gun, self.scale = f"gun-{uuid4().hex[:8]}", f"scale-{uuid4().hex[:8]}"

    async def set_up(self) -> None:
        """Register the devices at inventory."""
        for device_id, kind in ((self.gun, "scanner"), (self.scale, "scale")):
            body = {"device_id": device_id, "name": device_id, "kind": kind}
            path = f"/sites/{self.site_id}/devices"
            self.chain.must(await self.chain.post("inventory", path, body))

    async def item(self, unit: str, scale: int, **description: Any) -> str:
        """Import an item and wait until purchasing knows it."""
        item_id = f"i-{uuid4().hex[:8]}"
        body = {"item_id": item_id, "name": item_id, "base_unit": unit, "scale": scale}
        imported = {"items": [{**body, **description}]}
        self.chain.must(await self.chain.post("inventory", "/items/import", imported))

        async def known() -> bool:
            answer = await self.chain.get("purchasing", f"/reference/items/{item_id}")
            return bool(answer.is_success)

        await self.chain.eventually(known, f"purchasing to know {item_id}")
        return item_id

    async def order(self, *lines: tuple[str, str, str, str]) -> Json:
        """Order lines of (item, quantity, unit, cost of one) from the supplier."""
        names = ("item_id", "quantity", "unit", "unit_cost")
        body = {
            "supplier_id": self.supplier_id,
            "site_id": self.site_id,
            "warehouse_id": "floor",
            "currency": "USD",
            "due_date": str((now() + timedelta(days=3)).date()),
            "lines": [dict(zip(names, line, strict=True)) for line in lines],
        }
        return dict(self.chain.must(await self.chain.post("purchasing", "/orders", body)))

    async def scan(self, code: str, **more: Any) -> Any:
        """Scan a code with the scanner, in a session for the floor."""
        self.session = self.session or await self.chain.scan_session(self.site_id, device=self.gun)
        return await self.chain.scan_in(code, self.session, **more)

    async def open_with_units(self, order: Json) -> Json:
        """Scan an order's code, once purchasing knows in which other units its line comes."""

        async def opened() -> Json | None:
            found: Json = self.chain.must(await self.scan(code_of(order)))
            return found if len(found["orders"][0]["lines"][0]["units"]) > 1 else None

        return dict(await self.chain.eventually(opened, "purchasing to know the units"))

    async def receive(self, opened: Json, order_id: str, *lines: Json, **more: Any) -> Any:
        """Count what came against the lines of the order, and post it at once."""
        body = {
            "order_id": order_id,
            "opening_id": opened["opening_id"],
            "lines": list(lines),
            "post": True,
            **more,
        }
        return await self.chain.post("purchasing", "/receipts", body)

    async def send(self, path: str, content: bytes, media_type: str) -> Any:
        """Send a file to purchasing."""
        headers = {
            "Authorization": f"Bearer {self.chain._token}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": media_type,
        }
        url = self.chain.stack.info.service_urls["purchasing"] + path
        return await self.chain.http.post(url, content=content, headers=headers)

    async def booked(self, receipt: Json) -> Json:
        """Return a receipt once inventory has it on the books."""

        async def posted() -> Json | None:
            path = f"/receipts/{receipt['receipt_id']}"
            found: Json = self.chain.must(await self.chain.get("purchasing", path))
            return found if found["status"] == "posted" else None

        return dict(await self.chain.eventually(posted, "the receipt to be booked"))


@pytest.fixture
async def dock(chain: Any) -> Dock:
    """Return a dock of a new site, where a new supplier's goods may be a tenth too many."""
    supplier_id = f"sup-{uuid4().hex[:8]}"
    body = {"supplier_id": supplier_id, "name": "Farm", "over_receipt_percent": "10"}
    chain.must(await chain.post("purchasing", "/suppliers", body))
    dock = Dock(chain, await chain.make_site(), supplier_id)
    await dock.set_up()
    return dock


def code_of(order: Json) -> str:
    """Return what the QR code of an order says."""
    return f"urn:trueshelf:purchase-order:{order['order_id']}"


async def test_an_orders_code_opens_its_receipt_which_is_counted_and_posted_at_once(
    dock: Dock,
) -> None:
    """C1, B6: in a unit it was not ordered in, with batch and dates."""
    milk = await dock.item("EA", 0, tracking="batch", shelf_life_days=30)
    case = {"unit": "case", "numerator": 12, "denominator": 1}
    dock.chain.must(await dock.chain.post("inventory", f"/items/{milk}/units", case))
    order = await dock.order((milk, "30", "EA", "2"))

    opened = await dock.open_with_units(order)
    assert (opened["supplier_id"], opened["device_id"]) == (dock.supplier_id, dock.gun)
    expected, line = opened["orders"][0], opened["orders"][0]["lines"][0]
    assert (expected["number"], expected["currency"]) == (order["number"], "USD")
    assert (line["item_id"], line["unit_cost"], line["tracking"]) == (milk, "2", "batch")
    assert (line["open"], line["most"]) == ("30", "33")
    assert [(one["unit"], one["version"], one["numerator"]) for one in line["units"]] == [
        ("EA", None, 1),
        ("case", 1, 12),
    ]

    made, ends = (str(now().date() + timedelta(days=days)) for days in (-2, 28))
    came = {"batch_id": "B7", "manufactured_on": made, "expires_on": ends}
    counted = {"order_line_no": 1, "quantity": "2", "unit": "case", **came}
    receipt = dock.chain.must(await dock.receive(opened, order["order_id"], counted))
    assert (receipt["status"], receipt["opened_at"]) == ("posting", opened["opened_at"])
    [kept] = receipt["lines"]
    assert (kept["counted_quantity"], kept["counted_unit"], kept["unit_version"]) == (
        "2",
        "case",
        1,
    )
    assert (kept["quantity"], kept["unit"], kept["unit_cost"]) == ("24", "EA", "2")
    assert (kept["batch_id"], kept["manufactured_on"], kept["expires_on"]) == ("B7", made, ends)
    assert (await dock.booked(receipt))["device_id"] == dock.gun
    booked = dock.chain.must(
        await dock.chain.get("inventory", "/ledger", site_id=dock.site_id, item_id=milk)
    )
    assert [(one["change"], one["device_id"]) for one in booked["items"]] == [("24", dock.gun)]
    await dock.chain.assert_books_agree(dock.site_id)


async def test_the_time_to_keep_runs_from_the_scan(dock: Dock) -> None:
    """C6, C1: what was scanned and is not posted yet waits since then."""
    flour = await dock.item("kg", 3)
    order = await dock.order((flour, "5", "kg", "1"))
    opened = dock.chain.must(await dock.scan(code_of(order)))
    counted = {"order_line_no": 1, "quantity": "5"}
    draft = dock.chain.must(await dock.receive(opened, order["order_id"], counted, post=False))
    assert draft["status"] == "draft"
    running = await dock.chain.get("purchasing", "/clocks", kind="posting", site_id=dock.site_id)
    [clock] = dock.chain.must(running)["items"]
    assert (clock["number"], clock["started_at"]) == (draft["number"], opened["opened_at"])
    path = f"/receipts/{draft['receipt_id']}/finish"
    finished = dock.chain.must(await dock.chain.post("purchasing", path))
    assert (finished["status"], finished["posted_by"]) == ("posting", "tester")
    figures = await dock.chain.get(
        "purchasing", "/clocks/figures", kind="posting", by="site", site_id=dock.site_id
    )
    [figure] = dock.chain.must(figures)["items"]
    assert (figure["stopped"], figure["running"]) == (1, 0)
    again = await dock.chain.post("purchasing", path)
    assert (again.status_code, again.json()["code"]) == (409, "receipt_already_posted")


async def test_suppliers_and_delivery_notes_bring_up_what_the_site_waits_for(dock: Dock) -> None:
    """C1: the lines of all orders, and the note's number stands on the receipt."""
    tea = await dock.item("EA", 0)
    orders = [await dock.order((tea, quantity, "EA", "3")) for quantity in ("4", "6")]
    code = f"urn:trueshelf:supplier:{dock.supplier_id}"
    elsewhere = await dock.scan(code, site_id="elsewhere")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "scan_session_of_other_site")
    opened = dock.chain.must(await dock.scan(code, site_id=dock.site_id))
    assert [(one["order_id"], one["lines"][0]["open"]) for one in opened["orders"]] == [
        (orders[0]["order_id"], "4"),
        (orders[1]["order_id"], "6"),
    ]

    number = f"送货单/{uuid4().hex[:6]}"
    note = f"urn:trueshelf:delivery-note:{dock.supplier_id}:{quote(number, safe='')}"
    noted = dock.chain.must(await dock.scan(note))
    assert noted["delivery_note"] == number
    for order, quantity in zip(orders, ("4", "6"), strict=True):
        counted = {"order_line_no": 1, "quantity": quantity}
        receipt = dock.chain.must(await dock.receive(noted, order["order_id"], counted))
        assert receipt["delivery_note"] == number
        await dock.booked(receipt)
    nothing = await dock.scan(code)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_expected")


async def test_a_weight_is_of_a_registered_scale_and_is_kept_with_device_and_time(
    dock: Dock,
) -> None:
    """H4: gross, tare and net on the line, in the item's unit without rounding."""
    fish = await dock.item("kg", 3)
    order = await dock.order((fish, "5", "kg", "20"))
    opened = dock.chain.must(await dock.scan(code_of(order)))
    weight = {
        "scale_id": dock.scale,
        "gross": "1850",
        "tare": "350",
        "net": "1500",
        "unit": "g",
        "weighed_at": "2026-01-01T00:00:00Z",
    }
    for scale_id, refused in (("scale-9", "unknown_device"), (dock.gun, "not_a_scale")):
        line = {"order_line_no": 1, "weight": {**weight, "scale_id": scale_id}}
        answer = await dock.receive(opened, order["order_id"], line)
        assert answer.json()["code"] == refused

    async def weighed() -> Any:
        line = {"order_line_no": 1, "weight": weight}
        answer = await dock.receive(opened, order["order_id"], line)
        return None if answer.json().get("code") == "unknown_device" else answer

    answer = await dock.chain.eventually(weighed, "purchasing to know the scale")
    receipt = await dock.booked(dock.chain.must(answer))
    [kept] = receipt["lines"]
    assert (kept["quantity"], kept["unit"], kept["scale_id"]) == ("1.5", "kg", dock.scale)
    assert (kept["gross"], kept["tare"], kept["net"]) == ("1850", "350", "1500")
    assert (kept["weight_unit"], kept["weighed_at"]) == ("g", weight["weighed_at"])
    assert (await dock.chain.stock(dock.site_id, fish))["on_hand"] == "1.5"


async def test_too_much_and_unknown_units_are_refused_with_figures_and_names(dock: Dock) -> None:
    """C1, B6: short and over within the tolerance are taken, nothing is taken one to one."""
    rice = await dock.item("EA", 0)
    order = await dock.order((rice, "10", "EA", "3"))
    opened = dock.chain.must(await dock.scan(code_of(order)))
    over = (await dock.receive(opened, order["order_id"], line("12"))).json()
    assert (over["code"], over["number"]) == ("over_receipt", order["number"])
    assert (over["over_receipt_percent"], over["lines"][0]["most"]) == ("10", "11")
    wrong = [line("1", "sack"), line("1", "drum"), {**line("1"), "order_line_no": 7}]
    unknown = (await dock.receive(opened, order["order_id"], *wrong)).json()
    assert (unknown["code"], unknown["unit"]) == ("unknown_unit", "sack")
    assert [(one["code"], one["line_no"]) for one in unknown["refused"]] == [
        ("unknown_unit", 2),
        ("unknown_order_line", 3),
    ]
    short = dock.chain.must(await dock.receive(opened, order["order_id"], line("4")))
    used = (await dock.receive(opened, order["order_id"], line("7"))).json()
    assert (used["code"], used["receipt_number"]) == ("opening_used", short["number"])
    rest = dock.chain.must(await dock.scan(code_of(order)))
    assert rest["orders"][0]["lines"][0]["open"] == "6"
    await dock.booked(dock.chain.must(await dock.receive(rest, order["order_id"], line("7"))))
    await dock.booked(short)
    assert (await dock.chain.stock(dock.site_id, rice))["on_hand"] == "11"


async def test_a_photo_of_the_signed_note_is_attached_and_seen_by_its_site_alone(
    dock: Dock,
) -> None:
    """C1: a file is what its content says, and is brought back as it was."""
    tea = await dock.item("EA", 0)
    order = await dock.order((tea, "4", "EA", "3"))
    opened = dock.chain.must(await dock.scan(code_of(order)))
    receipt = dock.chain.must(await dock.receive(opened, order["order_id"], line("4")))
    path = f"/receipts/{receipt['receipt_id']}/photos"
    signed = png(16, 9)
    note = await dock.send(path, signed, "image/png")
    again = await dock.send(path, signed, "image/png")
    assert (note.status_code, again.status_code, again.json()) == (201, 200, note.json())
    for content, media_type, cause in (
        (b"<script>alert(1)</script>", "image/png", "file_mislabelled"),
        (b"%PDF-1.7 %%EOF", "application/pdf", "file_type_unknown"),
        (signed + bytes(8 * 1024 * 1024), "image/png", "file_too_large"),
    ):
        refused = await dock.send(path, content, media_type)
        assert (refused.json()["code"], refused.json()["cause"]) == ("photo_refused", cause)
    [listed] = dock.chain.must(await dock.chain.get("purchasing", path))["items"]
    assert (listed["attached_by"], listed["size_bytes"]) == ("tester", len(signed))
    place = f"{path}/{listed['photo_id']}"
    shown = await dock.chain.get("purchasing", place)
    assert (shown.content, shown.headers["content-type"]) == (signed, "image/png")
    url = dock.chain.stack.info.service_urls["purchasing"] + place
    for role, site in (("clerk", "elsewhere"), ("supplier", dock.site_id)):
        token = dock.chain.stack.token("stranger", [role], [site], 1)
        answer = await dock.chain.http.get(url, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403
    await dock.booked(receipt)


async def test_what_inventory_can_not_book_is_shown_with_its_cause_until_it_is_mended(
    dock: Dock,
) -> None:
    """C1: parked, shown and warned about, and never lost; others are booked meanwhile."""
    phone = await dock.item("EA", 0, tracking="serial")
    order = await dock.order((phone, "3", "EA", "100"))
    opened = dock.chain.must(await dock.scan(code_of(order)))
    first = {**line("1"), "serials": ["S-1"]}
    await dock.booked(dock.chain.must(await dock.receive(opened, order["order_id"], first)))
    opened = dock.chain.must(await dock.scan(code_of(order)))
    again = dock.chain.must(await dock.receive(opened, order["order_id"], first))

    async def held() -> Any:
        path = f"/receipts/{again['receipt_id']}"
        found = dock.chain.must(await dock.chain.get("purchasing", path))
        return found if found["held_since"] else None

    shown = await dock.chain.eventually(held, "the receipt to be held")
    assert (shown["status"], "S-1" in shown["held_cause"]) == ("posting", True)
    assert await warnings(dock, again) == ["warning_raised"]
    opened = dock.chain.must(await dock.scan(code_of(order)))
    other = {**line("1"), "serials": ["S-3"]}
    await dock.booked(dock.chain.must(await dock.receive(opened, order["order_id"], other)))

    listed = dock.chain.must(await dock.chain.get("inventory", "/ops/parked", limit=1000))["items"]
    (parked,) = [one for one in listed if one["key"] == again["receipt_id"]]
    mended = json.loads(parked["payload"])
    mended["lines"][0]["serials"] = ["S-2"]
    release = f"/ops/parked/{parked['number']}/release"
    dock.chain.must(await dock.chain.post("inventory", release, {"payload": mended}))
    assert (await dock.booked(again))["held_cause"] is None
    assert await warnings(dock, again) == ["warning_raised", "warning_cleared"]
    assert (await dock.chain.stock(dock.site_id, phone))["on_hand"] == "3"


async def warnings(dock: Dock, receipt: Json) -> list[str]:
    """Return the types of what was told of a receipt that is held."""
    key = uuid5(UUID(receipt["receipt_id"]), "booking_held")
    topic = "purchasing.warning.v1"
    page = await dock.chain.get("purchasing", "/events", topic=topic, key=key)
    return [one["type"].split(".")[-2] for one in dock.chain.must(page)["items"]]


def png(width: int, height: int) -> bytes:
    """Return a black picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 1) * height))
    parts = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def line(quantity: str, unit: str | None = None) -> Json:
    """Return what was counted of the order's first line."""
    return {"order_line_no": 1, "quantity": quantity, "unit": unit}
