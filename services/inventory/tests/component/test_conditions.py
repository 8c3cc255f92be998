"""A warehouse that was too warm for too long has its goods frozen, and warns once (H2)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from contracts.inventory import (
    ColdChainBreached,
    ColdChainRestored,
    ConditionRead,
    SensorFellSilent,
    SensorHeardAgain,
)
from servicekit.clock import now, shifted

LIMITS = {
    "lowest_temperature": "-25",
    "highest_temperature": "-15",
    "temperature_hysteresis": "1",
    "tolerated_minutes": 10,
}


def reading(at: datetime, temperature: str, **more: Any) -> ConditionRead:
    return ConditionRead.model_validate(
        {
            "device_id": "probe",
            "site_id": "north",
            "warehouse_id": "main",
            "temperature_celsius": temperature,
            "at": at,
            **more,
        }
    )


@pytest.fixture
async def cold(shop: Any) -> Any:
    """Return a shop whose main warehouse must be cold, with rice and tea in it."""
    answer = await shop.post(
        "/sites/north/warehouses/main/condition-limits", LIMITS, "shop_manager"
    )
    assert answer.status_code == 200, answer.text
    await shop.receive(("tea", "10"), ("rice", "5"))
    await shop.receive(("tea", "7"), warehouse="back")
    return shop


async def warm_up(shop: Any, start: datetime, **more: Any) -> None:
    """Let the warehouse be too warm for a quarter of an hour."""
    minutes = (0, 5, 10, 15)
    await shop.service.deliver(
        [reading(start + timedelta(minutes=minute), "-9.5", **more) for minute in minutes]
    )


async def test_a_breach_freezes_what_is_available_in_that_warehouse(cold: Any) -> None:
    reservation = await cold.held(("tea", "3"))
    start = now() - timedelta(hours=1)
    await warm_up(cold, start)
    tea = await cold.stock("tea")
    assert (tea["available"], tea["allocated"], tea["frozen"]) == ("0", "3", "7")
    assert (await cold.stock("rice"))["frozen"] == "5"
    assert (await cold.stock("tea", warehouse="back"))["available"] == "7"
    (warning,) = await cold.facts(ColdChainBreached)
    assert (warning.outside_since, warning.at) == (start, start + timedelta(minutes=10))
    breach = await cold.get(f"/breaches/{warning.breach_id}")
    assert [one["order_id"] for one in breach["promised"]] == [reservation["order_id"]]
    (entry,) = (await cold.get("/ledger", site_id="north", item_id="rice"))["items"][1:]
    assert (entry["rule"], entry["user_id"]) == ("cold-chain", "rule:cold-chain")
    assert [entry["document_id"]] == breach["document_ids"]
    assert await cold.books_agree()


async def test_readings_inside_close_the_breach_and_leave_goods_frozen(cold: Any) -> None:
    start = now() - timedelta(hours=1)
    await warm_up(cold, start)
    await cold.service.deliver(reading(start + timedelta(minutes=20), "-15.5"))
    assert len((await cold.get("/breaches", open=True))["items"]) == 1
    await cold.service.deliver(reading(start + timedelta(minutes=25), "-18"))
    (restored,) = await cold.facts(ColdChainRestored)
    assert restored.at == start + timedelta(minutes=25)
    assert (await cold.get("/breaches", open=True))["items"] == []
    assert (await cold.stock("rice"))["frozen"] == "5"
    body = {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": "rice",
        "source": "frozen",
        "parts": [{"decision": "release", "quantity": "5", "reason": "still hard"}],
    }
    assert (await cold.post("/inspections", body, "clerk")).status_code == 201
    assert (await cold.stock("rice"))["available"] == "5"


async def test_a_breach_and_its_end_in_one_batch_are_told_in_order(cold: Any) -> None:
    start = now() - timedelta(hours=1)
    temperatures = ["-10", "-10", "-20", "-10", "-10"]
    moments = [start + timedelta(minutes=10 * step) for step in range(5)]
    await cold.service.deliver([reading(*each) for each in zip(moments, temperatures, strict=True)])
    kinds = (ColdChainBreached, ColdChainRestored)
    told = [type(one) for one in await cold.service.events() if isinstance(one, kinds)]
    assert told == [ColdChainBreached, ColdChainRestored, ColdChainBreached]


async def test_late_repeated_and_future_readings_open_nothing(cold: Any) -> None:
    at = now() - timedelta(minutes=1)
    await cold.service.deliver(reading(at, "-20"))
    late = [reading(at - timedelta(minutes=minute), "-5") for minute in (40, 20, 5)]
    await cold.service.deliver([*late, late[0], reading(at, "-5")])
    await cold.service.deliver(reading(at + timedelta(days=1), "-5"))
    assert await cold.facts(ColdChainBreached) == []
    page = await cold.get("/conditions", site_id="north", warehouse_id="main", limit=3)
    rest = await cold.get(
        "/conditions", site_id="north", warehouse_id="main", cursor=page["next_cursor"]
    )
    assert [one["temperature"] for one in (*page["items"], *rest["items"])] == [
        "-5", "-5", "-5", "-20", "-5",
    ]  # fmt: skip


async def test_a_reading_delivered_again_changes_nothing(cold: Any) -> None:
    """B8."""
    start, names = now() - timedelta(hours=1), [uuid4() for _ in range(4)]
    readings = [reading(start + timedelta(minutes=5 * step), "-9") for step in range(4)]
    for _ in range(2):
        await cold.service.deliver(readings, names)
    assert len(await cold.facts(ColdChainBreached)) == 1
    assert (await cold.stock("rice"))["sequence"] == 2


async def test_two_devices_are_judged_each_by_its_own_readings(cold: Any) -> None:
    start = now() - timedelta(hours=1)
    await warm_up(cold, start)
    await warm_up(cold, start, device_id="other")
    breaches = (await cold.get("/breaches", site_id="north"))["items"]
    assert {one["device_id"] for one in breaches} == {"probe", "other"}
    assert sorted(len(one["document_ids"]) for one in breaches) == [0, 1]


async def test_warehouses_breached_at_once_are_frozen_each(cold: Any) -> None:
    path = "/sites/north/warehouses/back/condition-limits"
    await cold.post(path, LIMITS, "shop_manager")
    start = now() - timedelta(hours=1)
    moments = [start, start + timedelta(minutes=20)]
    await cold.service.deliver(
        [reading(at, "-9", warehouse_id=place) for at in moments for place in ("main", "back")]
    )
    for warehouse, frozen in (("main", "10"), ("back", "7")):
        assert (await cold.stock("tea", warehouse=warehouse))["frozen"] == frozen
    assert await cold.books_agree()


async def test_readings_of_a_warehouse_nobody_knows_are_parked(cold: Any) -> None:
    await cold.service.deliver(reading(now(), "-20", warehouse_id="attic"))
    (parked,) = await cold.parked()
    assert (parked["key"], "UnknownWarehouse" in parked["error"]) == ("north:probe", True)


async def test_without_limits_readings_are_only_kept(shop: Any) -> None:
    await warm_up(shop, now() - timedelta(hours=1))
    kept = await shop.get("/conditions", site_id="north", warehouse_id="main")
    assert len(kept["items"]) == 4
    assert await shop.facts(ColdChainBreached) == []


async def test_limits_are_set_and_shown(cold: Any) -> None:
    (shown,) = (await cold.get("/sites/north/condition-limits"))["items"]
    assert (shown["highest_temperature"], shown["tolerated_minutes"]) == ("-15", 10)
    crossed = LIMITS | {"lowest_temperature": "-10"}
    path = "/sites/north/warehouses/main/condition-limits"
    answer = await cold.post(path, crossed, "shop_manager")
    assert (answer.status_code, answer.json()["code"]) == (422, "limits_crossed")
    assert (await cold.post(path, LIMITS, "clerk")).status_code == 403
    unknown = "/sites/north/warehouses/attic/condition-limits"
    assert (await cold.post(unknown, LIMITS, "shop_manager")).status_code == 404


async def test_old_readings_are_forgotten(cold: Any) -> None:
    await cold.service.deliver(reading(now(), "-20"))
    with shifted(timedelta(days=729)):
        await cold.service.run_job("forget_readings")
    assert (await cold.get("/conditions", site_id="north", warehouse_id="main"))["items"]
    with shifted(timedelta(days=731)):
        await cold.service.run_job("forget_readings")
    assert not (await cold.get("/conditions", site_id="north", warehouse_id="main"))["items"]


async def silent(shop: Any) -> list[str]:
    """Look for sensors that fell silent, and return those that are."""
    await shop.service.run_job("watch_sensors")
    page = await shop.get("/sensors", site_id="north", silent=True)
    return [one["device_id"] for one in page["items"]]


async def test_of_a_sensor_that_falls_silent_people_are_warned_once(cold: Any) -> None:
    """H2: an hour after something came last, until something comes again."""
    await cold.service.deliver([reading(now(), "-20"), reading(now(), "-20", device_id="other")])
    with shifted(timedelta(minutes=59)):
        assert await silent(cold) == []
        await cold.service.deliver(reading(now(), "-20", device_id="other"))
    with shifted(timedelta(minutes=62)):
        assert await silent(cold) == ["probe"]
        assert await silent(cold) == ["probe"]
    (warning,) = await cold.facts(SensorFellSilent)
    assert (warning.device_id, warning.key) == ("probe", "north:main")
    assert timedelta(minutes=61) < warning.at - warning.heard_at < timedelta(minutes=70)
    with shifted(timedelta(minutes=70)):
        await cold.service.deliver(reading(now(), "-20"))
        assert await silent(cold) == []
    (again,) = await cold.facts(SensorHeardAgain)
    assert (again.device_id, again.silent_since) == ("probe", warning.at)
    with shifted(timedelta(minutes=200)):
        assert await silent(cold) == ["other", "probe"]
    assert len(await cold.facts(SensorFellSilent)) == 3


async def test_readings_that_come_late_are_a_sign_of_life_too(cold: Any) -> None:
    await cold.service.deliver(reading(now(), "-20"))
    old = now() - timedelta(hours=3)
    with shifted(timedelta(minutes=50)):
        await cold.service.deliver(reading(old, "-20"))
    with shifted(timedelta(minutes=100)):
        assert await silent(cold) == []


async def test_how_long_a_sensor_may_be_silent_is_set_by_warehouse(cold: Any) -> None:
    path = "/sites/north/warehouses/main/condition-limits"
    await cold.service.deliver(reading(now(), "-20"))
    body = LIMITS | {"silent_after_minutes": 5}
    assert (await cold.post(path, body, "shop_manager")).json()["silent_after_minutes"] == 5
    with shifted(timedelta(minutes=6)):
        assert await silent(cold) == ["probe"]
    wrong = await cold.post(path, LIMITS | {"silent_after_minutes": 0}, "shop_manager")
    assert wrong.status_code == 422


async def test_sensors_are_listed_page_by_page(cold: Any) -> None:
    names = ("a", "b", "c")
    await cold.service.deliver([reading(now(), "-20", device_id=name) for name in names])
    first = await cold.get("/sensors", limit=2)
    rest = await cold.get("/sensors", cursor=first["next_cursor"])
    found = [(one["device_id"], one["silent_since"]) for one in (*first["items"], *rest["items"])]
    assert found == [("a", None), ("b", None), ("c", None)]


async def test_warnings_are_shown_to_who_must_act_while_their_causes_last(cold: Any) -> None:
    """H2: at the sites of the person, by page, and to nobody else."""
    start = now() - timedelta(hours=1)
    await warm_up(cold, start)
    await warm_up(cold, start, device_id="second")
    page = await cold.get("/warnings", "clerk", ["north"], limit=1)
    rest = await cold.get("/warnings", "clerk", ["north"], cursor=page["next_cursor"])
    shown = [*page["items"], *rest["items"]]
    assert [one["device_id"] for one in shown] == ["second", "probe"]
    assert {(one["cause"], one["severity"]) for one in shown} == {("cold_chain_breach", "critical")}
    assert shown[1]["roles"] == ["clerk", "shop_manager", "operator"]
    assert (await cold.get("/warnings", "clerk", ["south"]))["items"] == []
    buyer = cold.service.headers(["buyer"], ["north"])
    assert (await cold.service.api.get("/warnings", headers=buyer)).status_code == 403
    await cold.service.deliver(reading(start + timedelta(minutes=25), "-18"))
    (left,) = (await cold.get("/warnings", "operator", cause="cold_chain_breach"))["items"]
    assert left["device_id"] == "second"


async def test_a_silent_sensor_is_a_warning_until_it_is_heard_again(cold: Any) -> None:
    """H2."""
    heard = now()
    await cold.service.deliver(reading(heard, "-20"))
    with shifted(timedelta(hours=2)):
        assert await silent(cold) == ["probe"]
        (warning,) = (await cold.get("/warnings", "shop_manager", ["north"]))["items"]
        assert (warning["cause"], warning["breach_id"]) == ("sensor_silent", None)
        await cold.service.deliver(reading(now(), "-20"))
        assert (await cold.get("/warnings", "shop_manager", ["north"]))["items"] == []


MILK = {"item_id": "milk", "name": "Milk", "base_unit": "l", "scale": 0, "inspect_on_receipt": True}


async def figures(shop: Any, item: str) -> tuple[str, ...]:
    """Return what the cold warehouse has of an item: available, allocated, frozen."""
    found = await shop.stock(item)
    return found["available"], found["allocated"], found["frozen"]


async def inspected(shop: Any, item: str, source: str, quantity: str) -> Any:
    """Release goods by an inspection, which must be possible."""
    place = {"site_id": "north", "warehouse_id": "main", "item_id": item, "source": source}
    parts = [{"decision": "release", "quantity": quantity, "reason": "cold inside"}]
    answer = await shop.post("/inspections", {**place, "parts": parts}, "clerk")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def dispatched(shop: Any, quantity: str, source: str, target: str) -> str:
    """Send tea from one warehouse of the site to another; return the document's id."""
    line = {"item_id": "tea", "quantity": quantity, "unit": "box"}
    way = {"warehouse_id": source, "to_site_id": "north", "to_warehouse_id": target}
    body = {"kind": "transfer_dispatch", "site_id": "north", **way, "lines": [line]}
    return await shop.finished("/documents", body)


