"""What purchasing is told by its environment."""

from contracts.wire import Currency
from servicekit.context import Context
from servicekit.settings import Settings


class PurchasingSettings(Settings):
    """The kit's settings, and the currency of the books."""

    currency: Currency


def settings_of(context: Context) -> PurchasingSettings:
    """Return the settings of this service's process."""
    if not isinstance(context.settings, PurchasingSettings):
        raise TypeError("this process was not started with the settings of purchasing")
    return context.settings
