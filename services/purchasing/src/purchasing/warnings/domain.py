"""What is warned of, to whom, and why it can't be shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from servicekit.errors import Kind, Refusal


class WarningCause(StrEnum):
    """What is wrong."""

    ORDER_OVERDUE = "order_overdue"
    POSTING_OVERDUE = "posting_overdue"
    CONFIRMATION_OVERDUE = "confirmation_overdue"
    BOOKING_HELD = "booking_held"


Severity = Literal["notice", "warning", "critical"]


class UnknownWarning(Refusal):
    """There is no such warning, or it is addressed to others."""

    kind = Kind.NOT_FOUND
    code = "unknown_warning"
    en = "There is no warning {warning_id} that is addressed to your roles."
    zh = "没有发给您所属角色的预警 {warning_id}。"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is said of a warning, once for each level and once when its cause is gone."""

    warning_id: UUID
    cause: WarningCause
    severity: Severity
    site_id: str
    supplier_id: str
    document_kind: str
    document_id: UUID
    document_number: str
    level: int
    """0 when it is raised; each escalation adds one."""
    roles: tuple[str, ...]
    """Who must know on this level."""
    since: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Who looks: sites None means those of all sites."""

    subject: str
    roles: Collection[str]
    sites: Collection[str] | None
