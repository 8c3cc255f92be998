"""What people are warned of while it lasts, and who must act."""

from enum import StrEnum


class WarningCause(StrEnum):
    """What is wrong with a warehouse's air, or with what is known of it."""

    COLD_CHAIN_BREACH = "cold_chain_breach"
    SENSOR_SILENT = "sensor_silent"


class Severity(StrEnum):
    """How urgent it is."""

    WARNING = "warning"
    CRITICAL = "critical"


SEVERITY = {
    WarningCause.COLD_CHAIN_BREACH: Severity.CRITICAL,
    WarningCause.SENSOR_SILENT: Severity.WARNING,
}
WARNED = ("clerk", "shop_manager", "operator")
"""Who can do something about it: those in the warehouse, its head, who minds the devices."""
