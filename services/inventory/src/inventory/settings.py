"""Which roles may do what in inventory, and what its processes are told by their environment."""

from pydantic import Field, HttpUrl

from servicekit.context import Context
from servicekit.settings import Settings

MASTER_DATA = ("master_data",)
RESERVING = ("clerk", "shop_manager", "service")
READING = ("master_data", "clerk", "shop_manager", "buyer", "finance", "operator", "service")
PROVING = ("finance", "operator", "service", "shop_manager")
ARRANGING = ("master_data", "shop_manager")
SCANNING = ("clerk", "shop_manager")
COUNTING = ("clerk", "shop_manager")
INSPECTING = ("clerk", "shop_manager")
RECALLING = ("operator", "shop_manager")
SENDING_BACK = ("service",)


class InventorySettings(Settings):
    """The kit's settings, and how long and when inventory looks ahead and back."""

    expiry_notice_days: tuple[int, ...] = (30, 7, 1, 0)
    """So many days before its last day a batch is pointed out."""
    condition_days: int = Field(default=730, ge=1)
    """How long readings of conditions are kept."""
    scan_session_hours: int = Field(default=12, ge=1, le=168)
    """How long a scan session lasts if nobody ends it."""
    costing_url: HttpUrl | None = None
    """Where difference reports ask what stock is worth; without it they leave that out."""


def settings_of(context: Context) -> InventorySettings:
    """Return the settings of this service's process."""
    if not isinstance(context.settings, InventorySettings):
        raise TypeError("this process was not started with the settings of inventory")
    return context.settings


DRAFTING = ("clerk", "shop_manager")
AUDITING = ("shop_manager",)
APPROVING = ("shop_manager", "finance")
NAMING = ("master_data", "clerk", "shop_manager")