async def test_while_a_breach_lasts_whatever_becomes_available_is_frozen(cold: Any) -> None:
    """H2: received, moved there, or promised no longer; what is promised stays so."""
    kept, let_go = await cold.held(("tea", "2")), await cold.held(("tea", "1"))
    start = now() - timedelta(hours=1)
    await warm_up(cold, start)
    assert await figures(cold, "tea") == ("0", "3", "7")
    await cold.receive(("tea", "4"))
    sent = await dispatched(cold, "5", "back", "main")
    await cold.finished(f"/transfers/{sent}/arrivals", {})
    await cold.release(let_go)
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "tea") == ("0", "2", "17")
    await cold.service.run_job("freeze_in_breaches")
    (breach,) = (await cold.get("/breaches", open=True))["items"]
    last = (await cold.get("/ledger", site_id="north", item_id="tea"))["items"][-1]
    assert (last["rule"], last["quantity"]) == ("cold-chain", "10")
    assert len(breach["document_ids"]) == 2
    assert last["document_id"] == breach["document_ids"][-1]
    document = await cold.get(f"/documents/{last['document_id']}")
    assert (document["kind"], document["source_document"]) == ("freeze", breach["breach_id"])
    await cold.confirm(kept)
    await cold.service.deliver(cold.shipment(kept))
    assert (await cold.parked(), await figures(cold, "tea")) == ([], ("0", "0", "17"))
    await cold.service.deliver(reading(start + timedelta(minutes=25), "-18"))
    await cold.receive(("tea", "3"))
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "tea") == ("3", "0", "17")
    assert await cold.books_agree()


