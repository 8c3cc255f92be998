"""C6: what waits too long escalates level by level, and figures tell how times are kept."""

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any

from contracts.inventory import DeviceDefined
from contracts.purchasing import PurchasingWarningCleared, PurchasingWarningRaised
from servicekit.clock import shifted

TOLD = (PurchasingWarningRaised, PurchasingWarningCleared)
MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)


async def told(desk: Any) -> list[tuple[bool, int, tuple[str, ...]]]:
    """Return of each warning's fact whether it was raised, its level and who must know."""
    events = [one for one in await desk.service.events() if isinstance(one, TOLD)]
    return [(isinstance(one, PurchasingWarningRaised), one.level, one.roles) for one in events]


async def drafted(desk: Any) -> str:
    order = (await desk.order()).json()
    return str((await desk.draft(order["order_id"], (1, "100"))).json()["receipt_id"])


async def post(desk: Any, receipt_id: str) -> None:
    await desk.step(receipt_id, "audit")
    assert (await desk.step(receipt_id, "post")).status_code == 200


async def watch(desk: Any, later: timedelta) -> None:
    with shifted(later):
        await asyncio.gather(*(desk.service.run_job("watch_clocks") for _ in range(3)))


async def figures(desk: Any, kind: str, **asked: Any) -> Any:
    page = await desk.read("/clocks/figures", kind=kind, **asked)
    return page["items"]


async def test_a_receipt_that_is_not_posted_escalates_once_for_each_time_the_target_is_over(
    desk: Any,
) -> None:
    receipt_id = await drafted(desk)
    for minutes in (9, 10, 11, 19, 20, 30, 200):
        await watch(desk, minutes * MINUTES)
    levels = [
        (True, 0, ("clerk", "shop_manager")),
        (True, 1, ("shop_manager", "buyer")),
        (True, 2, ("buyer", "finance")),
    ]
    assert await told(desk) == levels
    await post(desk, receipt_id)
    assert await told(desk) == [*levels, (False, 2, ("buyer", "finance"))]
    await watch(desk, 300 * MINUTES)
    assert len(await told(desk)) == 4


async def test_what_was_missed_while_nobody_watched_is_told_level_by_level(desk: Any) -> None:
    await drafted(desk)
    # Of those who watch at once some find a clock in other hands: one level at least each time.
    for _ in range(3):
        await watch(desk, 200 * MINUTES)
    assert [level for _, level, _ in await told(desk)] == [0, 1, 2]


async def test_a_receipt_that_is_posted_in_time_or_given_up_warns_nobody(desk: Any) -> None:
    await post(desk, await drafted(desk))
    await desk.step(await drafted(desk), "cancel")
    await watch(desk, 20 * MINUTES)
    assert await told(desk) == []
    (figure,) = await figures(desk, "posting")
    assert (figure["stopped"], figure["running"], figure["late"]) == (1, 0, 0)


async def test_giving_up_a_late_receipt_clears_its_warning(desk: Any) -> None:
    receipt_id = await drafted(desk)
    await watch(desk, 10 * MINUTES)
    await desk.step(receipt_id, "cancel")
    assert [raised for raised, _, _ in await told(desk)] == [True, False]
    assert await figures(desk, "posting") == []


async def test_a_supplier_is_waited_for_from_the_posting_until_nothing_is_open(desk: Any) -> None:
    await desk.send("/suppliers/acme/users", {"subject": "li"}, "buyer")
    receipt_id = await drafted(desk)
    await post(desk, receipt_id)
    await watch(desk, 47 * HOURS)
    assert await told(desk) == []
    await watch(desk, 48.1 * HOURS)
    await watch(desk, 97 * HOURS)
    assert await told(desk) == [(True, 0, ("buyer",)), (True, 1, ("buyer", "finance"))]
    word = {"lines": [{"line_no": 1, "verdict": "confirmed"}]}
    path = f"/portal/receipts/{receipt_id}/answer"
    answer = await desk.send(path, word, "supplier", subject="li")
    assert answer.status_code == 200, answer.text
    assert (await told(desk))[-1] == (False, 1, ("buyer", "finance"))
    (figure,) = await figures(desk, "confirmation", by="supplier")
    assert (figure["name"], figure["stopped"], figure["late"]) == ("acme", 1, 0)


async def test_who_has_nobody_on_the_portal_is_not_waited_for(desk: Any) -> None:
    await post(desk, await drafted(desk))
    await watch(desk, 200 * HOURS)
    assert await told(desk) == []


