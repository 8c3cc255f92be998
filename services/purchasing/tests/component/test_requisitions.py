"""C1: sites ask for goods, others agree, and buyers order what was asked for, in parts."""

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from contracts.purchasing import RequisitionClosed, RequisitionFact, RequisitionReopened
from servicekit.clock import now

TEA = {
    "item_id": "tea",
    "warehouse_id": "main",
    "quantity": "2",
    "unit": "case",
    "needed_by": "2099-02-01",
    "supplier_id": "acme",
    "note": "for the fair",
}
RICE = {
    "item_id": "rice",
    "warehouse_id": "main",
    "quantity": "20.5",
    "unit": "kg",
    "needed_by": "2099-03-01",
}


async def ask(desk: Any, *lines: Any, site_id: str = "sh-01", **more: Any) -> Any:
    extra = {name: more.pop(name) for name in ("key", "subject", "sites") if name in more}
    body = {"site_id": site_id, "lines": list(lines) or [TEA], **more}
    return await desk.send("/requisitions", body, "clerk", **{"subject": "li", **extra})


async def step(
    desk: Any, asked: Any, name: str, body: Any = None, role: str = "clerk", **extra: Any
) -> Any:
    place = f"/requisitions/{asked['requisition_id']}/{name}"
    return await desk.send(place, body, role, **{"subject": "li", **extra})


async def approved(desk: Any, *lines: Any, **more: Any) -> Any:
    asked = (await ask(desk, *lines, **more)).json()
    answer = await step(desk, asked, "approve", role="shop_manager", subject="bo")
    assert answer.status_code == 200, answer.text
    return answer.json()


def pick(asked: Any, line_no: int = 1, **more: Any) -> Any:
    return {"requisition_id": asked["requisition_id"], "line_no": line_no, **more}


async def order(desk: Any, *picks: Any, **more: Any) -> Any:
    return await desk.send("/requisitions/order", {"lines": list(picks), **more}, "buyer")


async def seen(desk: Any, asked: Any) -> Any:
    return await desk.read(f"/requisitions/{asked['requisition_id']}")


async def agree_price(desk: Any, unit_cost: str = "120", **changes: Any) -> None:
    body = {
        "item_id": "tea",
        "unit": "case",
        "currency": "CNY",
        "valid_from": "2020-01-01",
        "breaks": [{"unit_cost": unit_cost}],
        **changes,
    }
    assert (await desk.send("/suppliers/acme/prices", body, "buyer")).status_code == 201


async def facts(desk: Any) -> list[Any]:
    return [one for one in await desk.service.events() if isinstance(one, RequisitionFact)]


async def test_a_requisition_is_asked_for_approved_and_ordered_in_parts(desk: Any) -> None:
    await agree_price(desk)
    asked = (await ask(desk, TEA, RICE, note="fair")).json()
    assert (asked["status"], asked["author"], asked["note"]) == ("submitted", "li", "fair")
    assert [one["unit_cost"] for one in asked["lines"]] == ["120", None]
    early = await order(desk, pick(asked))
    assert (early.status_code, early.json()["code"]) == (409, "requisition_step_refused")
    answer = await step(desk, asked, "approve", role="finance", subject="fei")
    assert (answer.json()["status"], answer.json()["approved_by"]) == ("approved", "fei")

    made = (await order(desk, pick(asked, quantity="1"))).json()
    (first,) = made["orders"]
    assert (first["supplier_id"], first["status"], first["due_date"]) == (
        "acme",
        "placed",
        "2099-02-01",
    )
    assert (first["lines"][0]["unit_cost"], first["lines"][0]["price_source"]) == ("120", "list")
    assert made["requisitions"][0]["status"] == "ordering"
    rest = [pick(asked), pick(asked, 2, supplier_id="acme", unit_cost="6")]
    made = (await order(desk, *rest)).json()
    (second,) = made["orders"]
    assert [(one["quantity"], one["unit"]) for one in second["lines"]] == [
        ("1", "case"),
        ("20.5", "kg"),
    ]
    assert second["lines"][1]["deliveries"] == [{"due_date": "2099-03-01", "quantity": "20.5"}]
    (closed,) = made["requisitions"]
    assert closed["status"] == "closed"
    assert [one["number"] for one in closed["lines"][0]["orders"]] == [
        first["number"],
        second["number"],
    ]
    assert await seen(desk, asked) == closed
    kinds = [type(one).__name__.removeprefix("Requisition") for one in await facts(desk)]
    assert kinds == ["Submitted", "Approved", "Ordered", "Ordered", "Closed"]


