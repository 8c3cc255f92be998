"""Transfers in two steps: goods in transit, short and over, lost, and every way back (A4, B3)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import StockArrived, StockDispatched, StockGained, StockIssued
from servicekit.clock import now

THERE = {"to_site_id": "south", "to_warehouse_id": "back"}


class Road:
    """Goods on their way from the main warehouse in the north to another one."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.shop = desk.shop

    async def dispatch(self, *lines: Any, **more: Any) -> Any:
        """Return a posted dispatch."""
        return await self.desk.post("transfer_dispatch", *lines, **(THERE | more))

    async def arrive(self, dispatch: Any, *lines: Any, what: str = "arrivals", **more: Any) -> Any:
        """Return a posted arrival, or loss, of lines (number, quantity); of all without lines."""
        drafted = await self.draft(dispatch, *lines, what=what, **more)
        assert drafted.status_code == 201, drafted.text
        await self.desk.step(drafted.json(), "audit")
        return await self.desk.step(drafted.json(), "post")

    async def draft(self, dispatch: Any, *lines: Any, what: str = "arrivals", **more: Any) -> Any:
        """Ask for the draft of an arrival or a loss."""
        given = [{"dispatch_line_no": no, "quantity": quantity} for no, quantity in lines]
        path = f"/transfers/{dispatch['document_id']}/{what}"
        return await self.desk.send(path, {"lines": given, **more}, "clerk")

    async def open(self, **asked: Any) -> list[tuple[str, str]]:
        """Return what is in transit."""
        page = await self.shop.get("/transfers/open", **asked)
        return [(one["item_id"], one["outstanding"]) for one in page["items"]]


@pytest.fixture
async def road(desk: Any) -> Road:
    """Return the road, with goods where it begins."""
    await desk.shop.receive(("tea", "20"), ("rice", "5"))
    return Road(desk)


async def test_what_is_dispatched_is_in_transit_until_it_arrives(shop: Any, road: Road) -> None:
    """A4, B3."""
    due = now() + timedelta(days=2)
    sent = await road.dispatch(("tea", "12"), ("rice", "1.5"), expected_at=due.isoformat())
    assert await road.desk.figures("tea") == ("8", "8", "0", "0")
    assert await road.open() == [("tea", "12"), ("rice", "1.5")]
    assert await road.open(to_site_id="north") == []
    (tea, _) = (await shop.get("/transfers/open", item_id="tea"))["items"], None
    assert (tea[0]["dispatch_number"], tea[0]["overdue"]) == (sent["number"], False)
    assert tea[0]["age_seconds"] >= 0
    await road.arrive(sent)
    assert await road.open() == []
    assert await road.desk.figures("tea", site="south", warehouse="back") == ("12", "12", "0", "0")
    dispatched, arrived = await shop.facts(StockDispatched), await shop.facts(StockArrived)
    assert [(one.to_site_id, one.to_warehouse_id) for one in dispatched] == [("south", "back")] * 2
    said = [(one.from_site_id, one.dispatch_sequence, one.outstanding) for one in arrived]
    assert said == [("north", dispatched[0].sequence, 0), ("north", dispatched[1].sequence, 0)]
    assert await shop.books_agree()


async def test_goods_arrive_in_parts_and_what_is_short_stays_in_transit(
    shop: Any, road: Road
) -> None:
    """A4."""
    sent = await road.dispatch(("tea", "12"))
    await road.arrive(sent, (1, "5"))
    assert await road.open() == [("tea", "7")]
    await road.arrive(sent, (1, "4"), (1, "1"))
    assert await road.open() == [("tea", "2")]
    arrived = await shop.facts(StockArrived)
    assert [(one.quantity, one.dispatched, one.outstanding) for one in arrived] == [
        (5, 12, 7),
        (4, 12, 3),
        (1, 12, 2),
    ]
    await road.arrive(sent)
    nothing = await road.draft(sent)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_in_transit")