async def test_median_percentile_and_share_are_those_of_what_was_measured(desk: Any) -> None:
    """Four posted after 1, 2, 3 and 14 minutes, one late and one young draft that still run."""
    for minutes in (1, 2, 3, 14):
        receipt_id = await drafted(desk)
        with shifted(minutes * MINUTES):
            await post(desk, receipt_id)
    late = await drafted(desk)
    with shifted(15 * MINUTES):
        await drafted(desk)
        page = await desk.read("/clocks/figures", kind="posting")
        running = (await desk.read("/clocks", kind="posting"))["items"]
    (figure,) = page["items"]
    counts = {name: figure[name] for name in ("name", "stopped", "running", "late")}
    assert counts == {"name": "sh-01", "stopped": 4, "running": 2, "late": 2}
    assert abs(float(figure["median_seconds"]) - 150) < 30
    # Between the third and the fourth of four: 180 + 0.85 * (840 - 180) seconds.
    assert abs(float(figure["p95_seconds"]) - 741) < 60
    assert figure["share_within_target"] == "0.6000"
    assert (page["target_seconds"], page["by"]) == (600, "site")
    assert [(one["document_id"] == late, one["late"]) for one in running] == [
        (True, True),
        (False, False),
    ]


async def test_figures_come_by_page_and_only_of_the_callers_sites(desk: Any) -> None:
    for site in ("sh-01", "bj-01"):
        order = (await desk.order(site_id=site)).json()
        await desk.draft(order["order_id"], (1, "100"))
    first = await desk.read("/clocks/figures", kind="posting", limit=1)
    rest = await desk.read("/clocks/figures", kind="posting", limit=1, cursor=first["next_cursor"])
    assert [one["name"] for one in first["items"] + rest["items"]] == ["bj-01", "sh-01"]
    mine = await desk.read("/clocks/figures", ["bj-01"], kind="posting", by="clerk")
    assert [(one["name"], one["running"]) for one in mine["items"]] == [("tester", 1)]
    page = await desk.read("/clocks", kind="posting", limit=1)
    last = await desk.read("/clocks", kind="posting", limit=1, cursor=page["next_cursor"])
    assert [one["site_id"] for one in page["items"] + last["items"]] == ["sh-01", "bj-01"]
    assert last["next_cursor"] is None


