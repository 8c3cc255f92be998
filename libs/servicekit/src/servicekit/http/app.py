"""The API process of a service."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from servicekit.bus.subscriptions import Subscription
from servicekit.context import Context
from servicekit.http import ops, problems
from servicekit.http.edge import Edge

Check = Callable[[], Awaitable[str | None]]
"""Returns what is wrong, or None."""


def create_api(
    context: Context,
    title: str,
    routers: Sequence[APIRouter],
    subscriptions: Sequence[Subscription] = (),
) -> FastAPI:
    """Return the app with the service's routers and the pages every service has."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await context.close()

    app = FastAPI(
        title=f"Trueshelf {context.service}",
        description=title,
        version="1",
        lifespan=lifespan,
        separate_input_output_schemas=False,
    )
    app.state.context = context
    app.state.subscriptions = subscriptions
    problems.install(app)
    # Routes as they are: an included router builds each of them anew, at the first request.
    every = (route for router in (*routers, ops.queries, ops.commands) for route in router.routes)
    app.router.routes.extend([*every, *health_routes({}, {"database": database_check(context)})])
    app.add_middleware(Edge, max_body_bytes=context.settings.max_body_bytes)
    return app


def create_health_app(live: Mapping[str, Check], ready: Mapping[str, Check]) -> Starlette:
    """Return the small app of a process without an API."""
    return Starlette(routes=health_routes(live, ready))


def health_routes(live: Mapping[str, Check], ready: Mapping[str, Check]) -> list[Route]:
    """Return liveness, readiness and metrics."""
    return [
        Route("/health/live", _answers(live)),
        Route("/health/ready", _answers(ready)),
        Route("/metrics", _metrics),
    ]


def _answers(checks: Mapping[str, Check]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        troubles = {name: trouble for name, check in checks.items() if (trouble := await check())}
        return JSONResponse(
            {"status": "failing" if troubles else "ok", "troubles": troubles},
            status_code=503 if troubles else 200,
        )

    return answer


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def database_check(context: Context) -> Check:
    """Return a check that the database answers."""

    async def check() -> str | None:
        try:
            async with context.database.transaction() as session:
                await session.execute(text("select 1"))
        except (SQLAlchemyError, OSError) as error:
            return type(error).__name__
        return None

    return check
