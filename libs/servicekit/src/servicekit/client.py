"""Calls to other services: own token, short time-outs, a few retries with the same key."""

import asyncio
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import httpx2
import stamina
from opentelemetry.propagate import inject

from servicekit.errors import Kind, Refusal

ATTEMPTS = 3
TIMEOUT = httpx2.Timeout(5.0, connect=1.0)
RETRIED_STATUS = 500
# To read the authorities takes 40 ms, for each client anew: they are read once, at first use.
TRUSTED = cache(httpx2.create_ssl_context)


class PeerUnavailable(Refusal):
    """Another service did not answer, or could not."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "peer_unavailable"
    en = "A service this one depends on does not answer. Repeat later with the same key."
    zh = "所依赖的服务没有响应。请稍后使用相同的幂等键重试。"


class PeerRefusal(Refusal):
    """Another service refused; `status` and its problem document are kept in `body`."""

    code = "peer_refused"
    en = "{detail}"
    zh = "{detail}"

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.body = body
        super().__init__(detail=str(body.get("detail", body)))

    @property
    def peer_code(self) -> str:
        """Return the stable code of the other service's refusal."""
        return str(self.body.get("code", "unknown"))


class ServiceClient:
    """Talks to one other service."""

    def __init__(self, base_url: str, token_file: str | None) -> None:
        self._token_file = token_file
        self._http = httpx2.AsyncClient(base_url=base_url, timeout=TIMEOUT, verify=TRUSTED())

    async def get(self, path: str, **params: object) -> Any:
        """Return the JSON of a read; None-valued parameters are left out."""
        query = {name: str(value) for name, value in params.items() if value is not None}
        return await self._call("GET", path, params=query)

    async def command(self, path: str, key: str, body: dict[str, Any]) -> Any:
        """Send a command that does nothing twice under its key; return the JSON answer.

        Raises `PeerRefusal` when the other side says no, `PeerUnavailable` when it can't say.
        """
        return await self._call("POST", path, json=body, headers={"Idempotency-Key": key})

    async def _call(self, method: str, path: str, **request: Any) -> Any:
        headers = {**request.pop("headers", {}), **await self._authorization()}
        inject(headers)
        try:
            async for attempt in stamina.retry_context(
                on=(httpx2.TransportError, _ServerError), attempts=ATTEMPTS, timeout=8.0
            ):
                with attempt:
                    answer = await self._http.request(method, path, headers=headers, **request)
                    _raise_for_failure(answer)
        except (httpx2.TransportError, _ServerError) as error:
            raise PeerUnavailable from error
        if answer.is_success:
            return answer.json()
        raise PeerRefusal(answer.status_code, _problem_of(answer))

    async def _authorization(self) -> dict[str, str]:
        # Read each time: the platform rotates projected tokens in place.
        if self._token_file is None:
            return {}
        token = await asyncio.to_thread(Path(self._token_file).read_text)
        return {"Authorization": f"Bearer {token.strip()}"}

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _raise_for_failure(answer: httpx2.Response) -> None:
    if answer.status_code >= RETRIED_STATUS:
        raise _ServerError


class _ServerError(Exception):
    """The other side failed in a way that may pass."""


def _problem_of(answer: httpx2.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = {"detail": answer.text[:500]}
    return body if isinstance(body, dict) else {"detail": str(body)}
