"""What is held gives way to other goods only while it is unpaid and its time is not over (B2)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from inventory.reservations.domain.exchanging import must_be_exchangeable
from inventory.reservations.domain.refusals import (
    NotExchangeable,
    ReservationExpired,
    ReservationGone,
)
from inventory.reservations.domain.reservation import Reason, Reservation

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
END = NOON + timedelta(hours=1)


def held() -> Reservation:
    return Reservation(uuid4(), uuid4(), "north", "main", NOON, END)


def test_what_is_unpaid_is_exchangeable_until_its_time_is_over() -> None:
    must_be_exchangeable(held(), END - timedelta(microseconds=1))
    with pytest.raises(ReservationExpired):
        must_be_exchangeable(held(), END)


def test_what_has_ended_says_how() -> None:
    expired, released = held(), held()
    expired.release(Reason.EXPIRED)
    released.release(Reason.EXCHANGED)
    with pytest.raises(ReservationExpired):
        must_be_exchangeable(expired, NOON)
    with pytest.raises(ReservationGone):
        must_be_exchangeable(released, END)


def test_what_is_paid_is_not_exchanged_however_late_it_is() -> None:
    paid = held()
    paid.confirm(NOON)
    with pytest.raises(NotExchangeable):
        must_be_exchangeable(paid, END)