async def test_what_an_inspection_releases_in_a_breach_is_frozen_at_once(cold: Any) -> None:
    """H2, A5: with the release, so that nobody is promised any of it meanwhile."""
    assert (await cold.post("/items/import", {"items": [MILK]}, "master_data")).is_success
    await cold.receive(("milk", "6"))
    await warm_up(cold, now() - timedelta(hours=1))
    assert (await cold.stock("milk"))["in_inspection"] == "6"
    released = await inspected(cold, "milk", "in_inspection", "4")
    milk = await cold.stock("milk")
    assert (milk["available"], milk["in_inspection"], milk["frozen"]) == ("0", "2", "4")
    entries = (await cold.get("/ledger", site_id="north", item_id="milk"))["items"][1:]
    assert [(one["target"], one["rule"]) for one in entries] == [
        ("available", None),
        ("frozen", "cold-chain"),
    ]
    (breach,) = (await cold.get("/breaches"))["items"]
    assert released["document_id"] not in breach["document_ids"]
    assert entries[-1]["document_id"] == breach["document_ids"][-1]
    assert await cold.books_agree()


async def test_units_held_by_their_numbers_are_not_those_that_a_breach_freezes(cold: Any) -> None:
    """H2: neither when it begins nor afterwards; the order gets the very unit."""
    fridge = {"item_id": "fridge", "name": "Fridge", "base_unit": "EA", "scale": 0}
    items = [fridge | {"tracking": "serial"}]
    assert (await cold.post("/items/import", {"items": items}, "master_data")).is_success
    for serials in (("F1", "F2"), ("F0",)):
        posted = cold.receipt(("fridge", str(len(serials))))
        line = posted.lines[0].model_copy(update={"serials": serials})
        await cold.service.deliver(posted.model_copy(update={"lines": (line,)}))
        if "F1" in serials:
            wanted = {"item_id": "fridge", "quantity": "1", "unit": "EA", "serials": ["F1"]}
            held = await cold.held(lines=[wanted])
            await warm_up(cold, now() - timedelta(hours=1))
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "fridge") == ("0", "1", "2")
    await cold.confirm(held)
    await cold.service.deliver(cold.shipment(held))
    assert (await cold.parked(), await figures(cold, "fridge")) == ([], ("0", "0", "2"))
    assert await cold.books_agree()