async def test_a_span_that_is_none_or_a_foreign_cursor_is_refused(desk: Any) -> None:
    backwards = {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    endless = {"since": "2020-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    for span in (backwards, endless):
        assert (await desk.read("/clocks", kind="posting", **span))["code"] == "bad_span"
    strange = await desk.read("/clocks", kind="posting", cursor="WyJhIiwiYiJd")
    assert strange["code"] == "bad_cursor"


async def test_clocks_leave_as_a_file_with_their_targets(desk: Any) -> None:
    """H6."""
    receipt_id = await drafted(desk)
    headers = desk.service.headers(["operator"])
    for form in ("csv", "xlsx", "parquet"):
        answer = await desk.service.api.get(
            "/exports/clocks", params={"form": form}, headers=headers
        )
        assert answer.status_code == 200, answer.text
        if form == "csv":
            (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
            assert (row["document_id"], row["target"]) == (receipt_id, "PT10M")


async def scanned(desk: Any, order: Any, subject: str = "anna") -> Any:
    code = f"urn:trueshelf:purchase-order:{order['order_id']}"
    answer = await desk.scan(code, subject=subject)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def counted(desk: Any, order: Any, **more: Any) -> Any:
    lines = [{"order_line_no": 1, "quantity": "1"}]
    body = {"order_id": order["order_id"], "lines": lines, **more}
    answer = await desk.send("/receipts", body, "clerk", subject="anna")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def running(desk: Any) -> list[tuple[str, str, str]]:
    items = (await desk.read("/clocks", kind="posting"))["items"]
    return [(one["document_kind"], one["number"], one["clerk"]) for one in items]


async def test_what_was_scanned_and_never_counted_escalates_and_stands_in_the_figures(
    desk: Any,
) -> None:
    """C6."""
    order = (await desk.order()).json()
    opened = await scanned(desk, order)
    assert await running(desk) == [("receipt_opening", order["number"], "anna")]
    for minutes in (9, 10, 20, 30, 40):
        await watch(desk, minutes * MINUTES)
    assert [level for _, level, _ in await told(desk)] == [0, 1, 2]
    with shifted(11 * MINUTES):
        (figure,) = await figures(desk, "posting", by="clerk")
    assert (figure["name"], figure["running"], figure["late"]) == ("anna", 1, 1)
    (warning,) = (await desk.read("/warnings"))["items"]
    assert (warning["document_kind"], warning["document_id"]) == (
        "receipt_opening",
        opened["opening_id"],
    )


async def test_the_clock_of_a_scan_goes_on_beside_the_receipt_level_by_level(desk: Any) -> None:
    """C6: whether or not the receipt names the scan."""
    order = (await desk.order()).json()
    opened = await scanned(desk, order)
    await watch(desk, 10 * MINUTES)
    receipt = await counted(desk, order)
    assert (receipt["opening_id"], receipt["opened_at"]) == (
        opened["opening_id"],
        opened["opened_at"],
    )
    assert await running(desk) == [("receipt", receipt["number"], "anna")]
    await watch(desk, 20 * MINUTES)
    (warning,) = (await desk.read("/warnings"))["items"]
    assert (warning["document_number"], warning["level"]) == (receipt["number"], 1)
    await post(desk, receipt["receipt_id"])
    assert [(raised, level) for raised, level, _ in await told(desk)] == [
        (True, 0),
        (True, 1),
        (False, 1),
    ]


async def test_who_scans_the_same_again_goes_on_with_the_first_until_something_came_of_it(
    desk: Any,
) -> None:
    """C6: one clerk, one clock; another clerk has one of their own."""
    order, other = (await desk.order()).json(), (await desk.order()).json()
    scans = await asyncio.gather(*(scanned(desk, order) for _ in range(4)))
    (opening_id,) = {one["opening_id"] for one in scans}
    await scanned(desk, order, "bo")
    await scanned(desk, other)
    assert len(await running(desk)) == 3
    await counted(desk, order, opening_id=opening_id, post=True)
    assert (await scanned(desk, order))["opening_id"] != opening_id
    assert len(await running(desk)) == 3


async def test_a_scan_is_abandoned_with_a_reason_and_nobody_waits_for_it(desk: Any) -> None:
    """C6."""
    order = (await desk.order()).json()
    opened = await scanned(desk, order)
    path = f"/receipts/openings/{opened['opening_id']}"
    await watch(desk, 10 * MINUTES)
    assert (await desk.send(f"{path}/abandon", {}, "clerk")).status_code == 422
    foreign = await desk.send(f"{path}/abandon", {"reason": "?"}, "clerk", sites=("bj-01",))
    assert foreign.status_code == 403
    for reason in ("wrong paper", "another"):
        answer = await desk.send(f"{path}/abandon", {"reason": reason}, "clerk", subject="bo")
        assert answer.status_code == 200, answer.text
    shown = await desk.read(path)
    assert (shown["abandoned_by"], shown["abandoned_reason"]) == ("bo", "wrong paper")
    assert [raised for raised, _, _ in await told(desk)] == [True, False]
    assert await running(desk) == await figures(desk, "posting") == []
    line = [{"order_line_no": 1, "quantity": "1"}]
    body = {"order_id": order["order_id"], "opening_id": opened["opening_id"], "lines": line}
    refused = (await desk.send("/receipts", body, "clerk", subject="anna")).json()
    assert (refused["code"], refused["reason"]) == ("opening_abandoned", "wrong paper")
    assert (await scanned(desk, order))["opening_id"] != opened["opening_id"]


async def test_a_scan_that_became_a_receipt_is_not_abandoned_any_more(desk: Any) -> None:
    """C6."""
    order = (await desk.order()).json()
    receipt = await counted(desk, order, opening_id=(await scanned(desk, order))["opening_id"])
    path = f"/receipts/openings/{receipt['opening_id']}/abandon"
    refused = (await desk.send(path, {"reason": "too late"}, "clerk")).json()
    assert (refused["code"], refused["receipt_number"]) == ("opening_used", receipt["number"])


async def test_a_scan_of_long_ago_is_gone_on_with_only_by_name(desk: Any) -> None:
    """C6: what was forgotten is not what is counted now, and stays to be abandoned."""
    order = (await desk.order()).json()
    opened = await scanned(desk, order)
    with shifted(timedelta(hours=9)):
        receipt = await counted(desk, order)
        assert (receipt["opening_id"], receipt["opened_at"]) == (None, None)
        assert sorted(await running(desk)) == [
            ("receipt", receipt["number"], "anna"),
            ("receipt_opening", order["number"], "anna"),
        ]
        named = await counted(desk, order, opening_id=opened["opening_id"])
        assert named["opened_at"] == opened["opened_at"]


async def test_the_device_of_a_scan_is_taken_over_only_by_who_names_it(desk: Any) -> None:
    """A8: nobody says with what the goods are counted, and it may be blocked by then."""
    gun = DeviceDefined(
        site_id="sh-01", device_id="gun-1", name="Gun", kind="scanner", revoked=False
    )
    await desk.service.deliver(gun)
    order = (await desk.order()).json()
    opened = await scanned(desk, order)
    await desk.service.deliver(gun.model_copy(update={"revoked": True}))
    receipt = await counted(desk, order)
    assert (receipt["opening_id"], receipt["device_id"]) == (opened["opening_id"], None)
