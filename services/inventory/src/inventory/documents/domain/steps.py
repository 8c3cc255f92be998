"""Where a document stands, and who takes it further."""

from dataclasses import dataclass
from enum import StrEnum


class DocumentStatus(StrEnum):
    """Where a document stands."""

    DRAFT = "draft"
    AUDITED = "audited"
    POSTED = "posted"
    REVERSED = "reversed"
    CANCELLED = "cancelled"


OPEN = (DocumentStatus.DRAFT, DocumentStatus.AUDITED)
DONE = (DocumentStatus.POSTED, DocumentStatus.REVERSED)


@dataclass(frozen=True)
class Actor:
    """Who does something, and with which device; rules act in a name such as `rule:...`."""

    user_id: str
    device_id: str | None = None
