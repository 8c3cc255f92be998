"""Settings that would be dangerous don't start."""

import pytest
from pydantic import ValidationError

from servicekit.settings import LOCAL_ISSUER, Settings

GOOD = {
    "database_url": "postgresql://a:b@localhost/c",
    "kafka_bootstrap": "localhost:9092",
    "redis_url": "redis://localhost:6379/0",
    "oidc_issuer": "https://login.example.org",
    "oidc_jwks_url": "https://login.example.org/keys",
}


def test_production_is_the_default_and_takes_a_real_issuer() -> None:
    assert Settings(**GOOD).environment == "production"


@pytest.mark.parametrize(
    "change", [{"oidc_issuer": LOCAL_ISSUER}, {"oidc_jwks_url": "file:///keys.json"}]
)
def test_production_refuses_the_issuer_for_trying_out(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="real OIDC issuer"):
        Settings(**{**GOOD, **change})
    Settings(**{**GOOD, **change, "environment": "local"})


def test_the_database_url_gets_its_driver() -> None:
    settings = Settings(**GOOD)
    assert settings.sqlalchemy_url(settings.database_url).startswith("postgresql+asyncpg://a:b@")
