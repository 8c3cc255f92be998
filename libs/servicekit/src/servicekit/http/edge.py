"""What happens to every request before it reaches a route: id, size bound, measure."""

import re
import time

import structlog
from prometheus_client import Histogram
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.errors import Refusal
from servicekit.http.problems import ProblemResponse, problem
from servicekit.ids import new_id

SECONDS = Histogram(
    "trueshelf_http_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
REQUEST_ID_HEADER = b"x-request-id"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class BodyTooLarge(Refusal):
    """More bytes than one request may have."""

    code = "body_too_large"
    en = "The body is larger than {limit_bytes} bytes. Split it into several requests."
    zh = "请求体超过 {limit_bytes} 字节。请拆分为多个请求。"


class _TooLarge(Exception):
    """Raised into the app while it reads a body that never ends."""


class Edge:
    """Outermost ASGI layer of every API."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self._app = app
        self._limit = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((REQUEST_ID_HEADER, request_id.encode()))
            await send(message)

        try:
            await self._bounded(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            SECONDS.labels(scope["method"], route, status).observe(time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > self._limit:
            await self._refuse(scope, receive, send)
            return
        taken, begun = 0, False

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, bounded, noted)
        except _TooLarge:
            if not begun:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response: ProblemResponse = problem(
            Request(scope), BodyTooLarge(limit_bytes=self._limit), status=413
        )
        await response(scope, receive, send)


def request_id_of(scope: Scope) -> str:
    """Return the id the caller gave the request, if it is usable, or a new one."""
    named = (value for name, value in scope["headers"] if name == REQUEST_ID_HEADER)
    given: str = next(named, b"").decode("latin-1")
    return given if REQUEST_ID.fullmatch(given) else str(new_id())
