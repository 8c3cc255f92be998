"""What nobody has finished is collected by itself, with its age and what it waits for (I3)."""

from datetime import timedelta
from typing import Any

from prometheus_client import REGISTRY

from servicekit.clock import shifted

PAGE = "/reports/open-documents"
GAUGE = "trueshelf_oldest_unposted_document_seconds"


async def busy(shop: Any, desk: Any) -> None:
    """Leave something of everything unfinished, the oldest for nine days."""
    await shop.receive(("tea", "50"))
    with shifted(timedelta(days=-9)):
        await desk.draft("issue", "tea", "1", reason="tasting")
    with shifted(timedelta(days=-6)):
        audited = await desk.draft(
            "adjustment", "tea", "1", source_document="slip 7", line={"source_status": "available"}
        )
        await desk.step(audited, "audit")
    with shifted(timedelta(days=-4)):
        approved = await desk.draft("scrap", "tea", "1", reason="torn")
        await desk.step(approved, "audit")
    with shifted(timedelta(days=-3)):
        given_up = await desk.draft("issue", "tea", "2", reason="never mind")
        await desk.step(given_up, "cancel", "ann")
    there = {"to_site_id": "south", "to_warehouse_id": "back"}
    await desk.post("transfer_dispatch", "tea", "4", **there)
    await desk.post("receipt", "rice", "3", line={"target_status": "in_inspection"})


def told(page: Any) -> list[tuple[str, str, str]]:
    """Return what each row is, where, and what it waits for."""
    return [(one["kind"], one["site_id"], one["waits_for"]) for one in page["items"]]


async def test_everything_unfinished_is_listed_with_what_it_waits_for(shop: Any, desk: Any) -> None:
    await busy(shop, desk)
    page = await shop.get(PAGE)
    assert told(page) == [
        ("issue", "north", "audit"),
        ("adjustment", "north", "approval"),
        ("scrap", "north", "posting"),
        ("transfer_dispatch", "south", "arrival"),
        ("in_inspection", "north", "inspection"),
    ]
    oldest = page["items"][0]
    assert (oldest["person"], oldest["sort"]) == ("ann", "document")
    assert oldest["age_seconds"] // 86_400 == 9
    assert oldest["number"].startswith("IS-north-")


async def test_what_is_open_is_narrowed_by_site_kind_person_and_step(shop: Any, desk: Any) -> None:
    await busy(shop, desk)
    assert told(await shop.get(PAGE, site_id="south")) == [
        ("transfer_dispatch", "south", "arrival")
    ]
    assert told(await shop.get(PAGE, role="clerk", sites=("south",))) == [
        ("transfer_dispatch", "south", "arrival")
    ]
    assert told(await shop.get(PAGE, kind="scrap")) == [("scrap", "north", "posting")]
    assert told(await shop.get(PAGE, waits_for="approval")) == [("adjustment", "north", "approval")]
    assert {one["person"] for one in (await shop.get(PAGE, person="bob"))["items"]} == {"bob"}


async def test_it_comes_in_pages_oldest_first(shop: Any, desk: Any) -> None:
    await busy(shop, desk)
    whole = told(await shop.get(PAGE))
    first = await shop.get(PAGE, limit=3)
    second = await shop.get(PAGE, limit=3, cursor=first["next_cursor"])
    assert told(first) + told(second) == whole
    assert second["next_cursor"] is None


async def test_it_is_summed_up_by_site_kind_and_step(shop: Any, desk: Any) -> None:
    await busy(shop, desk)
    await desk.draft("issue", "tea", "1", reason="again")
    groups = (await shop.get(f"{PAGE}/summary"))["groups"]
    assert [(one["site_id"], one["kind"], one["waits_for"], one["count"]) for one in groups] == [
        ("north", "issue", "audit", 2),
        ("north", "adjustment", "approval", 1),
        ("north", "scrap", "posting", 1),
        ("north", "in_inspection", "inspection", 1),
        ("south", "transfer_dispatch", "arrival", 1),
    ]


async def test_a_count_sheet_waits_for_its_counts(shop: Any, desk: Any) -> None:
    await shop.receive(("tea", "5"))
    sheet = {"site_id": "north", "warehouse_id": "main"}
    await desk.act("/count-sheets", "ann", sheet)
    (one,) = (await shop.get(PAGE))["items"]
    assert (one["sort"], one["waits_for"], one["person"]) == ("count_sheet", "count", "ann")


async def test_the_age_of_the_oldest_is_a_figure_for_those_who_run_the_platform(
    shop: Any, desk: Any
) -> None:
    await shop.service.run_job("watch_open_documents")
    assert REGISTRY.get_sample_value(GAUGE) == 0
    await busy(shop, desk)
    await shop.service.run_job("watch_open_documents")
    assert (REGISTRY.get_sample_value(GAUGE) or 0) // 86_400 == 9


async def test_a_forged_cursor_is_refused(shop: Any) -> None:
    headers = shop.service.headers(["clerk"])
    given = {"cursor": "WyJhIiwgImIiLCAiYyJd"}
    answer = await shop.service.api.get(PAGE, params=given, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