async def test_what_never_arrives_is_declared_lost_by_a_second_person(
    shop: Any, road: Road
) -> None:
    """A4."""
    sent = await road.dispatch(("tea", "12"))
    await road.arrive(sent, (1, "10"))
    lost = await road.draft(sent, what="loss", reason="fell off the lorry")
    own = await road.desk.refused(lost.json(), "audit", "clerk")
    assert own["code"] == "role_missing"
    await road.desk.step(lost.json(), "audit")
    await road.desk.step(lost.json(), "post")
    assert await road.open() == []
    stock = await road.desk.figures("tea", site="south", warehouse="back")
    assert stock == ("10", "10", "0", "0")
    (issued,) = await shop.facts(StockIssued)
    assert (issued.site_id, issued.quantity, issued.reason) == ("south", 2, "transfer_loss")
    assert [one.outstanding for one in await shop.facts(StockArrived)] == [2, 0]
    assert await shop.books_agree()


async def test_more_than_dispatched_arrives_within_the_tolerance_only(
    shop: Any, road: Road
) -> None:
    """A4."""
    strict = await road.dispatch(("tea", "5"))
    over = (await road.draft(strict, (1, "6"))).json()
    await road.desk.step(over, "audit")
    refused = await road.desk.refused(over, "post")
    said = {name: refused[name] for name in ("code", "outstanding", "tolerated")}
    assert said == {"code": "more_than_in_transit", "outstanding": "5", "tolerated": "0"}
    lenient = await road.dispatch(("tea", "10"), over_percent=10)
    await road.arrive(lenient, (1, "11"))
    (gained,) = await shop.facts(StockGained)
    assert (gained.quantity, gained.reason) == (1, "transfer_surplus")
    more = (await road.draft(lenient, (1, "1"))).json()
    await road.desk.step(more, "audit")
    assert (await road.desk.refused(more, "post"))["tolerated"] == "0"
    assert await shop.books_agree()


async def test_transfers_between_warehouses_of_a_site_go_the_same_way(
    shop: Any, road: Road
) -> None:
    """A4."""
    sent = await road.dispatch(("tea", "12"), to_site_id="north")
    await road.arrive(sent, (1, "12"))
    assert await road.desk.figures("tea", warehouse="back") == ("12", "12", "0", "0")
    (arrived,) = await shop.facts(StockArrived)
    assert (arrived.from_site_id, arrived.dispatch_sequence, arrived.sequence) == ("north", 2, 3)
    same = await road.desk.ask(
        "transfer_dispatch", ("tea", "1"), to_site_id="north", to_warehouse_id="main"
    )
    assert same.json()["code"] == "transfer_to_same_place"
    lacking = await road.desk.ask("transfer_dispatch", ("tea", "1"))
    assert lacking.json()["missing"] == ["to_site_id", "to_warehouse_id"]
    assert await shop.books_agree()


async def test_every_step_of_a_transfer_is_taken_back_in_turn(shop: Any, road: Road) -> None:
    """A4."""
    sent = await road.dispatch(("tea", "10"), over_percent=20)
    part = await road.arrive(sent, (1, "4"))
    lost = await road.arrive(sent, (1, "1"), what="loss", reason="broken")
    over = await road.arrive(sent, (1, "7"))
    early = await road.desk.refused(sent, "reverse", reason="back")
    assert (early["code"], early["outstanding"]) == ("dispatch_arrived", "0")
    await road.desk.step(over, "reverse", reason="not ours")
    assert await road.open() == [("tea", "5")]
    await road.desk.step(lost, "reverse", reason="found")
    assert await road.open() == [("tea", "6")]
    await road.desk.step(part, "reverse", reason="not ours")
    assert await road.open() == [("tea", "10")]
    stock = await road.desk.figures("tea", site="south", warehouse="back")
    assert stock == ("0", "0", "0", "0")
    late = (await road.draft(sent, (1, "1"))).json()
    await road.desk.step(late, "audit")
    await road.desk.step(sent, "reverse", reason="back")
    assert await road.open() == []
    assert await road.desk.figures("tea") == ("20", "20", "0", "0")
    assert (await road.desk.refused(late, "post"))["code"] == "more_than_in_transit"
    gone = await road.draft(sent)
    assert gone.json()["code"] == "transfer_not_dispatched"
    assert await shop.books_agree()


