"""A service and its processes: api, worker and relay, and the steps that prepare them."""

import asyncio
import contextlib
import gc
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from typing import Any

import structlog
import uvicorn
import uvloop
from alembic import command
from alembic.config import Config
from fastapi import APIRouter
from faststream.kafka import KafkaBroker
from starlette.types import ASGIApp

from servicekit import claims, telemetry
from servicekit.bus.broker import Watchdog, new_broker, subscribe
from servicekit.bus.consumer import Consumer
from servicekit.bus.subscriptions import Subscription
from servicekit.bus.topics import create_topics
from servicekit.context import Context
from servicekit.http.app import Check, create_api, create_health_app, database_check
from servicekit.relay import Relay
from servicekit.settings import Settings
from servicekit.wakeup import Alarm

log = structlog.get_logger()

RELAY_SILENT_SECONDS = 60.0


@dataclass(frozen=True)
class Job:
    """Work that a worker repeats; several workers may run it at the same time."""

    name: str
    every_seconds: float
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """All there is to know of a service to run its processes."""

    name: str
    summary: str
    settings: type[Settings]
    routers: Sequence[APIRouter]
    subscriptions: Callable[[Context], Sequence[Subscription]]
    jobs: Callable[[Context], Sequence[Job]]
    front: Callable[[ASGIApp, Context], ASGIApp] = lambda app, _: app
    """What stands before the API, if anything does."""
    side_workers: Mapping[str, Callable[[Context], Sequence[Job]]] = field(default_factory=dict)
    """Jobs that are too slow or too hungry for the worker: each name is a process of its own."""
    commands: Mapping[str, Callable[[Context], Awaitable[int]]] = field(default_factory=dict)
    """What an operator may run beside the processes; each returns its exit code."""


