"""Logs as JSON lines with trace ids; traces to an OTLP collector where one is named."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog
from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, DEFAULT_ON
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer

from servicekit.settings import Settings

QUIET = ("aiokafka", "httpx2", "faststream", "alembic", "uvicorn.access")


def configure(service: str, settings: Settings) -> None:
    """Set up logs and traces of this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_trace,
            # Without the values of variables: a token among them is nobody's to read.
            ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelName(settings.log_level)
        ),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Where nobody collects them, spans have ids for logs and events but record nothing.
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: f"trueshelf-{service}"}),
        sampler=DEFAULT_ON if settings.otlp_endpoint else ALWAYS_OFF,
    )
    if settings.otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter))
        AsyncPGInstrumentor().instrument(tracer_provider=provider)  # type: ignore[no-untyped-call]
    trace.set_tracer_provider(provider)


def trace_requests(app: FastAPI) -> None:
    """Give each request of an API a span that goes on from the caller's."""
    FastAPIInstrumentor.instrument_app(
        app, excluded_urls="/health/.*,/metrics", exclude_spans=["receive", "send"]
    )


def _with_trace(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = format(span.trace_id, "032x")
        event["span_id"] = format(span.span_id, "016x")
    return event
