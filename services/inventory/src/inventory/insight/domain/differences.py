"""How far the books, the last count and the values of an item are apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)
RATE = Decimal("0.000001")


class Cause(StrEnum):
    """Between which two sides there is a difference."""

    BALANCE = "balance"
    """The balances are not what the ledger's entries add up to."""
    COSTING = "costing"
    """Costing has valued the same entries, and arrives at another quantity."""
    COUNT = "count"
    """The last count found something else than the books expected then."""


@dataclass(frozen=True)
class Sides:
    """What the sides have of an item at a site; None where one has nothing to say."""

    ledger: Decimal
    balance: Decimal
    sequence: int
    counted: Decimal | None = None
    expected: Decimal | None = None
    costed: Decimal | None = None
    costed_sequence: int | None = None

    @property
    def behind(self) -> bool:
        """Tell whether costing has not valued every entry yet: its quantity says nothing then."""
        return self.costed_sequence is not None and self.costed_sequence != self.sequence

    @property
    def differences(self) -> dict[Cause, Decimal]:
        """Return by how much which sides differ."""
        found = {Cause.BALANCE: self.balance - self.ledger}
        if self.costed is not None and not self.behind:
            found[Cause.COSTING] = self.costed - self.ledger
        if self.counted is not None and self.expected is not None:
            found[Cause.COUNT] = self.counted - self.expected
        return {cause: by for cause, by in found.items() if by}

    @property
    def rate(self) -> Decimal:
        """Return the largest difference as a share of what the books have; 1 if they have none."""
        largest = max((abs(by) for by in self.differences.values()), default=ZERO)
        if not largest:
            return ZERO
        books = max(abs(self.ledger), abs(self.expected or ZERO))
        return min(Decimal(1), largest / books).quantize(RATE) if books else Decimal(1)


def share(part: int, whole: int) -> Decimal:
    """Return how many of the items differ, as a share of them all."""
    return (Decimal(part) / whole).quantize(RATE) if whole else ZERO


def differing(sides: Sequence[Sides]) -> int:
    """Count the items on which sides differ."""
    return sum(bool(one.differences) for one in sides)