async def test_what_was_in_transit_is_known_of_every_past_moment(shop: Any, road: Road) -> None:
    """A4, A9: arrivals, losses, what came too much, and everything that was taken back."""
    moments = []

    async def seen() -> None:
        page = await shop.get("/transfers/open")
        said = [(one["item_id"], one["outstanding"], one["surplus"]) for one in page["items"]]
        moments.append((now().isoformat(), said))

    await seen()
    sent = await road.dispatch(("tea", "10"), ("rice", "1.5"), over_percent=20)
    await seen()
    part = await road.arrive(sent, (1, "4"))
    await seen()
    lost = await road.arrive(sent, (1, "1"), (2, "1.5"), what="loss", reason="broken")
    await seen()
    over = await road.arrive(sent, (1, "7"))
    await seen()
    await road.dispatch(("tea", "2"))
    await seen()
    for document in (over, lost, part, sent):
        await road.desk.step(document, "reverse", reason="not ours")
        await seen()
    assert [said for _, said in moments][1:5] == [
        [("tea", "10", "0"), ("rice", "1.5", "0")],
        [("tea", "6", "0"), ("rice", "1.5", "0")],
        [("tea", "5", "0")],
        [],
    ]
    for moment, said in moments:
        page = await shop.get("/transfers/open", as_of=moment)
        told = [(one["item_id"], one["outstanding"], one["surplus"]) for one in page["items"]]
        assert told == said, moment
    then = await shop.get("/transfers/open", as_of=moments[1][0], limit=1)
    asked = {"as_of": moments[1][0], "cursor": then["next_cursor"]}
    rest = await shop.get("/transfers/open", **asked)
    assert [one["item_id"] for one in (*then["items"], *rest["items"])] == ["tea", "rice"]
    assert (then["items"][0]["age_seconds"], then["items"][0]["overdue"]) == (0, False)


async def test_nobody_knows_what_will_be_in_transit(shop: Any) -> None:
    headers = shop.service.headers(["service"], ["*"])
    for path in ("/transfers/open", "/batches/expiring"):
        asked = {"as_of": "2999-01-01T00:00:00Z"}
        answer = await shop.service.api.get(path, params=asked, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "moment_to_come")


async def test_of_many_arrivals_at_once_no_more_arrive_than_were_sent(
    shop: Any, road: Road
) -> None:
    """A4."""
    sent = await road.dispatch(("tea", "12"))
    drafts = [(await road.draft(sent, (1, "5"))).json() for _ in range(6)]
    for draft in drafts:
        await road.desk.step(draft, "audit")
    paths = [f"/documents/{draft['document_id']}/post" for draft in drafts]
    recall = road.desk.send(f"/documents/{sent['document_id']}/reverse", {"reason": "back"})
    answers = await shop.at_once(*(road.desk.send(path) for path in paths), recall)
    *arrived, recalled = [answer.status_code for answer in answers]
    if recalled == 201:
        assert arrived == [409] * 6
        assert await road.desk.figures("tea") == ("20", "20", "0", "0")
    else:
        assert sorted(arrived) == [200, 200, 409, 409, 409, 409]
        assert await road.open() == [("tea", "2")]
    assert await shop.books_agree()


