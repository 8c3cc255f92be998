"""Batches that are held may pass their dates before they leave; then they don't."""

from collections.abc import Collection, Iterable
from datetime import date

from sales.orders.domain.lines import HeldLine
from sales.shipments.domain.refusals import (
    HeldBatchExpired,
    HeldBatchInNoSaleWindow,
    RestExpired,
    RestInNoSaleWindow,
)

EXPIRED = {False: HeldBatchExpired, True: RestExpired}
"""By whether a part of the order has left."""
IN_NO_SALE_WINDOW = {False: HeldBatchInNoSaleWindow, True: RestInNoSaleWindow}


def must_be_sellable(
    number: str,
    held: Iterable[HeldLine],
    leaving: Collection[int],
    today: date,
    *,
    partly_left: bool,
) -> None:
    """Raise for the first line leaving whose batch may not be sold on this day, the site's.

    `partly_left`: what is held for the rest can't be exchanged any more.
    """
    for line in held:
        until = line.sellable_until
        if line.line_no not in leaving or until is None or today <= until:
            continue
        gone = line.expires_on is None or today > line.expires_on
        raise (EXPIRED if gone else IN_NO_SALE_WINDOW)[partly_left](
            number=number,
            line_no=line.line_no,
            item_id=line.item_id,
            batch_id=line.batch_id,
            expires_on=str(line.expires_on or until),
            sellable_until=str(until),
            today=str(today),
        )
