"""What purchasing is told by its environment."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.wire import Currency
from servicekit.context import Context
from servicekit.settings import Settings


class PurchasingSettings(Settings):
    """The kit's settings, the currency of the books, and where inventory answers."""

    currency: Currency
    inventory_url: Annotated[str, Field(pattern=r"^https?://")]
    """Where inventory is asked for goods that go back to suppliers."""
    overdue_days: int = Field(default=3, ge=0, le=365)
    """How many whole days a line may be late before it suspends its supplier."""
    receipts_audited_by_another: bool = False
    """Whether somebody other than who counted the goods has to audit a receipt."""
    files_url: str | None = Field(default=None, pattern=r"^(file:///|s3://[^/]+).*$")
    """Where photos are kept: file:///folder while developing, s3://bucket/prefix in production."""
    files_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    """The S3-compatible service with the bucket, unless it is Amazon's."""
    # Uploaded files; the recognizer and the API bound what they accept further.
    max_body_bytes: int = Field(default=12 * 1024 * 1024, ge=1024)
    recognition_confidence_min: Decimal = Field(default=Decimal("0.85"), ge=0, le=1)
    """Fields that are less sure are confirmed by a person."""
    recognition_attempts_max: int = Field(default=3, ge=1, le=20)
    recognition_lease_seconds: int = Field(default=30, ge=1, le=3600)
    """How long a recognizer that says nothing is taken to be alive."""
    recognition_document_seconds: int = Field(default=120, ge=1, le=3600)
    recognition_memory_mb: int = Field(default=4096, ge=256)

    @model_validator(mode="after")
    def _production_keeps_files_apart(self) -> Self:
        if self.environment == "production" and not (self.files_url or "").startswith("s3://"):
            raise ValueError(
                "production keeps files with an S3-compatible service: set TRUESHELF_FILES_URL to"
                " s3://bucket/prefix, or TRUESHELF_ENVIRONMENT=local to try it out"
            )
        return self


def settings_of(context: Context) -> PurchasingSettings:
    """Return the settings of this service's process."""
    if not isinstance(context.settings, PurchasingSettings):
        raise TypeError("this process was not started with the settings of purchasing")
    return context.settings
