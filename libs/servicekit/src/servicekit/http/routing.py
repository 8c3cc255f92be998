"""How a request becomes one transaction with one answer.

- `query_router`: reads; one transaction, no key.
- `command_router`: one transaction that claims the key, works, and keeps the answer.
- `step_router`: for commands with a remote call between transactions. The key is claimed first
  and on its own; the work uses the claim's id for what it makes and must be able to go on where
  a crashed attempt stopped.
"""

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import claims
from servicekit.auth import Caller
from servicekit.claims import Answer, Claim
from servicekit.context import Context
from servicekit.errors import Kind, Refusal
from servicekit.http.problems import MEDIA_TYPE, problem

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
KEY_FORM = re.compile(r"[\x21-\x7e]{1,128}")
STORED_KINDS = {Kind.NOT_FOUND, Kind.CONFLICT, Kind.RULE}
REPLAYED = {"Idempotency-Replayed": "true"}


class KeyMissing(Refusal):
    """A command came without a usable key."""

    kind = Kind.INVALID
    code = "idempotency_key_missing"
    en = "Send an Idempotency-Key header of 1 to 128 visible ASCII characters with each command."
    zh = "每个操作请求都须带有 Idempotency-Key 请求头（1 至 128 个可见 ASCII 字符）。"


class QueryRoute(APIRoute):
    """A route that only reads."""

    def get_route_handler(self) -> Handler:
        """Wrap the endpoint: authenticate, open a transaction."""
        handle = super().get_route_handler()

        async def read(request: Request) -> Response:
            context = await _enter(request)
            async with context.database.transaction() as session:
                request.state.session = session
                return await handle(request)

        return read


class CommandRoute(APIRoute):
    """A route whose work is one transaction."""

    def get_route_handler(self) -> Handler:
        """Wrap the endpoint: authenticate, claim, work and keep the answer together."""
        handle = super().get_route_handler()

        async def work(request: Request) -> Response:
            context = await _enter(request)
            try:
                async with context.database.transaction() as session:
                    claim = await _claim(request, session)
                    if claim.answer is not None:
                        return replay(claim.answer)
                    request.state.session = session
                    response = await handle(request)
                    await session.flush()
                    await claims.settle(session, claim, answer_of(response))
            except Refusal as refusal:
                return await _refuse(request, context, refusal)
            return response

        return work


class StepRoute(APIRoute):
    """A route whose work takes several transactions; it opens them itself."""

    def get_route_handler(self) -> Handler:
        """Wrap the endpoint: authenticate, claim; afterwards keep the answer."""
        handle = super().get_route_handler()

        async def work(request: Request) -> Response:
            context = await _enter(request)
            async with context.database.transaction() as session:
                claim = await _claim(request, session)
            if claim.answer is not None:
                return replay(claim.answer)
            request.state.claim = claim
            try:
                response = await handle(request)
            except Refusal as refusal:
                return await _refuse(request, context, refusal)
            async with context.database.transaction() as session:
                await claims.settle(session, claim, answer_of(response))
            return response

        return work


async def _enter(request: Request) -> Context:
    context: Context = request.app.state.context
    caller = await context.authenticator.authenticate(request.headers.get("authorization"))
    request.state.caller = caller
    return context


async def _claim(request: Request, session: AsyncSession) -> Claim:
    key = request.headers.get("idempotency-key", "")
    if not KEY_FORM.fullmatch(key):
        raise KeyMissing
    path = request.url.path + ("?" + request.url.query if request.url.query else "")
    mark = claims.fingerprint(request.method, path, await request.body())
    return await claims.take(session, request.state.caller.subject, key, mark)


async def _refuse(request: Request, context: Context, refusal: Refusal) -> Response:
    """Answer with the refusal; keep it as the key's answer if it would not change by itself."""
    response = problem(request, refusal)
    if refusal.kind not in STORED_KINDS or isinstance(refusal, claims.KeyReused):
        return response
    async with context.database.transaction() as session:
        claim = await _claim(request, session)
        if claim.answer is not None:
            return replay(claim.answer)
        await claims.settle(session, claim, answer_of(response))
    return response


def answer_of(response: Response) -> Answer:
    """Return what of a response is kept."""
    media_type = response.media_type or response.headers.get("content-type", "application/json")
    return Answer(response.status_code, media_type, bytes(response.body))


def replay(answer: Answer) -> Response:
    """Return a kept answer as the response to a repeat."""
    return Response(answer.body, answer.status, headers=REPLAYED, media_type=answer.media_type)


class Problem(BaseModel):
    """Problem details (RFC 9457); further members depend on the code."""

    type: str
    title: str
    status: int
    code: str
    detail: str


async def _document_key(
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[\x21-\x7e]{1,128}$",
            description="One key per command; a repeat with the same key does nothing twice.",
        ),
    ],
) -> None:
    """Let the OpenAPI document say that a key is needed; the route has checked it by now."""


_PROBLEM = {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": "Problem"}
STATUSES = (400, 401, 403, 404, 409, 413, 422, 503)
RESPONSES: dict[int | str, dict[str, Any]] = dict.fromkeys(STATUSES, _PROBLEM)


def query_router(tag: str) -> APIRouter:
    """Return a router for reads."""
    return APIRouter(route_class=QueryRoute, tags=[tag], responses=RESPONSES)


def command_router(tag: str) -> APIRouter:
    """Return a router for commands of one transaction."""
    needs_key = [Depends(_document_key)]
    return APIRouter(
        route_class=CommandRoute, tags=[tag], responses=RESPONSES, dependencies=needs_key
    )


def step_router(tag: str) -> APIRouter:
    """Return a router for commands with a remote step."""
    needs_key = [Depends(_document_key)]
    return APIRouter(route_class=StepRoute, tags=[tag], responses=RESPONSES, dependencies=needs_key)


def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


def _claim_of(request: Request) -> Claim:
    claim: Claim = request.state.claim
    return claim


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Session = Annotated[AsyncSession, Depends(_session)]
"""The transaction of a query or a command."""
CurrentClaim = Annotated[Claim, Depends(_claim_of)]
"""The claim of a stepwise command."""
CurrentContext = Annotated[Context, Depends(_context)]
"""What the process has: settings, database, clients."""


def allow(*roles: str) -> Callable[[Request], Awaitable[Caller]]:
    """Return a dependency that gives the caller, who must have one of the roles."""

    async def caller_in_role(request: Request) -> Caller:
        caller: Caller = request.state.caller
        caller.must_have_role(roles)
        return caller

    return caller_in_role
