"""What a service that keeps files is told by its environment."""

from typing import Self

from pydantic import Field, model_validator

from attachments.store import Files, files_at
from servicekit.settings import Settings


class FilesSettings(Settings):
    """The kit's settings, and where files are kept."""

    files_url: str | None = Field(default=None, pattern=r"^(file:///|s3://[^/]+).*$")
    """Where photos are kept: file:///folder while developing, s3://bucket/prefix in production."""
    files_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    """The S3-compatible service with the bucket, unless it is Amazon's."""
    # Uploaded files; what is made of them is bounded further.
    max_body_bytes: int = Field(default=12 * 1024 * 1024, ge=1024)

    @property
    def files(self) -> Files:
        """Return where files are kept; raise `FilesNotKept` if nobody said where."""
        return files_at(self.files_url, self.files_endpoint)

    @model_validator(mode="after")
    def _production_keeps_files_apart(self) -> Self:
        if self.environment == "production" and not (self.files_url or "").startswith("s3://"):
            raise ValueError(
                "production keeps files with an S3-compatible service: set TRUESHELF_FILES_URL to"
                " s3://bucket/prefix, or TRUESHELF_ENVIRONMENT=local to try it out"
            )
        return self
