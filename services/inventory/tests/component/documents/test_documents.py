"""Documents over HTTP in one service: their life, their rules and what they do to stock."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from contracts.inventory import (
    StockDocumentAudited,
    StockDocumentCancelled,
    StockDocumentDrafted,
    StockDocumentPosted,
    StockDocumentReversed,
    StockFact,
    StockGained,
    StockIssued,
    StockReversed,
    StockStatusChanged,
)


async def test_only_posting_moves_stock(shop: Any, desk: Any) -> None:
    """A1."""
    await shop.receive(("tea", "12"))
    document = await desk.draft("issue", ("tea", "5"), department="kitchen")
    assert (document["status"], document["number"][:9]) == ("draft", "IS-north-")
    assert (await desk.refused(document, "post"))["code"] == "document_wrong_status"
    await desk.step(document, "audit")
    assert await desk.figures("tea") == ("12", "12", "0", "0")
    posted = await desk.step(document, "post")
    assert (posted["status"], posted["posted_by"], posted["drafted_with"]) == (
        "posted",
        "manager",
        "PDA-7",
    )
    assert await desk.figures("tea") == ("7", "7", "0", "0")
    again = await desk.refused(document, "post")
    assert again["code"] == "document_already_posted"
    (fact,) = await shop.facts(StockIssued)
    assert (fact.quantity, fact.reason, fact.user_id) == (5, "issue", "manager")
    assert fact.document_number == document["number"]
    assert await shop.books_agree()


async def test_a_document_tells_each_of_its_steps(shop: Any, desk: Any) -> None:
    await shop.receive(("tea", "12"))
    document = await desk.post("issue", ("tea", "5"))
    reversal = await desk.step(document, "reverse", reason="wrong item")
    given_up = await desk.draft("issue", ("tea", "1"))
    await desk.step(given_up, "cancel", "clerk")
    (drafted, _), (audited,) = (
        await shop.facts(StockDocumentDrafted),
        await shop.facts(StockDocumentAudited),
    )
    assert (drafted.kind, drafted.user_id, drafted.device_id) == ("issue", "clerk", "PDA-7")
    assert (audited.version, audited.user_id) == (2, "manager")
    posted = await shop.facts(StockDocumentPosted)
    assert [str(one.reverses) for one in posted] == ["None", document["document_id"]]
    (taken_back,) = await shop.facts(StockDocumentReversed)
    assert str(taken_back.reversed_by) == reversal["document_id"]
    (cancelled,) = await shop.facts(StockDocumentCancelled)
    assert cancelled.number == given_up["number"]


async def test_a_posted_document_is_reversed_by_one_that_names_it(shop: Any, desk: Any) -> None:
    """A1, A4."""
    await shop.receive(("tea", "12"), ("rice", "4"))
    document = await desk.post("issue", ("tea", "5"), ("rice", "1.5"), ("tea", "2"))
    reversal = await desk.step(document, "reverse", reason="wrong warehouse")
    assert (reversal["kind"], reversal["status"]) == ("reversal", "posted")
    assert reversal["reverses"] == document["document_id"]
    assert reversal["source_document"] == document["number"]
    original = await shop.get(f"/documents/{document['document_id']}")
    assert (original["status"], original["reversed_by"]) == ("reversed", reversal["document_id"])
    assert await desk.figures("tea") == ("12", "12", "0", "0")
    facts = [one for one in await shop.facts(StockReversed) if one.item_id == "tea"]
    assert [(one.sequence, one.reverses, one.direction) for one in facts] == [
        (4, 3, "in"),
        (5, 2, "in"),
    ]
    twice = await desk.refused(document, "reverse", reason="again")
    assert twice["code"] == "document_already_reversed"
    own = await desk.refused(reversal, "reverse", reason="again")
    assert own["code"] == "document_not_reversible"
    assert await shop.books_agree()


async def test_a_reversal_is_refused_when_the_goods_are_gone(shop: Any, desk: Any) -> None:
    """A4."""
    document = await desk.post("receipt", ("rice", "1"), ("tea", "5"))
    await desk.post("issue", ("tea", "3"))
    refused = await desk.refused(document, "reverse", reason="never came")
    assert refused["code"] == "balance_exceeded"
    said = {name: refused[name] for name in ("line_no", "item_id", "present", "quantity")}
    assert said == {"line_no": 2, "item_id": "tea", "present": "2", "quantity": "5"}
    assert (await shop.get(f"/documents/{document['document_id']}"))["status"] == "posted"
    assert await desk.figures("rice") == ("1", "1", "0", "0")
    assert await shop.books_agree()


async def test_nobody_edits_or_deletes_a_posted_document_in_the_database(
    shop: Any, desk: Any
) -> None:
    """A1."""
    await shop.receive(("tea", "12"))
    await desk.post("issue", ("tea", "5"))
    owner = await asyncpg.connect(shop.database.owner_dsn)
    service = await asyncpg.connect(shop.database.dsn)
    for statement in (
        "update stock_document set reason = 'other'",
        "update stock_document set status = 'draft'",
        "update stock_document set status = 'reversed', reversed_by = document_id, reason = 'x'",
        "update stock_document_line set quantity = 1",
        "delete from stock_document_line",
        "delete from stock_document",
        "insert into stock_document_line select site_id, document_id, 2, item_id, batch_id,"
        " quantity, unit, unit_quantity, unit_version, source, target, serials"
        " from stock_document_line",
    ):
        for session in (owner, service):
            with pytest.raises(
                (asyncpg.RestrictViolationError, asyncpg.InsufficientPrivilegeError)
            ):
                await session.execute(statement)
    await owner.close()
    await service.close()


async def test_of_many_who_post_a_document_one_does(shop: Any, desk: Any) -> None:
    """A1, B8."""
    await shop.receive(("tea", "12"))
    document = await desk.draft("issue", ("tea", "5"))
    await desk.step(document, "audit")
    path = f"/documents/{document['document_id']}/post"
    answers = await asyncio.gather(*(desk.send(path) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [409] * 7
    assert await desk.figures("tea") == ("7", "7", "0", "0")
    assert await shop.books_agree()


async def test_a_stale_version_is_refused(desk: Any) -> None:
    document = await desk.draft("receipt", ("tea", "5"))
    path = f"/documents/{document['document_id']}"
    seen = await desk.send(f"{path}/audit", If_Match='"1"')
    assert (seen.status_code, seen.headers["etag"]) == (200, '"2"')
    stale = await desk.send(f"{path}/post", If_Match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    assert stale.json()["version"] == 2


async def test_lines_of_a_draft_are_written_anew_and_only_those(shop: Any, desk: Any) -> None:
    document = await desk.draft("receipt", ("tea", "5"), ("tea", "6"))
    document = await desk.step(document, "lines", "clerk", lines=[desk.line("rice", "2.5")])
    assert [one["item_id"] for one in document["lines"]] == ["rice"]
    await desk.step(document, "audit")
    late = await desk.refused(document, "lines", "clerk", lines=[desk.line("tea", "1")])
    assert late["code"] == "document_wrong_status"
    await desk.step(document, "post")
    assert await desk.figures("rice") == ("2.5", "2.5", "0", "0")
    assert (await shop.get("/stock", item_id="tea"))["items"] == []


@pytest.mark.parametrize(
    ("lacks", "missing"),
    [
        (("source_document",), ["source_document"]),
        (("warehouse_id",), ["warehouse_id"]),
        (("site_id", "warehouse_id"), ["site_id", "warehouse_id"]),
        (
            ("site_id", "warehouse_id", "source_document"),
            ["site_id", "warehouse_id", "source_document"],
        ),
    ],
)
async def test_an_adjustment_says_what_it_lacks(
    desk: Any, lacks: Sequence[str], missing: list[str]
) -> None:
    """A2."""
    given: dict[str, Any] = {"source_document": "T-1", **dict.fromkeys(lacks)}
    answer = await desk.ask("adjustment", ("tea", "1", {"target_status": "available"}), **given)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_incomplete")
    assert answer.json()["missing"] == missing


async def test_an_adjustment_needs_an_approver_other_than_its_author(shop: Any, desk: Any) -> None:
    """A2."""
    up = ("tea", "5", {"target_status": "available"})
    document = await desk.draft("adjustment", up, who="wang", source_document="T-1")
    for step in ("approve", "audit"):
        own = await desk.refused(document, step, "wang")
        assert (own["status"], own["code"]) == (403, "second_person_needed")
    await desk.step(document, "audit")
    lacking = await desk.refused(document, "post")
    assert (lacking["code"], lacking["missing"]) == ("document_incomplete", ["approver"])
    approved = await desk.step(document, "approve", "finance")
    assert approved["approved_by"] == "finance"
    await desk.step(document, "post")
    down = await desk.post(
        "adjustment", ("tea", "2", {"source_status": "available"}), source_document="T-2"
    )
    assert await desk.figures("tea") == ("3", "3", "0", "0")
    (gained,), (issued,) = await shop.facts(StockGained), await shop.facts(StockIssued)
    assert (gained.reason, issued.reason) == ("adjustment", "adjustment")
    await desk.step(down, "reverse", reason="found again")
    assert await desk.figures("tea") == ("5", "5", "0", "0")
    assert await shop.books_agree()


async def test_roles_are_kept_apart(desk: Any) -> None:
    """A2."""
    document = await desk.draft("scrap", ("tea", "1"), reason="broken")
    for step in ("audit", "post"):
        assert (await desk.refused(document, step, "clerk"))["code"] == "role_missing"
    assert (await desk.refused(document, "reverse", "clerk", reason="x"))["code"] == "role_missing"
    assert (await desk.refused(document, "approve", "clerk"))["code"] == "role_missing"
    away = await desk.send(f"/documents/{document['document_id']}/audit", sites=("south",))
    assert (away.status_code, away.json()["code"]) == (403, "site_forbidden")


async def test_goods_are_inspected_frozen_and_released_in_parts(shop: Any, desk: Any) -> None:
    """A4, A5: all in statuses, with a reversal of each."""
    await desk.post("receipt", ("tea", "20", {"target_status": "in_inspection"}))
    assert await desk.figures("tea") == ("20", "0", "20", "0")
    inspected = await desk.post(
        "inspection",
        ("tea", "10", {"target_status": "available"}),
        ("tea", "4", {"target_status": "frozen"}),
        ("tea", "1", {"rejected": True}),
    )
    assert await desk.figures("tea") == ("19", "10", "5", "4")
    frozen = await desk.post(
        "freeze", ("tea", "3"), ("tea", "5", {"source_status": "in_inspection"})
    )
    assert await desk.figures("tea") == ("19", "7", "0", "12")
    released = await desk.post("unfreeze", ("tea", "6"))
    assert await desk.figures("tea") == ("19", "13", "0", "6")
    scrapped = await desk.post("scrap", ("tea", "2", {"source_status": "frozen"}), reason="mouldy")
    assert await desk.figures("tea") == ("17", "13", "0", "4")
    early = await desk.refused(frozen, "reverse", reason="too early")
    assert (early["code"], early["figure"], early["present"]) == ("balance_exceeded", "frozen", "4")
    for document in (scrapped, released, frozen, inspected):
        await desk.step(document, "reverse", reason="all wrong")
    assert await desk.figures("tea") == ("20", "0", "20", "0")
    facts = await shop.facts(StockStatusChanged)
    assert [(one.source, one.target) for one in facts][-2:] == [
        ("frozen", "in_inspection"),
        ("available", "in_inspection"),
    ]
    sequences = [one.sequence for one in await shop.facts(StockFact)]
    assert sequences == list(range(1, len(sequences) + 1))
    assert await shop.books_agree()


async def test_goods_in_inspection_or_promised_are_not_taken(shop: Any, desk: Any) -> None:
    """A5."""
    await shop.receive(("tea", "10"))
    await shop.held(("tea", "4"))
    await desk.post("freeze", ("tea", "3"))
    document = await desk.draft("issue", ("tea", "4"))
    await desk.step(document, "audit")
    refused = await desk.refused(document, "post")
    assert (refused["code"], refused["figure"], refused["present"]) == (
        "balance_exceeded",
        "available",
        "3",
    )


async def test_bad_lines_are_refused_by_name(desk: Any) -> None:
    """B6."""
    for lines, code in (
        ([desk.line("ghost", "1")], "unknown_item"),
        ([desk.line("tea", "1.5")], "quantity_too_precise"),
        ([desk.line("tea", "1", {"unit": "pallet"})], "unknown_unit"),
        ([desk.line("tea", "1", {"batch_id": "L1"})], "tracking_unused"),
        ([desk.line("tea", "1", {"source_status": "frozen"})], "status_not_possible"),
        ([desk.line("tea", "1", {"unit_cost": "2"})], "cost_without_currency"),
    ):
        body = {"kind": "receipt", **desk.here, "lines": lines}
        answer = (await desk.send("/documents", body, "clerk")).json()
        assert answer["code"] == code


async def test_documents_are_found(shop: Any, desk: Any) -> None:
    one = await desk.post("receipt", ("tea", "5"), source_document="NOTE-1")
    two = await desk.draft("receipt", ("rice", "5"))
    three = await desk.draft("issue", ("tea", "1"), warehouse_id="back")

    async def numbers(**asked: str) -> list[str]:
        return [found["number"] for found in (await shop.get("/documents", **asked))["items"]]

    assert await numbers() == [three["number"], two["number"], one["number"]]
    assert await numbers(status="posted") == [one["number"]]
    assert await numbers(kind="issue") == await numbers(warehouse_id="back") == [three["number"]]
    assert await numbers(item_id="rice") == [two["number"]]
    assert await numbers(number=two["number"]) == [two["number"]]
    assert await numbers(source_document="NOTE-1", site_id="north") == [one["number"]]
    first = await shop.get("/documents", limit=2)
    rest = await shop.get("/documents", limit=2, cursor=first["next_cursor"])
    assert [found["number"] for found in rest["items"]] == [one["number"]]
    assert (await shop.get("/documents", "clerk", ["south"]))["items"] == []


async def test_every_document_prints_and_scans(shop: Any, desk: Any) -> None:
    await shop.receive(("tea", "5"))
    document = await desk.draft("scrap", ("tea", "5"), reason="<b>wet</b>")
    path = f"/documents/{document['document_id']}"
    code = f"urn:trueshelf:document:{document['document_id']}"
    assert (await shop.get(f"/documents/by-code/{code}"))["number"] == document["number"]
    headers = shop.service.headers(["clerk"])
    label = await shop.service.api.get(f"{path}/label", headers=headers)
    assert label.headers["content-type"] == "image/svg+xml"
    assert document["number"] in label.text
    printed = await shop.service.api.get(f"{path}/print", headers=headers)
    assert printed.headers["content-type"].startswith("text/html")
    for text in (document["number"], "Tea 茶", "5 box", "&lt;b&gt;wet&lt;/b&gt;", "Audited 审核"):
        assert text in printed.text
    other = await shop.service.api.get(f"/documents/by-code/{uuid4()}", headers=headers)
    assert (other.status_code, other.json()["code"]) == (404, "unknown_document")


async def test_hundreds_of_lines_are_posted_in_one_act(shop: Any, desk: Any) -> None:
    lines = [("tea", "1"), ("rice", "0.5")] * 250
    document = await desk.post("receipt", *lines)
    assert await desk.figures("tea") == ("250", "250", "0", "0")
    await desk.step(document, "reverse", reason="twice")
    assert await desk.figures("rice") == ("0", "0", "0", "0")
    assert (await shop.stock("rice"))["sequence"] == 500
    assert await shop.books_agree()


async def test_a_device_that_nobody_registered_takes_no_document_further(
    shop: Any, desk: Any
) -> None:
    """A6: neither one that is made up, nor one that was revoked, gets into the ledger."""
    await shop.receive(("tea", "9"))
    draft = await desk.draft("issue", ("tea", "1"))
    sent = await desk.post(
        "transfer_dispatch", ("tea", "2"), to_site_id="south", to_warehouse_id="back"
    )
    body = {"kind": "issue", **desk.here, "lines": [desk.line("tea", "1")]}
    held = {"site_id": "north", "warehouse_id": "main", "item_id": "tea"}
    inspection = {**held, "parts": [{"decision": "freeze", "quantity": "1", "reason": "dented"}]}
    commands = (
        ("/documents", body, "clerk"),
        (f"/documents/{draft['document_id']}/audit", None, "manager"),
        (f"/transfers/{sent['document_id']}/arrivals", {}, "clerk"),
        ("/inspections", inspection, "manager"),
    )
    await shop.register("PDA-6")
    for site in ("north", "south"):
        revoke = f"/sites/{site}/devices/PDA-6/revoke"
        assert (await shop.post(revoke, None, "shop_manager")).is_success
    for device, code in (("PDA-8", "unknown_device"), ("PDA-6", "device_revoked")):
        for path, given, who in commands:
            answer = await desk.send(path, given, who, X_Device_Id=device)
            assert (answer.status_code, answer.json()["code"]) == (403, code), path
            assert "register it" in answer.json()["detail"]
