"""What is held gives way to other goods while all of it is there, and unpaid in its time (B2)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.reservations.domain.exchanging import must_be_exchangeable
from inventory.reservations.domain.parts import Part, fulfil_part
from inventory.reservations.domain.refusals import (
    NotExchangeable,
    PartHasLeft,
    ReservationExpired,
    ReservationGone,
)
from inventory.reservations.domain.reservation import Reason, Reservation, ReservedLine

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


def test_what_is_paid_is_exchangeable_however_late_until_a_part_has_left() -> None:
    paid = held()
    paid.lines = [ReservedLine(1, "tea", Decimal(2), Decimal(2))]
    paid.confirm(NOON)
    must_be_exchangeable(paid, END)
    fulfil_part(paid, uuid4(), "main", [Part(1, ("tea", ""), Decimal(1))])
    with pytest.raises(PartHasLeft):
        must_be_exchangeable(paid, NOON)
    fulfil_part(paid, uuid4(), "main", [Part(1, ("tea", ""), Decimal(1))])
    with pytest.raises(NotExchangeable):
        must_be_exchangeable(paid, NOON)
