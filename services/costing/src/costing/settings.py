"""What costing is told by its environment."""

from pydantic import HttpUrl

from contracts.wire import Currency
from servicekit.context import Context
from servicekit.settings import Settings


class CostingSettings(Settings):
    """The kit's settings, the currency of the books, and where inventory is."""

    currency: Currency
    inventory_url: HttpUrl


def settings_of(context: Context) -> CostingSettings:
    """Return the settings of this service's process."""
    if not isinstance(context.settings, CostingSettings):
        raise TypeError("this process was not started with the settings of costing")
    return context.settings


READING = ("finance", "shop_manager", "operator", "service")
"""Who may read costs."""
