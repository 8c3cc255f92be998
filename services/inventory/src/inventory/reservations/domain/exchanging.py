"""When a reservation may give way to another one of the same order."""

from datetime import datetime

from inventory.reservations.domain.refusals import (
    NotExchangeable,
    PartHasLeft,
    ReservationExpired,
    ReservationGone,
)
from inventory.reservations.domain.reservation import Reason, Reservation, Status


def must_be_exchangeable(held: Reservation, at: datetime) -> None:
    """Raise unless it holds all its goods, and its time, if they are not paid for, is not over.

    From `expires_at` on it is too late, even if nobody has released the stock yet; what is paid for
    has no such time.
    """
    late = held.status is Status.HELD and at >= held.expires_at
    if late or held.reason is Reason.EXPIRED:
        raise ReservationExpired(reservation_id=held.reservation_id, expires_at=held.expires_at)
    if held.status is Status.RELEASED:
        raise ReservationGone(reservation_id=held.reservation_id)
    if held.status is Status.FULFILLED:
        raise NotExchangeable(reservation_id=held.reservation_id, status=held.status.value)
    if any(line.outstanding != line.quantity for line in held.lines):
        raise PartHasLeft(reservation_id=held.reservation_id)