async def test_what_is_coming_is_known_to_who_waits_for_it(shop: Any, road: Road) -> None:
    """B3: what is expected first comes first, and what has arrived is not in it."""
    soon, later = (str(now() + timedelta(days=days)) for days in (1, 3))
    await road.dispatch(("tea", "1"))
    await road.dispatch(("tea", "2"), ("rice", "1"), expected_at=later.replace(" ", "T"))
    await road.dispatch(("tea", "3"), expected_at=soon.replace(" ", "T"))
    await road.arrive(await road.dispatch(("tea", "4"), expected_at=soon.replace(" ", "T")))
    for site, warehouse, expected in (
        ("south", "main", ["3", "2", "1"]),
        ("south", "back", ["3", "2", "1"]),
        ("north", "main", []),
    ):
        asked = {"site_id": site, "warehouse_id": warehouse, "item_id": "tea", "quantity": "99"}
        (line,) = (await shop.get("/reservations/explanations", **asked))["lines"]
        assert [one["quantity"] for one in line["in_transit"]] == expected


async def test_goods_arrive_where_they_were_sent_and_as_what_was_sent(
    shop: Any, road: Road
) -> None:
    sent = await road.dispatch(("tea", "10"))
    given = {"dispatch_id": sent["document_id"], **THERE}
    where = {"site_id": "south", "warehouse_id": "back", "dispatch_id": sent["document_id"]}
    elsewhere = await road.desk.ask(
        "transfer_arrival", ("tea", "1", {"dispatch_line_no": 1}), **given
    )
    assert elsewhere.json()["code"] == "transfer_wrong_destination"
    for line in (("rice", "1", {"dispatch_line_no": 1}), ("tea", "1", {"dispatch_line_no": 2})):
        other = await road.desk.ask("transfer_arrival", line, **where)
        assert other.json()["code"] == "transfer_line_differs"
    nameless = await road.desk.ask(
        "transfer_arrival", ("tea", "1"), **where | {"dispatch_id": None}
    )
    assert nameless.json()["missing"] == ["dispatch_id"]
    receipt = await road.desk.post("receipt", ("tea", "1"))
    wrong = await road.draft(receipt)
    assert wrong.json()["code"] == "transfer_not_dispatched"


async def test_batches_serials_and_units_go_along(shop: Any, road: Road) -> None:
    """B5, B6."""
    items = [
        {"item_id": "milk", "name": "Milk", "base_unit": "box", "scale": 0, "tracking": "batch"},
        {"item_id": "till", "name": "Till", "base_unit": "box", "scale": 0, "tracking": "serial"},
    ]
    await shop.post("/items/import", {"items": items}, "master_data")
    await shop.post("/items/milk/units", {"unit": "crate", "numerator": 12}, "master_data")
    batch = {"batch_id": "L1", "expires_on": "2099-01-31"}
    named = await shop.post("/items/milk/batches", batch, "clerk")
    assert named.status_code == 201, named.text
    crates = ("milk", "2", {"batch_id": "L1", "unit": "crate"})
    await road.desk.post("receipt", crates, ("till", "2", {"serials": ["S1", "S2"]}))
    nameless = await road.desk.ask("issue", ("milk", "1"))
    assert nameless.json()["code"] == "batch_missing"
    nameless = await road.desk.ask("issue", ("till", "1"))
    assert nameless.json()["code"] == "serials_missing"
    sent = await road.dispatch(
        ("milk", "5", {"batch_id": "L1"}), ("till", "1", {"serials": ["S2"]})
    )
    got = await road.draft(sent)
    assert got.json()["code"] == "serials_missing"
    lines = [
        {"dispatch_line_no": 1, "quantity": "5"},
        {"dispatch_line_no": 2, "quantity": "1", "serials": ["S2"]},
    ]
    arrival = await road.desk.send(
        f"/transfers/{sent['document_id']}/arrivals", {"lines": lines}, "clerk"
    )
    assert arrival.status_code == 201, arrival.text
    await road.desk.step(arrival.json(), "audit")
    posted = await road.desk.step(arrival.json(), "post")
    milk, till = posted["lines"]
    assert (milk["batch_id"], milk["quantity"], till["serials"]) == ("L1", "5", ["S2"])
    assert await road.desk.figures("milk") == ("19", "19", "0", "0")
    there = await road.desk.draft("issue", ("till", "1", {"serials": ["S2"]}))
    await road.desk.step(there, "audit")
    assert (await road.desk.refused(there, "post"))["code"] == "serial_not_there"
    assert await shop.books_agree()


