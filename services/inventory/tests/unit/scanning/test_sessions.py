"""A session is one user's, with one device, at one warehouse, for a time (A6)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.devices.domain import Device, DeviceKind, DeviceRevoked, NotScale
from inventory.scanning.domain.sessions import (
    CLOCKS_APART,
    End,
    OtherWarehouse,
    ScannedAhead,
    ScannedBefore,
    ScanSession,
    SessionEnded,
    SessionOpen,
    WarehouseForbidden,
    WarehouseNotChosen,
    must_work_in,
)
from servicekit.errors import Refusal

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def session(number: int = 1, **more: Any) -> ScanSession:
    fields = {
        "session_id": UUID(int=number),
        "site_id": "north",
        "warehouse_id": "main",
        "user_id": "li",
        "device_id": "gun",
        "opened_at": NOON,
        "expires_at": NOON + 12 * HOUR,
    }
    return ScanSession(**{**fields, **more})


@pytest.mark.parametrize("assigned", [set(), {"main"}, {"main", "back"}])
def test_nothing_is_chosen_for_the_user(assigned: set[str]) -> None:
    with pytest.raises(WarehouseNotChosen):
        must_work_in("north", None, assigned)


def test_only_a_warehouse_the_user_works_in_can_be_chosen() -> None:
    assert must_work_in("north", "main", {"main", "back"}) == "main"
    with pytest.raises(WarehouseForbidden):
        must_work_in("north", "cold", {"main", "back"})


def test_a_session_whose_time_is_over_has_ended_then_whoever_ends_it_later() -> None:
    running = session()
    assert running.over_since(NOON + 11 * HOUR) is None
    assert running.over_since(NOON + 13 * HOUR) == running.expires_at
    running.finish(End.CLOSED, NOON + 13 * HOUR)
    assert (running.end, running.ended_at) == (End.EXPIRED, running.expires_at)


def test_a_session_ends_once() -> None:
    running = session()
    running.finish(End.CLOSED, NOON + HOUR)
    running.finish(End.REPLACED, NOON + 2 * HOUR)
    assert (running.end, running.ended_at) == (End.CLOSED, NOON + HOUR)
    with pytest.raises(SessionEnded):
        running.must_be_open(NOON + 2 * HOUR)


@given(st.integers(-120, 900), st.integers(0, 900))
def test_a_scan_counts_if_it_was_made_while_the_session_ran_however_late_it_comes(
    made: int, arrived: int
) -> None:
    scanned_at, at = NOON + timedelta(minutes=made), NOON + timedelta(minutes=arrived)
    ended = at >= NOON + 12 * HOUR and scanned_at >= NOON + 12 * HOUR
    fits = NOON - CLOCKS_APART <= scanned_at <= at + CLOCKS_APART and not ended
    try:
        session().must_contain(scanned_at, at)
    except (ScannedBefore, ScannedAhead, SessionEnded):
        assert not fits
    else:
        assert fits


def test_only_an_ended_session_of_the_same_warehouse_lets_go() -> None:
    old, new = session(1), session(2, user_id="wu")
    with pytest.raises(SessionOpen):
        old.must_let_go(new, NOON + HOUR)
    old.must_let_go(new, NOON + 12 * HOUR)
    old.finish(End.CLOSED, NOON + HOUR)
    old.must_let_go(new, NOON + HOUR)
    with pytest.raises(OtherWarehouse):
        old.must_let_go(session(3, warehouse_id="back"), NOON + HOUR)


def device(kind: DeviceKind = DeviceKind.SCALE) -> Device:
    return Device("north", "d", "D", kind, NOON, "li")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda one: setattr(one, "kind", DeviceKind.PHONE), NotScale),
        (lambda one: one.revoke(NOON, "li"), DeviceRevoked),
    ],
)
def test_weights_come_from_scales_that_are_trusted(
    change: Callable[[Device], None], refusal: type[Refusal]
) -> None:
    scale = device()
    scale.must_be_scale()
    change(scale)
    with pytest.raises(refusal):
        scale.must_be_scale()


def test_a_device_is_revoked_once_and_trusted_again_when_it_is_registered_again() -> None:
    gone = device()
    gone.revoke(NOON, "li")
    gone.revoke(NOON + HOUR, "wu")
    assert (gone.revoked_at, gone.revoked_by) == (NOON, "li")
    assert gone.revise(device())
    gone.must_be_in_use()
    assert not gone.revise(device())
