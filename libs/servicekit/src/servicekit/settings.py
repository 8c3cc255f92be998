"""What a process is told by its environment."""

from typing import Literal, Self

from pydantic import Field, PostgresDsn, RedisDsn, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_ISSUER = "https://issuer.trueshelf.local"


class Settings(BaseSettings):
    """Settings every service has; each is read from `TRUESHELF_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="TRUESHELF_", extra="ignore")

    environment: Literal["local", "production"] = "production"
    database_url: PostgresDsn
    migration_database_url: PostgresDsn | None = None
    kafka_bootstrap: str
    redis_url: RedisDsn
    oidc_issuer: str
    oidc_audience: str = "trueshelf"
    oidc_jwks_url: str
    service_token_file: str | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otlp_endpoint: str | None = None
    database_pool_size: int = Field(default=8, ge=1, le=100)
    consumer_batch_size: int = Field(default=500, ge=1, le=5000)
    consumer_session_seconds: int = Field(default=30, ge=6, le=300)
    max_body_bytes: int = Field(default=2 * 1024 * 1024, ge=1024)
    topic_replication: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _production_trusts_no_local_issuer(self) -> Self:
        if self.environment == "production" and (
            self.oidc_issuer == LOCAL_ISSUER or not self.oidc_jwks_url.startswith("https://")
        ):
            raise ValueError(
                "production takes tokens of a real OIDC issuer only: set TRUESHELF_OIDC_ISSUER and"
                " an https TRUESHELF_OIDC_JWKS_URL, or TRUESHELF_ENVIRONMENT=local to try it out"
            )
        return self

    def sqlalchemy_url(self, url: PostgresDsn) -> str:
        """Return the URL with the driver SQLAlchemy is to use."""
        return str(url).replace("postgresql://", "postgresql+asyncpg://", 1)