async def test_what_needs_inspection_waits_for_it_wherever_it_comes_in(
    shop: Any, road: Road
) -> None:
    """A5."""
    quarantine = {"warehouse_id": "back", "name": "back", "inspect_on_receipt": True}
    await shop.post("/sites/south/warehouses", quarantine, "master_data")
    sent = await road.dispatch(("tea", "10"))
    arrived = await road.arrive(sent)
    assert arrived["lines"][0]["rule"] == "inspect_on_receipt:warehouse:back"
    where = {"site": "south", "warehouse": "back"}
    assert await road.desk.figures("tea", **where) == ("10", "0", "10", "0")
    await road.desk.post("receipt", ("tea", "1"), site_id="south", warehouse_id="back")
    assert await road.desk.figures("tea", **where) == ("11", "0", "11", "0")


async def test_units_go_back_the_way_they_came(shop: Any, road: Road) -> None:
    """A4, H4."""
    till = {"item_id": "till", "name": "Till", "base_unit": "box", "scale": 0, "tracking": "serial"}
    await shop.post("/items/import", {"items": [till]}, "master_data")
    unit = ("till", "1", {"serials": ["S1"]})

    async def state() -> str:
        (one,) = (await shop.get("/items/till/serials"))["items"]
        return str(one["state"])

    came = await road.desk.post("receipt", unit)
    sent = await road.dispatch(unit)
    body = {"lines": [{"dispatch_line_no": 1, "quantity": "1", "serials": ["S1"]}]}
    path = f"/transfers/{sent['document_id']}/arrivals"
    arrival = (await road.desk.send(path, body, "clerk")).json()
    await road.desk.step(arrival, "audit")
    await road.desk.step(arrival, "post")
    seen = [await state()]
    for document in (arrival, sent, came):
        await road.desk.step(document, "reverse", reason="wrong van")
        seen.append(await state())
    assert seen == ["in_stock", "in_transit", "in_stock", "issued"]
    assert await shop.books_agree()


async def test_a_unit_is_with_its_customer_again_when_its_receipt_is_taken_back(
    shop: Any, road: Road
) -> None:
    """A1, H4: and not used up, so that the customer can still return it."""
    till = {"item_id": "till", "name": "Till", "base_unit": "box", "scale": 0, "tracking": "serial"}
    await shop.post("/items/import", {"items": [till]}, "master_data")
    unit = ("till", "1", {"serials": ["S1"]})
    await road.desk.post("receipt", unit)
    line = {"item_id": "till", "quantity": "1", "unit": "box", "serials": ["S1"]}
    place = {"site_id": "north", "warehouse_id": "main", "order_id": str(uuid4())}
    held = (await shop.post("/reservations", {**place, "lines": [line]})).json()
    assert (await shop.confirm(held)).status_code == 200
    await shop.service.deliver(shop.shipment(held))
    assert await shop.parked() == []
    wrong = await road.desk.post("receipt", unit)
    await road.desk.step(wrong, "reverse", reason="another till")
    (one,) = (await shop.get("/items/till/serials"))["items"]
    assert one["state"] == "shipped"
    assert await shop.books_agree()


