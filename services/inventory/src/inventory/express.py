"""The express lane: one route's commands, when many come at once, are done together.

What can be taken at first sight goes straight from the socket into a batch, which is one
transaction for all its commands. Everything else, such as a missing token or a body that does not
fit, takes the ordinary way through the app, where the same route stands: that is where the API is
described, and where refusals of form come from.
"""

import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from opentelemetry import propagate, trace
from opentelemetry.context import Context as Nowhere
from prometheus_client import Histogram
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inventory import answers
from inventory.answers import Ask
from inventory.driver import Standing
from inventory.gathering import Gatherer
from servicekit.auth import Caller
from servicekit.claims import Answer, KeyReused, fingerprint
from servicekit.context import Context
from servicekit.database import Database
from servicekit.errors import Refusal
from servicekit.http.edge import REQUEST_ID_HEADER, SECONDS, request_id_of
from servicekit.http.problems import problem, problem_of
from servicekit.http.routing import KEY_FORM, STORED_KINDS, answer_of, replay

AT_ONCE = 200
WAITING_MAX = 2_000
JSON = b"application/json"
TRACE_HEADERS = (b"traceparent", b"tracestate", b"baggage")
SERVER = trace.SpanKind.SERVER
# Its statements find every row by a whole key, however many rows the server believes there are.
BY_KEY = MappingProxyType(
    {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "jit": "off"}
)

T = TypeVar("T")
tracer = trace.get_tracer("trueshelf")


@dataclass(frozen=True)
class Express(Generic[T]):
    """A POST route whose commands are done together."""

    path: str
    status: int
    read: Callable[[bytes, Caller], T]
    """Understands a body, or raises what sends the command the ordinary way."""
    work: Callable[[AsyncSession, Sequence[T], Sequence[str | None]], Awaitable[Sequence[Any]]]
    """Does commands that wait, each traced as told; gives the answer's JSON or a `Refusal`."""


@dataclass(frozen=True)
class Command(Generic[T]):
    """A command that waits."""

    ask: Ask
    wanted: T
    request: Request
    span: trace.Span