def run(service: Service) -> None:
    """Run what the command line names: `python -m <service> api|worker|relay|migrate|topics`."""
    processes: dict[str, Callable[[Service], Coroutine[Any, Any, None]]] = {
        "api": _api,
        "worker": _worker,
        "relay": _relay,
        "topics": _topics,
        **{name: partial(_side_worker, jobs) for name, jobs in service.side_workers.items()},
    }
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name == "migrate":
        migrate(service.name)
    elif name == "openapi":
        print(json.dumps(openapi(service), ensure_ascii=False, indent=2))  # noqa: T201
    elif name in processes:
        # The plain event loop takes a third more of a busy API's processor time.
        with (
            contextlib.suppress(KeyboardInterrupt),
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(processes[name](service))
    elif name in service.commands:
        raise SystemExit(asyncio.run(_command(service, name)))
    else:
        known = "|".join([*processes, "migrate", "openapi", *service.commands])
        raise SystemExit(f"usage: python -m {service.name} {known}")


def migrate(name: str) -> None:
    """Bring the service's database up to date, under its owner's role."""
    command.upgrade(alembic_config(name), "head")


def alembic_config(name: str) -> Config:
    """Return where the service's migrations are."""
    config = Config()
    config.set_main_option("script_location", str(resources.files(name) / "migrations"))
    return config


def openapi(service: Service) -> dict[str, Any]:
    """Return the OpenAPI document; needs no environment."""
    nowhere = Settings(
        environment="local",
        database_url="postgresql://nobody@localhost/none",
        kafka_bootstrap="localhost:1",
        redis_url="redis://localhost:1/0",
        oidc_issuer="none",
        oidc_jwks_url="file:///none",
    )
    context = Context(service.name, nowhere)
    return create_api(context, service.summary, service.routers).openapi()


def _context(service: Service) -> Context:
    settings = service.settings()
    telemetry.configure(service.name, settings)
    return Context(service.name, settings)


async def _api(service: Service) -> None:
    context = _context(service)
    app = create_api(context, service.summary, service.routers, service.subscriptions(context))
    telemetry.trace_requests(app)
    await _serve(service.front(app, context), context.settings)


async def _worker(service: Service) -> None:
    context = _context(service)
    broker = new_broker(context.settings, service.name)
    consumers, subscribers = _subscribe_all(service, context, broker)
    watchdog = Watchdog(subscribers)
    jobs = [
        *service.jobs(context),
        *(Job(f"released {one.name}", 1.0, one.consume_due) for one in consumers),
        Job("watchdog", 5.0, watchdog.look),
        Job("prune claims", 3600.0, _prune(context)),
    ]
    app = create_health_app(
        {"consumers": _stalled(watchdog)}, {"database": database_check(context)}
    )
    tasks = [asyncio.create_task(_repeat(job)) for job in jobs]
    starting = asyncio.create_task(_start(broker))
    try:
        await _serve(app, context.settings)
    finally:
        for task in (*tasks, starting):
            task.cancel()
        await broker.stop()
        await context.close()


def _subscribe_all(
    service: Service, context: Context, broker: KafkaBroker
) -> tuple[list[Consumer], dict[str, Any]]:
    consumers, subscribers = [], {}
    for subscription in service.subscriptions(context):
        consumer = Consumer(subscription, context.database)
        topics = [topic.name for topic in subscription.topics]
        subscribers[consumer.name] = subscribe(broker, consumer, topics, context.settings)
        consumers.append(consumer)
    return consumers, subscribers


async def _start(broker: KafkaBroker) -> None:
    """Start consuming; a broker that is still away is waited for."""
    while True:
        try:
            return await broker.start()
        except Exception as error:  # noqa: BLE001 - whatever keeps the broker away may pass
            log.warning("broker not there yet", error=repr(error)[:300])
            await asyncio.sleep(1)


async def _side_worker(jobs: Callable[[Context], Sequence[Job]], service: Service) -> None:
    context = _context(service)
    app = create_health_app({}, {"database": database_check(context)})
    tasks = [asyncio.create_task(_repeat(job)) for job in jobs(context)]
    try:
        await _serve(app, context.settings)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await context.close()


async def _relay(service: Service) -> None:
    context = _context(service)
    relay = Relay(service.name, context.settings, Alarm(context.redis, service.name))

    async def silent() -> str | None:
        quiet = time.monotonic() - relay.alive_at
        return f"no sign of life for {quiet:.0f} s" if quiet > RELAY_SILENT_SECONDS else None

    app = create_health_app({"relay": silent}, {"database": database_check(context)})
    sending = asyncio.create_task(relay.run())
    try:
        await _serve(app, context.settings)
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        await context.close()


async def _topics(service: Service) -> None:
    context = Context(service.name, service.settings())
    await create_topics(service.name, context.settings, service.subscriptions(context))


async def _command(service: Service, name: str) -> int:
    context = _context(service)
    try:
        return await service.commands[name](context)
    finally:
        await context.close()


async def _serve(app: ASGIApp, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished."""
    # What start-up made stays for good: keep the collector from walking over it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        access_log=False,
        log_config=None,
        server_header=False,
        # Longer than proxies keep theirs, mostly 60 s: who closes first races with a request.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=20,
    )
    # uvicorn raises the signal it stopped for once more: by default that would end the process
    # before its consumers and connections are closed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    await uvicorn.Server(config).serve()


async def _repeat(job: Job) -> None:
    while True:
        try:
            await job.run()
        except Exception as error:  # noqa: BLE001 - the next round may succeed
            log.warning("job failed", job=job.name, error=repr(error)[:500])
        await asyncio.sleep(job.every_seconds)


def _stalled(watchdog: Watchdog) -> Check:
    async def check() -> str | None:
        return ", ".join(watchdog.stalled()) or None

    return check


def _prune(context: Context) -> Callable[[], Awaitable[None]]:
    async def prune() -> None:
        async with context.database.transaction() as session:
            await claims.prune(session)

    return prune
