"""The platform's HTTP API as a careful client uses it: one key per command, sent until answered."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2

from demo.errors import DemoError

TIMEOUT_SECONDS = 60.0
# Longer than a process takes to be restarted.
PAUSES_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
AWAY = frozenset({502, 503, 504})
PAGE_ROWS = 1_000
POLL_SECONDS = 0.1
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and how long it took from the first try."""

    status: int
    body: Json
    seconds: float


class Api:
    """All services, for one caller."""

    def __init__(self, urls: Mapping[str, str], token: str, clients: int) -> None:
        self._urls = dict(urls)
        limits = httpx2.Limits(max_connections=clients + 8, max_keepalive_connections=clients + 8)
        self._http = httpx2.AsyncClient(
            timeout=TIMEOUT_SECONDS,
            limits=limits,
            trust_env=False,
            headers={"Authorization": f"Bearer {token}"},
        )

    async def __aenter__(self) -> Self:
        """Keep connections open."""
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        await self._http.__aexit__(kind, error, trace)

    async def get(self, service: str, path: str, **params: str | int) -> Json:
        """Return what a query answers."""
        answer = await self._send("GET", service, path, params=params)
        return good(answer, f"GET {service}{path}")

    async def pages(self, service: str, path: str, **params: str | int) -> AsyncIterator[Json]:
        """Return the rows of a list, whole."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(service, path, limit=PAGE_ROWS, **params, **cursor)
            for row in page["items"]:
                yield row
            if page.get("next_cursor") is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    async def command(self, service: str, path: str, key: str, body: Json | None = None) -> Answer:
        """Send a command; sent again with the same key it does nothing twice."""
        headers = {"Idempotency-Key": key}
        return await self._send("POST", service, path, json=body, headers=headers)

    async def must(self, service: str, path: str, key: str, body: Json | None = None) -> Json:
        """Send a command that has no reason to be refused."""
        return good(await self.command(service, path, key, body), f"POST {service}{path}")

    async def _send(self, method: str, service: str, path: str, **content: Any) -> Answer:
        began, problem = time.perf_counter(), ""
        for pause in (*PAUSES_SECONDS, None):
            try:
                raw = await self._http.request(method, self._urls[service] + path, **content)
            except httpx2.TransportError as error:
                problem = repr(error)
            else:
                if raw.status_code not in AWAY:
                    body = raw.json() if raw.content else {}
                    return Answer(raw.status_code, body or {}, time.perf_counter() - began)
                problem = raw.text[:500]
            if pause is not None:
                await asyncio.sleep(pause)
        raise DemoError(
            f"{service} does not answer {method} {path}: {problem}",
            f"Look into logs/{service}.api.log and logs/supervisor.log of the state folder",
        )


def good(answer: Answer, what: str) -> Json:
    """Return the body of an answer that must be a good one."""
    if not 200 <= answer.status < 300:
        code = answer.body.get("code", "no code")
        detail = answer.body.get("detail", str(answer.body)[:500])
        raise DemoError(
            f"{what} was answered {answer.status} {code}: {detail}",
            "The service's log in the state folder (logs/<service>.api.log) tells more",
        )
    return answer.body
