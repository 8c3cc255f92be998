"""A service as small as can be, so that the kit is tested and not somebody's business."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any

import httpx2
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from fastapi import Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from contracts.inventory import SITE, SiteDefined
from contracts.wire import Code, Quantity
from servicekit import migrations, outbox, testing
from servicekit.auth import Caller
from servicekit.bus import Received, Subscription, each
from servicekit.context import Context
from servicekit.errors import Kind, Refusal
from servicekit.http.app import create_api
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
    step_router,
)
from servicekit.service import Service
from servicekit.settings import LOCAL_ISSUER, Settings


class TooMuch(Refusal):
    """More than ten."""

    kind = Kind.CONFLICT
    code = "too_much"
    en = "{quantity} is too much for {site_id}."
    zh = "{site_id} 的数量 {quantity} 过多。"


class Away(Refusal):
    """Something is away."""

    kind = Kind.UNAVAILABLE
    code = "away"
    en = "Away."
    zh = "不在。"


class Body(BaseModel):
    """What the sample's commands take."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    quantity: Quantity


Clerk = Annotated[Caller, Depends(allow("clerk"))]
commands, queries, steps = command_router("sample"), query_router("sample"), step_router("sample")


@commands.post("/things", status_code=201)
async def make_thing(body: Body, session: Session, caller: Clerk) -> dict[str, str]:
    """Publish something, unless it is too much or the site is not the caller's."""
    caller.must_cover(body.site_id)
    await outbox.add(session, [site(body.site_id)])
    if body.quantity > 10:
        raise TooMuch(quantity=body.quantity, site_id=body.site_id)
    if body.site_id == "away":
        raise Away
    return {"quantity": str(body.quantity)}


@queries.get("/things")
async def read_things(session: Session, _: Clerk) -> list[str]:
    """Read nothing."""
    return []


@steps.post("/steps")
async def take_steps(body: Body, claim: CurrentClaim, context: CurrentContext, _: Clerk) -> str:
    """Work in a transaction of its own."""
    async with context.database.transaction() as session:
        await outbox.add(session, [site(body.site_id)])
    return str(claim.id)


def site(name: str) -> SiteDefined:
    """Return an event about a site."""
    return SiteDefined(site_id=name, name=name, time_zone="UTC")


class Sample(testing.ServiceUnderTest):
    """The sample service with what its consumer has seen and is to fail at."""

    def __init__(self, context: Context, api: httpx2.AsyncClient) -> None:
        self.seen: list[str] = []
        self.failing: set[str] = set()
        self.batches: list[int] = []
        service = Service(
            "sample",
            "A sample",
            Settings,
            [commands, queries, steps],
            lambda _: [Subscription("sample.sites", (SITE,), self.take)],
            lambda _: [],
        )
        super().__init__(service, context, api)

    async def take(self, session: AsyncSession, batch: Sequence[Received]) -> None:
        """Note a batch, and each event in it that is not to fail."""
        self.batches.append(len(batch))
        await each({SiteDefined: self._note})(session, batch)

    async def _note(self, _: AsyncSession, received: Received) -> None:
        name = received.event.site_id
        if name in self.failing:
            raise ValueError(f"{name} can't be applied")
        self.seen.append(name)


@pytest.fixture
async def settings(fresh_database: Callable[[str], Any], tmp_path: Any) -> Settings:
    """Return settings with a database of its own and no bus."""
    database = fresh_database("sample")
    await _plumb(database.owner_dsn)
    keys = tmp_path / "jwks.json"
    keys.write_text(testing.public_keys())
    return Settings(
        environment="local",
        database_url=database.dsn,
        kafka_bootstrap="127.0.0.1:1",
        redis_url="redis://127.0.0.1:1/0",
        oidc_issuer=LOCAL_ISSUER,
        oidc_jwks_url=keys.as_uri(),
        max_body_bytes=10_000,
    )


@pytest.fixture
async def sample(settings: Settings) -> AsyncIterator[Sample]:
    """Return the sample service."""
    context = Context("sample", settings)
    app = create_api(context, "A sample", [commands, queries, steps])
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as api:
        yield Sample(context, api)
    await context.close()


async def _plumb(owner_dsn: str) -> None:
    def create(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            migrations.create_plumbing("sample")

    engine = create_async_engine(owner_dsn.replace("postgresql:", "postgresql+asyncpg:", 1))
    async with engine.begin() as connection:
        await connection.run_sync(create)
    await engine.dispose()
