"""What purchasing is told by its environment."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from attachments.settings import FilesSettings
from contracts.wire import Currency
from servicekit.context import Context

TaxId = Annotated[str, Field(pattern=r"^[0-9A-Z]{15,20}$")]


class PurchasingSettings(FilesSettings):
    """Where files are kept, the currency of the books, and where inventory answers."""

    currency: Currency
    inventory_url: Annotated[str, Field(pattern=r"^https?://")]
    """Where inventory is asked for goods that go back to suppliers."""
    own_tax_ids: frozenset[TaxId] = frozenset()
    """To whom invoices must be made out to be booked by themselves; without any, none is."""
    overdue_days: int = Field(default=3, ge=1, le=365)
    """So many days after its due date, by the site's calendar, a line not received is overdue."""
    receipts_audited_by_another: bool = False
    """Whether somebody other than who counted the goods has to audit a receipt."""
    recognition_confidence_min: Decimal = Field(default=Decimal("0.85"), ge=0, le=1)
    """Fields that are less sure are confirmed by a person."""
    recognition_attempts_max: int = Field(default=3, ge=1, le=20)
    recognition_lease_seconds: int = Field(default=30, ge=1, le=3600)
    """How long a recognizer that says nothing is taken to be alive."""
    recognition_document_seconds: int = Field(default=120, ge=1, le=3600)
    recognition_memory_mb: int = Field(default=4096, ge=256)


def settings_of(context: Context) -> PurchasingSettings:
    """Return the settings of this service's process."""
    if not isinstance(context.settings, PurchasingSettings):
        raise TypeError("this process was not started with the settings of purchasing")
    return context.settings
