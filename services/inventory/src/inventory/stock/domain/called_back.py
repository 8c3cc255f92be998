"""Units that are called back by their numbers: nobody gets them, whether they are here or come."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from servicekit.errors import Kind, Refusal

DIGITS = re.compile("[0-9]+")
DIGITS_MAX = 64
"""As many as a serial number has at most."""


class UnitBlocked(Refusal):
    """The unit is called back."""

    kind = Kind.CONFLICT
    code = "unit_blocked"
    en = (
        "Unit {serial_no} of item {item_id} is called back by recall {recall} ({reason}): nobody"
        " gets it. Take another unit."
    )
    zh = (
        "商品 {item_id} 的序列号 {serial_no} 已由召回单 {recall} 召回（{reason}），不得发出。"
        "请改用其他序列号。"
    )


class RecalledUnitStaysFrozen(Refusal):
    """Nobody releases what is called back."""

    kind = Kind.CONFLICT
    code = "recalled_unit_stays_frozen"
    en = (
        "Unit {serial_no} of item {item_id} is called back by recall {recall} ({reason}): withdraw"
        " the recall to release it."
    )
    zh = (
        "商品 {item_id} 的序列号 {serial_no} 已由召回单 {recall} 召回（{reason}），"
        "撤回召回后方可放行。"
    )


def serial_order(serial_no: str) -> str:
    """Return what serial numbers are sorted by: the numbers in them as numbers, the rest as text.

    The database's function of this name says the same.
    """
    return DIGITS.sub(lambda number: number[0].zfill(DIGITS_MAX), serial_no)


@dataclass(frozen=True)
class CalledBack:
    """Units of an item, from one number to another, and the recall that calls them back."""

    recall: str
    """Its number."""
    item_id: str
    first_serial: str
    last_serial: str
    reason: str

    def covers(self, item_id: str, serial_no: str) -> bool:
        """Tell whether a unit is one of them."""
        first, last = serial_order(self.first_serial), serial_order(self.last_serial)
        return item_id == self.item_id and first <= serial_order(serial_no) <= last


def must_be_free(
    called: Collection[CalledBack],
    item_id: str,
    serials: Sequence[str],
    refusal: type[Refusal] = UnitBlocked,
) -> None:
    """Raise for the first of the units that is called back, and name the recall."""
    for serial_no in serials:
        for one in called:
            if one.covers(item_id, serial_no):
                raise refusal(
                    item_id=item_id, serial_no=serial_no, recall=one.recall, reason=one.reason
                )
