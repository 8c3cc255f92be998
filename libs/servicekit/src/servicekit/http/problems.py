"""Errors as problem details (RFC 9457) with a stable code, in the caller's language."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from servicekit.auth import Unauthenticated
from servicekit.errors import Kind, Refusal
from servicekit.faults import is_transient

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
STATUS = {
    Kind.INVALID: 400,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.RULE: 422,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}
RETRY_AFTER_SECONDS = "2"


class Unavailable(Refusal):
    """Something this service stands on is away."""

    kind = Kind.UNAVAILABLE
    code = "temporarily_unavailable"
    en = "The service can't answer just now. Send the same request with the same key again."
    zh = "服务暂时无法响应。请使用相同的幂等键重新发送同一请求。"


class InvalidRequest(Refusal):
    """The request is not of the form the API describes."""

    kind = Kind.RULE
    code = "invalid_request"
    en = "The request does not fit the API's description: {first}."
    zh = "请求不符合接口说明：{first}。"


class ConcurrentChange(Refusal):
    """Two commands changed the same thing at the same moment."""

    kind = Kind.CONFLICT
    code = "concurrent_change"
    en = "Another command changed the same thing at the same moment. Look again, then repeat."
    zh = "另一个操作同时修改了同一对象。请重新查询后再试。"


class ProblemResponse(JSONResponse):
    """A response of the problem media type."""

    media_type = MEDIA_TYPE


def language_of(request: Request) -> str:
    """Return `zh-CN` if the caller prefers Chinese, else `en`."""
    preferred = request.headers.get("accept-language", "en").strip().lower()
    return "zh-CN" if preferred.startswith("zh") else "en"


def problem(request: Request, refusal: Refusal, status: int | None = None) -> ProblemResponse:
    """Return a refusal as the caller is to see it, under its kind's status or another one."""
    if status is None:
        status = 401 if isinstance(refusal, Unauthenticated) else STATUS[refusal.kind]
    headers: dict[str, str] = {"Content-Language": language_of(request)}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    body = {
        **jsonable_encoder(refusal.facts, custom_encoder={Decimal: _exactly}),
        "type": f"urn:trueshelf:problem:{refusal.code}",
        "title": refusal.code.replace("_", " "),
        "status": status,
        "code": refusal.code,
        "detail": refusal.text(language_of(request)),
    }
    return ProblemResponse(body, status_code=status, headers=headers)


def _exactly(number: Decimal) -> str:
    return format(number, "f")


def install(app: FastAPI) -> None:
    """Let the app answer every error as a problem."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def problem_of(request: Request, error: Exception) -> ProblemResponse:
    """Return any error as the app would answer it."""
    handler = next(one for kind, one in HANDLERS.items() if isinstance(error, kind))
    return await handler(request, error)


async def _refused(request: Request, error: Exception) -> ProblemResponse:
    if not isinstance(error, Refusal):
        raise error
    return problem(request, error)


async def _invalid(request: Request, error: Exception) -> ProblemResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        {"where": ".".join(map(str, one["loc"])), "what": str(one["msg"])}
        for one in error.errors()[:50]
    ]
    first = f"{errors[0]['where']}: {errors[0]['what']}" if errors else "unreadable"
    return problem(request, InvalidRequest(first=first, errors=errors))


async def _http(_: Request, error: Exception) -> ProblemResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = {404: "no_such_page", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
    body: Mapping[str, Any] = {
        "type": f"urn:trueshelf:problem:{code}",
        "title": code.replace("_", " "),
        "status": error.status_code,
        "code": code,
        "detail": str(error.detail),
    }
    return ProblemResponse(body, status_code=error.status_code, headers=error.headers)


async def _database(request: Request, error: Exception) -> ProblemResponse:
    if isinstance(error, IntegrityError):
        return problem(request, ConcurrentChange())
    if is_transient(error):
        return await _away(request, error)
    return await _unexpected(request, error)


async def _away(request: Request, error: Exception) -> ProblemResponse:
    log.warning("unavailable", error=f"{type(error).__name__}: {error}"[:500])
    return problem(request, Unavailable())


async def _unexpected(request: Request, error: Exception) -> ProblemResponse:
    log.error("unexpected error", path=request.url.path, exc_info=error)
    body = {
        "type": "urn:trueshelf:problem:internal_error",
        "title": "internal error",
        "status": 500,
        "code": "internal_error",
        "detail": "This is a fault of ours. Report it with the request id.",
        "request_id": getattr(request.state, "request_id", None),
    }
    return ProblemResponse(body, status_code=500)


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[ProblemResponse]]] = {
    Refusal: _refused,
    RequestValidationError: _invalid,
    HTTPException: _http,
    DBAPIError: _database,
    PoolTimeout: _away,
    OSError: _away,
    Exception: _unexpected,
}
"""How each kind of error is answered, the particular before the general."""