async def test_what_people_let_go_in_a_breach_can_be_brought_to_where_it_is_cold(cold: Any) -> None:
    """H2: their word stands for so much, not for what comes in later."""
    await warm_up(cold, now() - timedelta(hours=1))
    await inspected(cold, "tea", "frozen", "6")
    await cold.receive(("tea", "3"))
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "tea") == ("6", "0", "7")
    await dispatched(cold, "6", "main", "back")
    await cold.service.run_job("freeze_in_breaches")
    await cold.receive(("tea", "2"))
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "tea") == ("0", "0", "9")


async def test_what_would_be_frozen_again_is_not_unfrozen_by_hand_in_a_breach(cold: Any) -> None:
    """H2: whoever tries is told of the breach and what to do; inspections release as they do."""
    start = now() - timedelta(hours=1)
    await warm_up(cold, start)
    (breach,) = (await cold.get("/breaches", open=True))["items"]
    line = {"item_id": "tea", "quantity": "4", "unit": "box"}
    body = {"kind": "unfreeze", "site_id": "north", "warehouse_id": "main", "lines": [line]}
    drafted = (await cold.post("/documents", body | {"reason": "cold inside"}, "clerk")).json()
    path = f"/documents/{drafted['document_id']}"
    assert (await cold.post(f"{path}/audit", None, "shop_manager")).is_success
    undo = f"/documents/{breach['document_ids'][0]}/reverse"
    for act, said in ((f"{path}/post", None), (undo, {"reason": "cold inside"})):
        refused = await cold.post(act, said, "shop_manager")
        assert (refused.status_code, refused.json()["code"]) == (409, "breach_lasts")
        assert refused.json()["breach_id"] == breach["breach_id"]
        assert "probe" in refused.json()["detail"]
    await inspected(cold, "tea", "frozen", "2")
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "tea") == ("2", "0", "8")
    await cold.service.deliver(reading(start + timedelta(minutes=25), "-18"))
    assert (await cold.post(f"{path}/post", None, "shop_manager")).is_success
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "tea") == ("6", "0", "4")
    assert await cold.books_agree()