async def test_it_keeps_who_took_each_step_and_which_order_did(desk: Any) -> None:
    asked = await approved(desk)
    halves = [(await order(desk, pick(asked, quantity="1", unit_cost="9"))).json() for _ in "12"]
    first, second = (one["orders"][0]["number"] for one in halves)
    kept = (await desk.read(f"/requisitions/{asked['requisition_id']}/steps"))["items"]
    assert [(one["status"], one["by"], one["reason"]) for one in kept] == [
        ("closed", "tester", second),
        ("ordering", "tester", first),
        ("approved", "bo", None),
        ("submitted", "li", None),
    ]


async def test_lines_of_several_sites_become_one_order_for_each_supplier_and_place(
    desk: Any,
) -> None:
    await desk.supplier(supplier_id="other")
    there = await approved(desk, TEA, RICE)
    elsewhere = await approved(desk, TEA, site_id="bj-01")
    again = await approved(desk, TEA)
    made = (
        await order(
            desk,
            pick(there, unit_cost="9"),
            pick(there, 2, supplier_id="other", unit_cost="6"),
            pick(elsewhere, unit_cost="9"),
            pick(again, unit_cost="9"),
        )
    ).json()
    assert [(one["site_id"], one["supplier_id"], len(one["lines"])) for one in made["orders"]] == [
        ("bj-01", "acme", 1),
        ("sh-01", "acme", 2),
        ("sh-01", "other", 1),
    ]
    assert {one["status"] for one in made["requisitions"]} == {"closed"}


async def test_an_order_that_falls_through_opens_the_requisition_again(desk: Any) -> None:
    asked = await approved(desk)
    (first,) = (await order(desk, pick(asked, unit_cost="9"))).json()["orders"]
    place = f"/orders/{first['order_id']}"
    await desk.send(f"{place}/cancel", {"reason": "strike"}, "buyer")
    (line,) = (await seen(desk, asked))["lines"]
    assert (line["ordered"], line["open"], line["orders"][0]["status"]) == ("0", "24", "cancelled")
    last = (await facts(desk))[-1]
    assert isinstance(last, RequisitionReopened)
    assert (last.reason, last.lines[0].open) == (first["number"], 24)
    assert (await seen(desk, asked))["status"] == "approved"


async def test_an_order_closed_short_opens_what_did_not_come_and_shows_what_did(desk: Any) -> None:
    asked = await approved(desk)
    (first,) = (await order(desk, pick(asked, unit_cost="9"))).json()["orders"]
    receipt = (await desk.draft(first["order_id"], (1, "0.5"))).json()
    assert (await seen(desk, asked))["lines"][0]["orders"][0]["arriving"] == "6"
    for name in ("audit", "post"):
        await desk.step(receipt["receipt_id"], name)
    await desk.send(f"/orders/{first['order_id']}/close", {"reason": "enough"}, "buyer")
    now_open = await seen(desk, asked)
    (line,) = now_open["lines"]
    assert (line["received"], line["ordered"], line["open"]) == ("6", "6", "18")
    assert now_open["status"] == "ordering"
    made = (await order(desk, pick(asked, unit_cost="1"))).json()
    told = [(one["quantity"], one["unit"]) for one in made["orders"][0]["lines"]]
    assert told == [("1.5", "case")]
    assert isinstance((await facts(desk))[-1], RequisitionClosed)


async def test_a_line_cut_down_on_its_order_is_open_by_as_much(desk: Any) -> None:
    asked = await approved(desk)
    (first,) = (await order(desk, pick(asked, unit_cost="9"))).json()["orders"]
    place = f"/orders/{first['order_id']}/change"
    wanted = {"line_no": 1, "quantity": "1.5"}
    await desk.send(place, {"reason": "short", "lines": [wanted]}, "buyer")
    assert (await seen(desk, asked))["lines"][0]["open"] == "6"
    await desk.send(
        place, {"reason": "none", "lines": [{"line_no": 1, "cancel_rest": True}]}, "buyer"
    )
    assert (await seen(desk, asked))["lines"][0]["open"] == "24"


