"""A token issuer of our own, so that the platform can be tried out without an identity provider.

Its name is one that production settings recognise and refuse.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from devstack.files import PRIVATE, write_json, write_text
from servicekit.clock import now
from servicekit.settings import LOCAL_ISSUER

AUDIENCE = "trueshelf"
ALGORITHM = "ES256"
SERVICE_TOKEN_HOURS = 24.0


class Issuer:
    """Signs tokens with a key that is made once and stays in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def jwks(self) -> Path:
        """The public half, for whoever checks tokens."""
        return self.folder / "jwks.json"

    def prepare(self) -> None:
        """Make the key, and publish its public half."""
        public = KeySet([self._key]).as_dict(private=False)
        write_json(self.jwks, public)

    def token(
        self, subject: str, roles: Sequence[str], sites: Sequence[str] = ("*",), hours: float = 12
    ) -> str:
        """Return a signed token."""
        at = int(now().timestamp())
        claims = {
            "iss": LOCAL_ISSUER,
            "aud": AUDIENCE,
            "iat": at,
            "exp": at + int(hours * 3600),
            "sub": subject,
            "roles": list(roles),
            "sites": list(sites),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key)

    def write_service_token(
        self, service: str, path: Path, hours: float = SERVICE_TOKEN_HOURS
    ) -> None:
        """Write what the service shows to other services."""
        write_text(path, self.token(service, ["service"], hours=hours), PRIVATE)

    @cached_property
    def _key(self) -> ECKey:
        file = self.folder / "key.json"
        if not file.exists():
            key = ECKey.generate_key("P-256")
            body = key.as_dict(private=True) | {"kid": key.thumbprint(), "use": "sig"}
            write_json(file, body, PRIVATE)
        return ECKey.import_key(json.loads(file.read_text(encoding="utf-8")))
