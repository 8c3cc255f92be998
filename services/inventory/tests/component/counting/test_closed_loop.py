"""A stocktake is a closed loop: sheet, counts, audit, gain and loss documents, posting (A3, A4)."""

import asyncio
from typing import Any

from contracts.inventory import StockCountClosed, StockGained, StockIssued


async def test_differences_become_documents_that_put_the_books_right(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"), ("rice", "4.5"), ("oil", "3"))
    sheet = await floor.open()
    assert (sheet["status"], sheet["lines"], sheet["lines_counted"]) == ("counting", 3, 0)
    for item, found in (("tea", "8"), ("rice", "5.25"), ("oil", "3")):
        assert (await floor.count(sheet, "ann", item, found))["outcome"] == "counted"
    assert (await floor.step(sheet, "recount"))["recounted"] == [2, 3]
    for item, found in (("tea", "8"), ("rice", "5.25")):
        await floor.count(sheet, "bob", item, found)
    audited = await floor.step(sheet, "audit")
    assert (audited["status"], audited["audited_by"]) == ("audited", "max")
    assert (await shop.stock("tea"))["on_hand"] == "10"
    closed = await floor.step(sheet, "approve", "fay")
    assert (closed["status"], closed["closed_by"]) == ("closed", "fay")
    assert [(await shop.stock(item))["on_hand"] for item in ("tea", "rice", "oil")] == [
        "8",
        "5.25",
        "3",
    ]
    tea, rice = await floor.line(sheet, "tea"), await floor.line(sheet, "rice")
    assert (tea["expected"], tea["difference"], tea["gain_document"]) == ("10", "-2", None)
    assert tea["loss_document"].startswith("SL-north-")
    assert (rice["difference"], rice["loss_document"]) == ("0.75", None)
    (loss,) = (await shop.get("/documents", number=tea["loss_document"]))["items"]
    assert (loss["kind"], loss["status"], loss["drafted_by"], loss["posted_by"]) == (
        "stocktake_loss",
        "posted",
        "max",
        "fay",
    )
    assert loss["source_document"] == sheet["number"]
    assert [fact.reason for fact in await shop.facts(StockGained)] == ["stocktake"]
    assert [(f.reason, f.user_id) for f in await shop.facts(StockIssued)] == [("stocktake", "fay")]
    (told,) = await shop.facts(StockCountClosed)
    assert (told.number, told.counted, told.exact, told.left_alone) == (sheet["number"], 3, 1, 0)
    assert [(one.item_id, str(one.gain), str(one.loss)) for one in told.differences] == [
        ("rice", "0.75", "0"),
        ("tea", "0", "2"),
    ]
    assert await shop.books_agree()


async def test_a_count_without_differences_is_closed_without_documents(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open()
    await floor.count(sheet, "ann", "tea", "10")
    assert (await floor.settle(sheet))["status"] == "closed"
    assert (await shop.get("/documents"))["items"] == []
    assert (await shop.facts(StockCountClosed))[0].differences == ()


async def test_what_is_not_counted_is_never_taken_for_zero(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"), ("rice", "4"))
    sheet = await floor.open()
    await floor.count(sheet, "ann", "tea", "10")
    refused = await floor.refused(sheet, "audit")
    assert (refused["code"], refused["open"], refused["lines"]) == ("count_lines_open", 1, [1])
    refused = await floor.refused(sheet, "audit", left_alone=[1, 2])
    assert (refused["code"], refused["lines"]) == ("count_lines_counted", [2])
    await floor.step(sheet, "audit", left_alone=[1])
    await floor.step(sheet, "approve", "fay")
    rice = await floor.line(sheet, "rice")
    assert (rice["state"], rice["counted"]) == ("left_alone", None)
    assert (await shop.stock("rice"))["on_hand"] == "4"
    (told,) = await shop.facts(StockCountClosed)
    assert (told.counted, told.left_alone) == (1, 1)


async def test_nothing_there_is_a_count_too(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "2"))
    sheet = await floor.open(tolerance={"quantity": "2"})
    await floor.count(sheet, "ann", "tea", "0")
    await floor.settle(sheet)
    assert (await shop.stock("tea"))["on_hand"] == "0"


async def test_a_difference_beyond_the_tolerance_needs_a_second_person(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "100"), ("oil", "100"), ("rice", "100"))
    sheet = await floor.open(tolerance={"quantity": "1", "percent": "2"})
    for item, found in (("tea", "98"), ("oil", "97.99"), ("rice", "102")):
        await floor.count(sheet, "ann", item, found)
    refused = await floor.refused(sheet, "audit")
    assert (refused["code"], refused["lines"]) == ("count_lines_to_recount", [1])
    assert (await floor.step(sheet, "recount"))["recounted"] == [1]
    same = await floor.count(sheet, "ann", "oil", "97.99")
    assert (same["outcome"], same["code"]) == (None, "recount_by_same_person")
    refused = await floor.refused(sheet, "audit")
    assert (refused["code"], refused["lines"]) == ("count_lines_open", [1])
    await floor.count(sheet, "bob", "oil", "99")
    await floor.settle(sheet)
    assert [(await shop.stock(one))["on_hand"] for one in ("tea", "oil", "rice")] == [
        "98",
        "99",
        "102",
    ]


async def test_nobody_does_two_of_counting_auditing_and_approving_in_a_row(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open(tolerance={"quantity": "5"})
    await floor.count(sheet, "mia", "tea", "9")
    assert (await floor.refused(sheet, "audit", "mia"))["code"] == "counter_cannot_audit"
    assert (await floor.refused(sheet, "audit", "ann"))["code"] == "role_missing"
    assert (await floor.refused(sheet, "approve", "fay"))["code"] == "count_sheet_wrong_status"
    await floor.step(sheet, "audit")
    assert (await floor.refused(sheet, "approve", "max"))["code"] == "auditor_cannot_approve"
    assert (await floor.refused(sheet, "approve", "ann"))["code"] == "role_missing"
    late = await floor.upload(sheet, "ann", floor.said("tea", "10"))
    assert late.json()["code"] == "count_sheet_wrong_status"
    await floor.step(sheet, "approve", "mia")
    assert (await floor.refused(sheet, "cancel"))["code"] == "count_sheet_wrong_status"
    assert (await shop.stock("tea"))["on_hand"] == "9"


async def test_of_two_who_approve_at_once_one_is_refused(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open(tolerance={"quantity": "5"})
    await floor.count(sheet, "ann", "tea", "9")
    await floor.step(sheet, "audit")
    path = f"/count-sheets/{sheet['sheet_id']}/approve"
    answers = await asyncio.gather(*(floor.send(who, path) for who in ("fay", "mia")))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert (await shop.stock("tea"))["on_hand"] == "9"
    assert await shop.books_agree()


async def test_a_recount_undoes_the_audit_and_its_documents(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open(tolerance={"quantity": "5"})
    await floor.count(sheet, "ann", "tea", "7")
    await floor.step(sheet, "audit")
    (draft,) = (await shop.get("/documents"))["items"]
    back = await floor.step(sheet, "recount", "mia", lines=[1])
    assert (back["status"], back["audited_by"], back["recounted"]) == ("counting", None, [1])
    (cancelled,) = (await shop.get("/documents"))["items"]
    assert (cancelled["document_id"], cancelled["status"]) == (draft["document_id"], "cancelled")
    await floor.count(sheet, "bob", "tea", "9")
    await floor.settle(sheet)
    assert (await shop.stock("tea"))["on_hand"] == "9"


async def test_a_cancelled_sheet_changes_nothing_and_frees_its_places(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open(tolerance={"quantity": "5"})
    await floor.count(sheet, "ann", "tea", "7")
    await floor.step(sheet, "audit")
    await floor.step(sheet, "cancel")
    assert {one["status"] for one in (await shop.get("/documents"))["items"]} == {"cancelled"}
    assert (await shop.stock("tea"))["on_hand"] == "10"
    assert (await floor.open())["lines"] == 1


async def test_a_document_that_was_rewritten_is_not_posted(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open(tolerance={"quantity": "5"})
    await floor.count(sheet, "ann", "tea", "9")
    await floor.step(sheet, "audit")
    (draft,) = (await shop.get("/documents"))["items"]
    lines = [{"item_id": "tea", "quantity": "5", "unit": "box"}]
    path = f"/documents/{draft['document_id']}"
    assert (await floor.send("ann", f"{path}/lines", {"lines": lines})).status_code == 200
    refused = await floor.refused(sheet, "approve", "fay")
    assert (refused["code"], refused["document"]) == ("count_document_rewritten", draft["number"])
    assert (await shop.stock("tea"))["on_hand"] == "10"


async def test_documents_that_were_posted_one_by_one_are_not_posted_again(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"))
    sheet = await floor.open(tolerance={"quantity": "5"})
    await floor.count(sheet, "ann", "tea", "9")
    await floor.step(sheet, "audit")
    (draft,) = (await shop.get("/documents"))["items"]
    for step in ("audit", "post"):
        answer = await floor.send("mia", f"/documents/{draft['document_id']}/{step}")
        assert answer.status_code == 200, answer.text
    assert (await floor.step(sheet, "approve", "fay"))["status"] == "closed"
    assert (await shop.stock("tea"))["on_hand"] == "9"


async def test_a_posted_stocktake_is_taken_back_by_reversals(shop: Any, floor: Any) -> None:
    """A4: the reversal of the fifth action."""
    await shop.receive(("tea", "10"))
    sheet = await floor.open(tolerance={"quantity": "5"})
    await floor.count(sheet, "ann", "tea", "7")
    await floor.settle(sheet)
    (loss,) = (await shop.get("/documents"))["items"]
    path = f"/documents/{loss['document_id']}/reverse"
    answer = await floor.send("mia", path, {"reason": "found behind the shelf"})
    assert answer.status_code == 201, answer.text
    assert (await shop.stock("tea"))["on_hand"] == "10"
    assert await shop.books_agree()