async def test_nobody_approves_their_own_nor_beyond_their_limit(desk: Any) -> None:
    await agree_price(desk)
    limit = {"role": "shop_manager", "currency": "CNY", "amount": "200"}
    await desk.send("/approval-limits", limit, "finance")
    await desk.send("/approval-limits", {**limit, "role": "finance", "amount": None}, "finance")
    asked = (await ask(desk)).json()
    refused = await step(desk, asked, "approve", role="shop_manager", subject="bo")
    assert (refused.status_code, refused.json()["code"]) == (422, "over_approval_limit")
    own = await step(desk, asked, "approve", role="finance")
    assert own.json()["code"] == "approver_is_author"
    small = (await ask(desk, {**TEA, "quantity": "1"})).json()
    answer = await step(desk, small, "approve", role="shop_manager", subject="bo")
    assert answer.json()["status"] == "approved"


async def test_what_is_refused_says_what_would_help(desk: Any) -> None:
    asked = await approved(desk, TEA, RICE)
    for picks, code in (
        ([pick(asked, 2)], "supplier_missing"),
        ([pick(asked, 3)], "unknown_requisition_line"),
        ([pick(asked), pick(asked)], "requisition_line_picked_twice"),
        ([pick(asked, unit="box")], "unit_without_quantity"),
        ([pick(asked, quantity="3", unit_cost="9")], "more_than_requisitioned"),
        ([pick(asked)], "no_price_agreed"),
        ([pick(asked, supplier_id="nobody")], "unknown_supplier"),
        ([pick({"requisition_id": "0193a0b0-0000-7000-8000-000000000051"})], "unknown_requisition"),
    ):
        refused = await order(desk, *picks)
        assert (refused.json()["code"], refused.status_code // 100) == (code, 4)
    assert (await seen(desk, asked))["status"] == "approved"
    await order(desk, pick(asked, unit_cost="9"))
    gone = await order(desk, pick(asked, unit_cost="9"))
    assert gone.json()["code"] == "requisition_line_not_open"


async def test_what_is_needed_sooner_than_a_supplier_delivers_is_due_when_it_does(
    desk: Any,
) -> None:
    """C5: an order that is overdue from the start would suspend its supplier for nothing."""
    body = {"supplier_id": "acme", "name": "Acme", "lead_days": 5}
    assert (await desk.send("/suppliers", body, "buyer")).status_code == 201
    asked = await approved(desk, {**TEA, "needed_by": "2020-01-01"})
    (made,) = (await order(desk, pick(asked, unit_cost="9"))).json()["orders"]
    assert made["due_date"] == str((now() + timedelta(hours=8)).date() + timedelta(days=5))


async def test_a_draft_is_written_anew_until_it_is_submitted(desk: Any) -> None:
    draft = (await ask(desk, TEA, RICE, draft=True)).json()
    assert (draft["status"], await facts(desk)) == ("draft", [])
    body = {"lines": [{**RICE, "quantity": "3"}]}
    changed = (await step(desk, draft, "change", body, **{"If-Match": '"1"'})).json()
    assert [(one["item_id"], one["open"]) for one in changed["lines"]] == [("rice", "3")]
    stale = await step(desk, draft, "change", body, **{"If-Match": '"1"'})
    assert stale.json()["code"] == "version_conflict"
    await step(desk, draft, "submit")
    assert (await step(desk, draft, "change", body)).json()["code"] == "requisition_step_refused"
    back = await step(desk, draft, "send-back", {"reason": "how much?"}, "buyer", subject="bo")
    assert back.json()["status"] == "draft"
    await step(desk, draft, "submit")
    rejected = await step(desk, draft, "reject", {"reason": "no"}, "buyer", subject="bo")
    assert rejected.json()["status"] == "rejected"


async def test_the_rest_is_given_up_and_what_is_ordered_is_not_cancelled(desk: Any) -> None:
    asked = await approved(desk)
    await order(desk, pick(asked, quantity="1", unit_cost="9"))
    refused = await step(desk, asked, "cancel", {"reason": "no"})
    assert refused.json()["code"] == "requisition_partly_ordered"
    closed = (await step(desk, asked, "close", {"reason": "enough"})).json()
    assert (closed["status"], closed["lines"][0]["given_up"]) == ("closed", "12")
    other = await approved(desk)
    assert (await step(desk, other, "cancel", {"reason": "no"})).json()["status"] == "cancelled"


async def test_two_buyers_at_once_order_what_is_open_once(desk: Any) -> None:
    asked = await approved(desk)
    answers = await asyncio.gather(*(order(desk, pick(asked, unit_cost="9")) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert (await seen(desk, asked))["lines"][0]["ordered"] == "24"


async def test_the_same_wish_sent_again_is_one_requisition(desk: Any) -> None:
    """B8."""
    answers = [await ask(desk, key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await desk.read("/requisitions"))["items"]) == 1


async def test_requisitions_are_found_and_only_those_of_the_callers_sites(desk: Any) -> None:
    mine, other = await approved(desk), await approved(desk, RICE, site_id="bj-01")
    (made,) = (await order(desk, pick(mine, unit_cost="9"))).json()["orders"]

    async def found(sites: Any = ("*",), **asked: Any) -> list[str]:
        page = await desk.read("/requisitions", sites, **asked)
        return [one["number"] for one in page["items"]]

    assert await found() == [other["number"], mine["number"]]
    assert await found(["bj-01"]) == [other["number"]]
    code = f"urn:trueshelf:requisition:{mine['requisition_id']}"
    for asked in (
        {"item_id": "tea"},
        {"status": "closed"},
        {"supplier_id": "acme"},
        {"order_id": made["order_id"]},
        {"needed_until": "2099-02-15"},
        {"number": mine["number"]},
        {"code": code},
        {"author": "li", "site_id": "sh-01"},
    ):
        assert await found(**asked) == [mine["number"]], asked
    foreign = await desk.read(f"/requisitions/{mine['requisition_id']}", ["bj-01"])
    assert foreign["code"] == "site_forbidden"
    refused = await ask(desk, sites=["bj-01"])
    assert (refused.status_code, refused.json()["code"]) == (403, "site_forbidden")


async def test_it_waits_for_its_steps_among_what_is_open(desk: Any) -> None:
    """I3."""

    async def waits() -> list[tuple[str, str, str]]:
        page = await desk.read("/reports/open-documents", kind="requisition")
        return [(one["number"], one["waits_for"], one["person"]) for one in page["items"]]

    draft = (await ask(desk, draft=True)).json()
    number = draft["number"]
    assert await waits() == [(number, "submission", "li")]
    await step(desk, draft, "submit")
    assert await waits() == [(number, "approval", "li")]
    await step(desk, draft, "approve", role="buyer", subject="bo")
    assert await waits() == [(number, "ordering", "bo")]
    await order(desk, pick(draft, unit_cost="9"))
    assert await waits() == []


async def test_it_leaves_as_a_file_and_on_paper(desk: Any) -> None:
    """H6."""
    asked = await approved(desk, TEA, RICE)
    await order(desk, pick(asked, quantity="1", unit_cost="9"))
    headers = desk.service.headers(["buyer"])

    async def rows(name: str) -> list[dict[str, str]]:
        answer = await desk.service.api.get(f"/exports/{name}", headers=headers)
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    lines = await rows("requisitions")
    assert [(one["item_id"], one["ordered"], one["status"]) for one in lines] == [
        ("tea", "12", "ordering"),
        ("rice", "0", "ordering"),
    ]
    assert [one["base_quantity"] for one in await rows("requisition-covers")] == ["12"]
    assert len(await rows("requisition-steps")) == 3
    place = f"/requisitions/{asked['requisition_id']}"
    page = await desk.service.api.get(f"{place}/print", headers=headers)
    assert all(one in page.text for one in (asked["number"], "2 case", "12 box", "<svg", "fair"))
    picture = await desk.service.api.get(f"{place}/label", headers=headers)
    assert picture.headers["content-type"] == "image/svg+xml"
    assert asked["number"] in picture.text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "bag"}, "unknown_unit"),
        ({"item_id": "nothing"}, "unknown_item"),
        ({"warehouse_id": "attic"}, "unknown_warehouse"),
        ({"supplier_id": "nobody"}, "unknown_supplier"),
        ({"quantity": "0.01", "unit": "box"}, "quantity_too_precise"),
    ],
)
async def test_a_wish_names_what_there_is(desk: Any, change: Any, code: str) -> None:
    assert (await ask(desk, {**TEA, **change})).json()["code"] == code
