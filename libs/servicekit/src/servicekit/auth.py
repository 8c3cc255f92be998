"""Who calls, in which roles and for which sites: a JWT of the OIDC issuer, checked here."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlparse

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from servicekit.clock import now
from servicekit.errors import Kind, Refusal
from servicekit.settings import Settings

ALGORITHMS = ["ES256", "RS256", "EdDSA"]
REFETCH_SECONDS = 30.0
CACHED_TOKENS = 1000
EVERYWHERE = "*"


class Unauthenticated(Refusal):
    """No token, or none that holds."""

    kind = Kind.FORBIDDEN
    code = "unauthenticated"
    en = "A valid bearer token is needed: {cause}."
    zh = "需要有效的访问令牌：{cause}。"


class RoleMissing(Refusal):
    """The caller may not do this at all."""

    kind = Kind.FORBIDDEN
    code = "role_missing"
    en = "This needs one of the roles {needed}. Ask for one of them."
    zh = "此操作需要以下角色之一：{needed}。请申请相应角色。"


class SiteForbidden(Refusal):
    """The caller may do this, but not at this site."""

    kind = Kind.FORBIDDEN
    code = "site_forbidden"
    en = "Your token does not cover site {site_id}. Use a token for that site."
    zh = "您的令牌不包含门店 {site_id}。请使用该门店的令牌。"


@dataclass(frozen=True)
class Caller:
    """An authenticated caller."""

    subject: str
    roles: frozenset[str]
    sites: frozenset[str]

    def must_have_role(self, needed: tuple[str, ...]) -> None:
        """Raise `RoleMissing` unless the caller has one of the roles."""
        if self.roles.isdisjoint(needed):
            raise RoleMissing(needed=", ".join(needed))

    def must_cover(self, site_id: str) -> None:
        """Raise `SiteForbidden` unless the caller may act for the site."""
        if EVERYWHERE not in self.sites and site_id not in self.sites:
            raise SiteForbidden(site_id=site_id)

    def covered(self) -> frozenset[str] | None:
        """Return the sites a list must be cut down to; None means all."""
        return None if EVERYWHERE in self.sites else self.sites


class Authenticator:
    """Checks tokens against the issuer's keys; keys and good tokens are cached."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._good: OrderedDict[str, tuple[float, Caller]] = OrderedDict()
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            iss={"essential": True, "value": settings.oidc_issuer},
            aud={"essential": True, "value": settings.oidc_audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def authenticate(self, authorization: str | None) -> Caller:
        """Return the caller a header stands for, or raise `Unauthenticated`."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(cause="send `Authorization: Bearer <token>`")
        known = self._good.get(token)
        if known is not None and known[0] > now().timestamp():
            return known[1]
        claims = await self._checked(token)
        caller = _caller(claims)
        self._good[token] = (float(str(claims["exp"])), caller)
        if len(self._good) > CACHED_TOKENS:
            self._good.popitem(last=False)
        return caller

    async def _checked(self, token: str) -> Mapping[str, object]:
        for refresh in (False, True):
            keys = await self._key_set(refresh=refresh)
            try:
                claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
                self._claims.validate(claims)
            except (JoseError, ValueError) as error:
                # An unknown key may be the issuer's new one: look once more with fresh keys.
                if refresh or not isinstance(error, ValueError):
                    raise Unauthenticated(cause=str(error) or type(error).__name__) from error
            else:
                return dict(claims)
        raise AssertionError("unreachable")

    async def _key_set(self, *, refresh: bool) -> KeySet:
        async with self._fetching:
            stale = refresh and time.monotonic() - self._fetched_at > REFETCH_SECONDS
            if self._keys is None or stale:
                self._keys = KeySet.import_key_set(await _fetch(self._settings.oidc_jwks_url))
                self._fetched_at = time.monotonic()
            return self._keys


def _caller(claims: Mapping[str, object]) -> Caller:
    roles, sites = claims.get("roles", []), claims.get("sites", [])
    if not isinstance(roles, list) or not isinstance(sites, list):
        raise Unauthenticated(cause="the claims roles and sites must be lists")
    return Caller(str(claims["sub"]), frozenset(map(str, roles)), frozenset(map(str, sites)))


async def _fetch(url: str) -> KeySetSerialization:
    place = urlparse(url)
    if place.scheme == "file":
        document = json.loads(await asyncio.to_thread(Path(place.path).read_text))
    else:
        async with httpx2.AsyncClient(timeout=5) as client:
            document = (await client.get(url)).raise_for_status().json()
    return cast("KeySetSerialization", document)
