"""One service under test: its API in process, its consumers fed by hand, its own database."""

import json
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import httpx2
from alembic import command
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from sqlalchemy import select, union_all

from contracts.catalogue import BY_TYPE
from contracts.envelope import Event
from servicekit.bus.consumer import Consumer
from servicekit.bus.reading import Record
from servicekit.clock import now
from servicekit.context import Context
from servicekit.http.app import create_api
from servicekit.service import Service, alembic_config
from servicekit.settings import LOCAL_ISSUER
from servicekit.tables import outbox, outbox_archive

KEY = ECKey.generate_key("P-256", parameters={"kid": "test"})
YEAR_SECONDS = 365 * 24 * 3600


def token(roles: Sequence[str] | str, sites: Sequence[str] = ("*",), **claims: Any) -> str:
    """Return a token of the test issuer; `claims` replace or add to the usual ones."""
    at = int(now().timestamp())
    body = {
        "iss": LOCAL_ISSUER,
        "aud": "trueshelf",
        "sub": "tester",
        "iat": at,
        "exp": at + YEAR_SECONDS,
        "roles": roles,
        "sites": sites,
        **claims,
    }
    return jwt.encode({"alg": "ES256", "kid": "test"}, body, KEY)


class ServiceUnderTest:
    """What a component test works with."""

    def __init__(self, service: Service, context: Context, api: httpx2.AsyncClient) -> None:
        self.service = service
        self.context = context
        self.api = api
        self._offset = 0

    def headers(
        self,
        roles: Sequence[str],
        sites: Sequence[str] = ("*",),
        key: str | None = None,
        subject: str = "tester",
    ) -> dict[str, str]:
        """Return a token and an idempotency key (a fresh one if none is given)."""
        return {
            "Authorization": f"Bearer {token(roles, sites, sub=subject)}",
            "Idempotency-Key": key or str(uuid4()),
        }

    async def deliver(
        self, events: Event | Iterable[Event], ids: Sequence[UUID] | None = None
    ) -> None:
        """Feed events to the consumers as one batch each, as the bus would, inbox and all."""
        batch = [events] if isinstance(events, Event) else list(events)
        names = list(ids) if ids is not None else [uuid4() for _ in batch]
        records = [record(event, name) for event, name in zip(batch, names, strict=True)]
        for subscription in self.service.subscriptions(self.context):
            topics = {topic.name for topic in subscription.topics}
            fitting = [one for one in records if one.topic in topics]
            if fitting:
                await Consumer(subscription, self.context.database).consume(fitting)

    async def deliver_raw(self, value: bytes, headers: dict[str, str], key: str = "raw") -> None:
        """Feed a record that may be no event at all to every consumer."""
        for subscription in self.service.subscriptions(self.context):
            self._offset += 1
            raw = Record(subscription.topics[0].name, 0, self._offset, key, value, headers)
            await Consumer(subscription, self.context.database).consume([raw])

    async def consume_due(self) -> None:
        """Let every consumer apply parked messages that were released."""
        for subscription in self.service.subscriptions(self.context):
            await Consumer(subscription, self.context.database).consume_due()

    async def run_job(self, name: str) -> None:
        """Run a job once."""
        jobs = {job.name: job for job in self.service.jobs(self.context)}
        await jobs[name].run()

    async def events(self) -> list[Event]:
        """Return all events the service has made, in order; dead letters are left out."""
        tables = (outbox, outbox_archive)
        both = union_all(*(select(t.c.id, t.c.type, t.c.payload, t.c.topic) for t in tables))
        rows = both.subquery()
        async with self.context.database.transaction() as session:
            found = await session.execute(select(rows).order_by(rows.c.id))
        return [
            BY_TYPE[row.type].model_validate_json(row.payload)
            for row in found
            if not row.topic.endswith(".dlq")
        ]


def record(event: Event, event_id: UUID) -> Record:
    """Return the event as a record that came from Kafka."""
    headers = {"ce_id": str(event_id), "ce_type": event.TYPE, "ce_time": now().isoformat()}
    value = event.model_dump_json().encode()
    return Record(event.TOPIC.name, 0, 0, event.key, value, headers)


@asynccontextmanager
async def running(service: Service, dsn: str, **settings: Any) -> AsyncIterator[ServiceUnderTest]:
    """Give the service on a migrated database; Kafka and Redis are not needed."""
    with TemporaryDirectory() as folder:
        keys = Path(folder) / "jwks.json"
        keys.write_text(public_keys())
        context = Context(
            service.name,
            service.settings(
                environment="local",
                database_url=dsn,
                kafka_bootstrap="127.0.0.1:1",
                oidc_issuer=LOCAL_ISSUER,
                oidc_jwks_url=keys.as_uri(),
                **{"redis_url": "redis://127.0.0.1:1/0", **settings},
            ),
        )
        app = create_api(context, service.summary, service.routers, service.subscriptions(context))
        front = service.front(app, context)
        transport = httpx2.ASGITransport(app=front, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as api:
            yield ServiceUnderTest(service, context, api)
        await context.close()


def migrate(name: str, owner_dsn: str, revision: str = "head") -> None:
    """Migrate a service's database to a revision; `base` undoes everything."""
    with alembic_on(owner_dsn):
        change = command.downgrade if revision == "base" else command.upgrade
        change(alembic_config(name), revision)


def check_models(name: str, owner_dsn: str) -> None:
    """Raise if the migrations don't give what the models describe (`alembic check`)."""
    with alembic_on(owner_dsn):
        command.check(alembic_config(name))


@contextmanager
def alembic_on(owner_dsn: str) -> Iterator[None]:
    """Let alembic work on this database."""
    with patch.dict(os.environ, {"TRUESHELF_MIGRATION_DATABASE_URL": owner_dsn}):
        yield


def public_keys() -> str:
    """Return the test issuer's key set, as its JWKS page would."""
    return json.dumps(KeySet([KEY]).as_dict(private=False))