class Van:
    """Tills, each with a number of its own, on their way."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self.desk = road.desk

    async def send(self, *serials: str, **more: Any) -> Any:
        """Return the dispatch of these units, which came in before."""
        await self.desk.post("receipt", self.line(serials))
        return await self.road.dispatch(self.line(serials), **more)

    @staticmethod
    def line(serials: Sequence[str]) -> Any:
        return ("till", str(len(serials)), {"serials": list(serials)})

    async def draft(self, sent: Any, *serials: str, what: str = "arrivals", **more: Any) -> Any:
        """Ask for the arrival, or the loss, of units; without any, of all that is awaited."""
        line = {"dispatch_line_no": 1, "quantity": str(len(serials)), "serials": serials}
        body = {"lines": [line] if serials else [], **more}
        return await self.desk.send(f"/transfers/{sent['document_id']}/{what}", body, "clerk")

    async def arrive(self, sent: Any, *serials: str, **more: Any) -> Any:
        """Return a posted arrival, or loss."""
        draft = (await self.draft(sent, *serials, **more)).json()
        await self.desk.step(draft, "audit")
        return await self.desk.step(draft, "post")

    async def awaited(self, **asked: Any) -> list[tuple[str, list[str]]]:
        """Return how many units are in transit, and which."""
        page = await self.road.shop.get("/transfers/open", **asked)
        return [(one["outstanding"], one["serials"]) for one in page["items"]]

    async def states(self) -> dict[str, str]:
        """Return what became of each unit."""
        page = await self.road.shop.get("/items/till/serials")
        return {one["serial_no"]: one["state"] for one in page["items"]}


@pytest.fixture
async def van(shop: Any, road: Road) -> Van:
    """Return the van."""
    till = {"item_id": "till", "name": "Till", "base_unit": "box", "scale": 0, "tracking": "serial"}
    await shop.post("/items/import", {"items": [till]}, "master_data")
    return Van(road)


async def test_a_unit_that_was_not_dispatched_does_not_arrive_for_one_that_was(
    shop: Any, van: Van
) -> None:
    """A4: it is over receipt, by its number, and the one that was sent stays in transit."""
    strict = await van.send("S1", "S2")
    draft = (await van.draft(strict, "S9")).json()
    await van.desk.step(draft, "audit")
    refused = await van.desk.refused(draft, "post")
    assert (refused["code"], refused["serials"], refused["awaited"]) == (
        "more_than_in_transit",
        "S9",
        "S1, S2",
    )
    assert await van.awaited() == [("2", ["S1", "S2"])]
    lenient = await van.send("T1", "T2", over_percent=50)
    over = await van.arrive(lenient, "T9", "T2")
    (arrived,), (gained,) = await shop.facts(StockArrived), (await shop.facts(StockGained))[-1:]
    assert (arrived.serials, gained.serials, gained.reason) == (
        ("T2",),
        ("T9",),
        "transfer_surplus",
    )
    assert await van.awaited() == [("2", ["S1", "S2"]), ("1", ["T1"])]
    await van.desk.step(over, "reverse", reason="wrong van")
    assert await van.awaited() == [("2", ["S1", "S2"]), ("2", ["T1", "T2"])]
    states = await van.states()
    assert (states["T1"], states["T2"], states["T9"]) == ("in_transit", "in_transit", "issued")
    assert await shop.books_agree()


async def test_units_that_do_not_arrive_are_short_and_lost_by_their_numbers(
    shop: Any, van: Van
) -> None:
    """A4: without lines, those are lost that are still awaited; no others can be."""
    sent = await van.send("S1", "S2", "S3")
    await van.arrive(sent, "S2")
    between = now().isoformat()
    assert await van.awaited() == [("2", ["S1", "S3"])]
    other = await van.draft(sent, "S9", what="loss", reason="broken")
    assert other.json()["code"] == "transfer_line_differs"
    late = (await van.draft(sent, "S2", what="loss", reason="broken")).json()
    await van.desk.step(late, "audit")
    assert (await van.desk.refused(late, "post"))["serials"] == "S2"
    lost = await van.arrive(sent, what="loss", reason="broken")
    assert lost["lines"][0]["serials"] == ["S1", "S3"]
    assert await van.awaited() == []
    assert await van.awaited(as_of=between) == [("2", ["S1", "S3"])]
    assert await van.states() == {"S1": "issued", "S2": "in_stock", "S3": "issued"}
    await van.desk.step(lost, "reverse", reason="found")
    assert await van.awaited() == [("2", ["S1", "S3"])]
    await van.arrive(sent, "S3", "S1")
    assert set((await van.states()).values()) == {"in_stock"}
    assert await shop.books_agree()
