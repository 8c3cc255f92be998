"""Scans: what a device says it saw, and when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.catalog.domain import plain
from inventory.catalog.domain.weights import Weight
from inventory.scanning.domain.refusals import (
    NotCounted,
    NothingToSettle,
    ScanIdReused,
    WrongWarehouse,
)
from inventory.scanning.domain.works import Goods
from servicekit.errors import Refusal


class Meaning(StrEnum):
    """What an accepted scan was understood as."""

    GOODS = "goods"
    DOCUMENT = "document"
    WAREHOUSE = "warehouse"


@dataclass(frozen=True)
class GivenScan:
    """What a device sent; what is None, the code or the item's description says."""

    scan_id: UUID
    code: str
    scanned_at: datetime
    quantity: Decimal | None = None
    unit: str | None = None
    batch_id: str | None = None
    serial: str | None = None
    weight: Weight | None = None

    def said(self) -> dict[str, object]:
        """Return all of it in a form that is kept, and that tells a repeat from another scan."""
        return {name: _written(value) for name, value in asdict(self).items() if value is not None}


def _written(value: object) -> object:
    match value:
        case dict():
            return {name: _written(part) for name, part in value.items()}
        case Decimal():
            return plain(value)
        case datetime():
            return value.isoformat()
    return str(value)


@dataclass(frozen=True)
class Refused:
    """Why a scan does not count, as it was said when it was refused."""

    code: str
    facts: Mapping[str, object]
    en: str
    zh: str

    @classmethod
    def because(cls, refusal: Refusal) -> "Refused":
        """Return what is kept of a refusal."""
        facts = {name: str(fact) for name, fact in refusal.facts.items() if fact is not None}
        return cls(refusal.code, facts, refusal.text("en"), refusal.text("zh"))

    def text(self, language: str) -> str:
        """Return the reason in Chinese or English."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Scan:
    """A scan as it is kept: accepted with a meaning, or refused for a reason."""

    scan_id: UUID
    site_id: str
    session_id: UUID
    sequence: int
    code: str
    scanned_at: datetime
    received_at: datetime
    said: Mapping[str, object]
    meaning: Meaning | None = None
    work_id: UUID | None = None
    goods: Goods | None = None
    weight: Weight | None = None
    refused: Refused | None = None
    withdrawn_at: datetime | None = None
    line_no: int | None = None
    """The line of the work's document that it counts in."""

    def must_be_repeat_of(self, given: GivenScan) -> None:
        """Raise `ScanIdReused` for another scan under the same id."""
        if self.said != given.said():
            raise ScanIdReused(scan_id=self.scan_id)

    def counted_for(self) -> UUID:
        """Return the work the scan counts for, or raise `NotCounted`."""
        if self.goods is None or self.work_id is None:
            raise NotCounted(scan_id=self.scan_id)
        return self.work_id

    def must_be_at_wrong_warehouse(self) -> None:
        """Raise `NothingToSettle` unless the scan was refused for its warehouse."""
        if self.refused is None or self.refused.code != WrongWarehouse.code:
            raise NothingToSettle(scan_id=self.scan_id)