async def test_a_breach_keeps_nobody_from_unfreezing_elsewhere_or_for_inspection(cold: Any) -> None:
    line = {"item_id": "tea", "quantity": "3", "unit": "box"}
    place = {"site_id": "north", "reason": "dented", "lines": [line]}
    frozen = place | {"kind": "freeze", "warehouse_id": "back"}
    await cold.finished("/documents", frozen)
    await warm_up(cold, now() - timedelta(hours=1))
    await cold.finished("/documents", frozen | {"kind": "unfreeze"})
    to_look_at = [line | {"target_status": "in_inspection"}]
    here = place | {"kind": "unfreeze", "warehouse_id": "main", "lines": to_look_at}
    await cold.finished("/documents", here)
    assert (await cold.stock("tea", warehouse="back"))["available"] == "7"
    assert (await cold.stock("tea"))["in_inspection"] == "3"


async def test_what_people_let_go_stays_so_when_another_device_finds_a_breach(cold: Any) -> None:
    """H2: while the first lasts; in the next one nobody has decided anything yet."""
    start = now() - timedelta(hours=1)
    await warm_up(cold, start)
    await inspected(cold, "tea", "frozen", "6")
    await cold.receive(("tea", "3"))
    await warm_up(cold, start, device_id="other")
    assert await figures(cold, "tea") == ("6", "0", "7")
    later = start + timedelta(minutes=20)
    ends = [reading(later, "-18", device_id=device) for device in ("probe", "other")]
    again = [reading(later + timedelta(minutes=minute), "-9") for minute in (5, 20)]
    await cold.service.deliver([*ends, *again])
    assert await figures(cold, "tea") == ("0", "0", "13")
    assert await cold.books_agree()