class ExpressLane:
    """The ASGI layer in front of an API."""

    def __init__(self, app: ASGIApp, context: Context, routes: Sequence[Express[Any]]) -> None:
        self._app = app
        self._context = context
        self._trains = {route.path: Train(route, context) for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, if it can be taken at first sight."""
        train = self._trains.get(scope["path"]) if scope["type"] == "http" else None
        if train is None or scope["method"] != "POST" or scope["query_string"]:
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        key = headers.get(b"idempotency-key", b"").decode("latin-1")
        if not self._is_plain(headers) or not KEY_FORM.fullmatch(key):
            await self._app(scope, receive, send)
            return
        body, received = await _whole(receive)
        try:
            authorization = headers.get(b"authorization", b"").decode("latin-1")
            caller = await self._context.authenticator.authenticate(authorization)
            wanted = train.route.read(body, caller)
        except (Refusal, ValidationError):
            await self._app(scope, _again(received, receive), send)
            return
        ask = Ask(caller.subject, key, fingerprint("POST", scope["path"], body))
        await train.serve(scope, receive, send, ask, wanted)

    def _is_plain(self, headers: Mapping[bytes, bytes]) -> bool:
        """Tell whether the body is JSON of a size that is told and allowed."""
        length = headers.get(b"content-length", b"")
        return (
            headers.get(b"content-type") == JSON
            and length.isdigit()
            and int(length) <= self._context.settings.max_body_bytes
        )


class Train(Generic[T]):
    """Takes the commands of one route, batch by batch."""

    def __init__(self, route: Express[T], context: Context) -> None:
        self.route = route
        self._database = Database(context.settings, context.database.on_events, BY_KEY)
        self._standing = Standing(self._database)
        self._gatherer = Gatherer[Command[T], Response](self._do, AT_ONCE, WAITING_MAX)
        context.at_end(self._gatherer.drain)
        context.at_end(self._standing.close)
        context.at_end(self._database.dispose)

    async def serve(self, scope: Scope, receive: Receive, send: Send, ask: Ask, wanted: T) -> None:
        """Let a command wait for its batch, and answer it."""
        started, request_id = time.perf_counter(), request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        request = Request(scope)
        span = _span(scope, self.route.path)
        try:
            response = await self._gatherer.do(Command(ask, wanted, request, span))
        except Exception as error:  # noqa: BLE001 - the edge turns every error into a problem
            response = await problem_of(request, error)
        response.raw_headers.append((REQUEST_ID_HEADER, request_id.encode()))
        await response(scope, receive, send)
        span.set_attribute("http.status_code", response.status_code)
        span.end()
        _seconds(self.route.path, response.status_code).observe(time.perf_counter() - started)

    async def _do(self, commands: Sequence[Command[T]]) -> list[Response]:
        """Answer commands in one transaction; a key that comes twice goes a second time."""
        first = {(one.ask.subject, one.ask.key): one for one in reversed(commands)}
        once = [one for one in commands if first[one.ask.subject, one.ask.key] is one]
        given = dict(zip(map(id, once), await self._once(once), strict=True))
        if repeats := [one for one in commands if id(one) not in given]:
            given |= dict(zip(map(id, repeats), await self._do(repeats), strict=True))
        return [given[id(one)] for one in commands]

    async def _once(self, commands: Sequence[Command[T]]) -> list[Response]:
        links = [trace.Link(one.span.get_span_context()) for one in commands]
        with tracer.start_as_current_span(f"gathered {self.route.path}", Nowhere(), links=links):
            while True:
                with contextlib.suppress(answers.KeyTakenMeanwhile):
                    try:
                        return await self._together(commands)
                    except Refusal as refusal:
                        if len(commands) > 1:
                            raise
                        return [await self._refuse(commands[0], refusal)]

    async def _together(self, commands: Sequence[Command[T]]) -> list[Response]:
        async with self._standing.transaction() as session:
            known = await answers.answered(session, [one.ask for one in commands])
            fresh = [one for one in commands if (one.ask.subject, one.ask.key) not in known]
            ends = await self.route.work(
                session, [one.wanted for one in fresh], [_traceparent(one.span) for one in fresh]
            )
            responses = [self._response(*pair) for pair in zip(fresh, ends, strict=True)]
            stored = [
                (one.ask, answer_of(response))
                for one, end, response in zip(fresh, ends, responses, strict=True)
                if not isinstance(end, Refusal) or end.kind in STORED_KINDS
            ]
            if stored:
                await answers.keep(session, stored)
        coming = iter(responses)
        return [_known(one, known) or next(coming) for one in commands]

    async def _refuse(self, command: Command[T], refusal: Refusal) -> Response:
        """Keep a refusal that undid the work."""
        response = problem(command.request, refusal)
        if refusal.kind in STORED_KINDS:
            async with self._database.transaction() as session:
                await answers.keep(session, [(command.ask, answer_of(response))])
        return response

    def _response(self, command: Command[T], end: bytes | Refusal) -> Response:
        if isinstance(end, Refusal):
            return problem(command.request, end)
        return Response(end, self.route.status, media_type="application/json")


@cache
def _seconds(path: str, status: int) -> Histogram:
    return SECONDS.labels("POST", path, status)


def _known(
    command: Command[Any], known: Mapping[tuple[str, str], Answer | KeyReused]
) -> Response | None:
    match known.get((command.ask.subject, command.ask.key)):
        case Answer() as answer:
            return replay(answer)
        case KeyReused() as refusal:
            return problem(command.request, refusal)
    return None


async def _whole(receive: Receive) -> tuple[bytes, list[Message]]:
    """Read a body of the size that was told; the server lets no more through."""
    received = [await receive()]
    while received[-1].get("more_body", False):
        received.append(await receive())
    return b"".join(message.get("body", b"") for message in received), received


def _again(received: list[Message], receive: Receive) -> Receive:
    """Return what gives the messages that were read once more, and then those that follow."""
    messages = iter(received)

    async def read() -> Message:
        return next(messages, None) or await receive()

    return read


def _span(scope: Scope, path: str) -> trace.Span:
    """Return a span like those of every other route, going on from the caller's if there is one."""
    carrier = {
        name.decode(): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in TRACE_HEADERS
    }
    known = {"http.method": "POST", "http.route": path}
    return tracer.start_span(
        f"POST {path}", propagate.extract(carrier) if carrier else None, SERVER, known
    )


def _traceparent(span: trace.Span) -> str | None:
    context = span.get_span_context()
    if not context.is_valid:
        return None
    trace_id, span_id = (
        trace.format_trace_id(context.trace_id),
        trace.format_span_id(context.span_id),
    )
    return f"00-{trace_id}-{span_id}-{context.trace_flags:02x}"