async def kept_of_let_go(shop: Any) -> list[tuple[str, list[str]]]:
    """Return how much is kept of what people let go, and of which units."""
    connection = await asyncpg.connect(shop.database.dsn)
    try:
        rows = await connection.fetch("select quantity, serials from let_go_in_breach")
    finally:
        await connection.close()
    return [(str(row["quantity"].normalize()), row["serials"]) for row in rows]


async def test_a_unit_that_was_let_go_and_left_is_frozen_when_it_comes_again(cold: Any) -> None:
    """H2: it is let go once, however often that is said, and forgotten once it has left."""
    fridge = {"item_id": "fridge", "name": "Fridge", "base_unit": "EA", "scale": 0}
    items = [fridge | {"tracking": "serial"}]
    assert (await cold.post("/items/import", {"items": items}, "master_data")).is_success
    posted = cold.receipt(("fridge", "2"))
    line = posted.lines[0].model_copy(update={"serials": ("F1", "F2")})
    await cold.service.deliver(posted.model_copy(update={"lines": (line,)}))
    await warm_up(cold, now() - timedelta(hours=1))
    place = {"site_id": "north", "warehouse_id": "main", "item_id": "fridge", "source": "frozen"}
    part = {"decision": "release", "quantity": "1", "reason": "cold inside", "serials": ["F1"]}
    unit = {"item_id": "fridge", "quantity": "1", "unit": "EA", "serials": ["F1"]}
    there = {"site_id": "north", "warehouse_id": "main"}
    for again in (False, True):
        if again:
            body = {"kind": "freeze", **there, "reason": "not sure", "lines": [unit]}
            await cold.finished("/documents", body)
        answer = await cold.post("/inspections", {**place, "parts": [part]}, "clerk")
        assert answer.status_code == 201, answer.text
        assert await kept_of_let_go(cold) == [("1", ["F1"])]
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "fridge") == ("1", "0", "1")
    issue = {"kind": "issue", **there, "department": "kitchen", "lines": [unit]}
    taken = await cold.finished("/documents", issue)
    await cold.service.run_job("freeze_in_breaches")
    assert await kept_of_let_go(cold) == []
    reversed_ = await cold.post(f"/documents/{taken}/reverse", {"reason": "not it"}, "shop_manager")
    assert reversed_.is_success, reversed_.text
    await cold.service.run_job("freeze_in_breaches")
    assert await figures(cold, "fridge") == ("0", "0", "2")
    assert await cold.books_agree()


async def ended(shop: Any, breach_id: Any, role: str = "shop_manager") -> Any:
    return await shop.post(f"/breaches/{breach_id}/end", {"reason": "broken probe"}, role)


async def test_a_breach_whose_device_is_dead_is_ended_by_hand(cold: Any) -> None:
    """H2: nobody talks over a device that measures, nor waits forever for one that doesn't."""
    await warm_up(cold, now() - timedelta(hours=1))
    (warning,) = await cold.facts(ColdChainBreached)
    refused = await ended(cold, warning.breach_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "sensor_still_heard")
    assert (await ended(cold, warning.breach_id, "clerk")).status_code == 403
    assert (await ended(cold, uuid4())).json()["code"] == "unknown_breach"
    with shifted(timedelta(minutes=61)):
        breach = (await ended(cold, warning.breach_id)).json()
        assert breach["restored_at"] is not None
        assert breach["end_reason"] == "broken probe"
        again = await ended(cold, warning.breach_id)
        assert (again.status_code, again.json()["code"]) == (409, "breach_over")
        (fact,) = await cold.facts(ColdChainRestored)
        assert (fact.ended_by, fact.reason) == (breach["ended_by"], "broken probe")
        assert fact.ended_by
        assert (await cold.get("/breaches", open=True))["items"] == []
        await cold.receive(("tea", "3"))
        await cold.service.run_job("freeze_in_breaches")
        assert await figures(cold, "tea") == ("3", "0", "10")
        await cold.service.deliver(reading(now(), "-9"))
        assert len(await cold.facts(ColdChainBreached)) == 1
    with shifted(timedelta(minutes=72)):
        await cold.service.deliver(reading(now(), "-9"))
    assert len(await cold.facts(ColdChainBreached)) == 2
    assert await figures(cold, "tea") == ("0", "0", "13")
    assert await cold.books_agree()
