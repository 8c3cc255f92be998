"""Read the documents that wait, one at a time, each in a process of its own.

Taking, renewing and keeping are transactions of their own: nothing is locked while a document is
read. A reader that dies keeps its lease until that runs out; then the document is read again, and
only the reader that holds the lease can keep what it read.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.ext.asyncio import AsyncSession

from invoice_reading.amounts import words_of
from invoice_reading.model import Unreadable
from invoice_reading.sandbox import Bounds, Broken, read_apart
from purchasing.recognition import store
from purchasing.recognition.domain import Held, InvoiceDocument, hold, judge, said_lines
from purchasing.recognition.domain.invoice import number, value
from purchasing.recognition.store import agreements
from purchasing.settings import PurchasingSettings, settings_of
from servicekit.clock import now
from servicekit.context import Context
from servicekit.ids import new_id

log = structlog.get_logger()

DOCUMENTS = Counter(
    "trueshelf_recognition_documents", "Tries to read a document, by outcome", ["kind", "outcome"]
)
SECONDS = Histogram(
    "trueshelf_recognition_seconds",
    "Time to read a document",
    ["kind"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 80, 160),
)
WAITING = Gauge("trueshelf_recognition_waiting", "Documents that are not read yet")


@dataclass(frozen=True)
class Taken:
    """A document that this process may read for as long as it renews the lease."""

    document_id: UUID
    lease: UUID
    kind: str
    supplier_id: str | None
    content: bytes


async def read_documents(context: Context) -> None:
    """Read until nothing is due."""
    while await read_next(context):
        pass


async def read_next(context: Context) -> bool:
    """Read the document that has waited longest; return whether there was one."""
    settings = settings_of(context)
    async with context.database.transaction() as session:
        WAITING.set(await store.count_open(session))
        taken = await _take(session, settings)
    if taken is None:
        return False
    if taken.content:
        await _read(context, settings, taken)
    return True


async def _take(session: Any, settings: PurchasingSettings) -> Taken | None:
    at = now()
    document = await store.next_to_read(session, at)
    if document is None:
        return None
    if document.attempts >= settings.recognition_attempts_max:
        # Whoever read it died each time: it will not be the death of the next one.
        document.put_off("the reader died", at, settings.recognition_attempts_max)
        DOCUMENTS.labels(document.kind, "failed").inc()
        return Taken(document.document_id, document.document_id, document.kind, None, b"")
    lease = new_id()
    document.take(lease, _until(settings))
    content = await store.content_of(session, document.document_id)
    return Taken(document.document_id, lease, document.kind, document.supplier_id, content)


def _until(settings: PurchasingSettings) -> Any:
    return now() + timedelta(seconds=settings.recognition_lease_seconds)


async def _read(context: Context, settings: PurchasingSettings, taken: Taken) -> None:
    bounds = Bounds(settings.recognition_document_seconds, settings.recognition_memory_mb)
    started = time.perf_counter()
    try:
        async with _renewed(context, settings, taken):
            reading = await read_apart(taken.content, bounds)
    except Unreadable as error:
        cause, facts = error.code, error.facts
        outcome = await _note(context, taken, lambda one: one.fail(cause, facts))
        outcome = outcome and "refused"
    except Broken as error:
        why, most = str(error), settings.recognition_attempts_max
        outcome = await _note(context, taken, lambda one: one.put_off(why, now(), most))
        outcome = outcome and "broken"
    else:
        judged = await _judged(context, taken, reading)
        least = settings.recognition_confidence_min
        outcome = await _note(context, taken, lambda one: one.keep(judged, now(), least))
        outcome = outcome and "read"
    SECONDS.labels(taken.kind).observe(time.perf_counter() - started)
    DOCUMENTS.labels(taken.kind, outcome or "lost").inc()
    log.info("document read", document_id=str(taken.document_id), outcome=outcome or "lost")


async def _judged(context: Context, taken: Taken, reading: Mapping[str, Any]) -> Mapping[str, Any]:
    head = reading["head"]
    words, tax_id = (
        str(head.get(name, {}).get("value", "")) for name in ("total_in_words", "seller_tax_id")
    )
    async with context.database.transaction() as session:
        known = await store.sells(session, tax_id, taken.supplier_id) if tax_id else None
        name = await store.name_of_seller(session, tax_id) if known else None
        held = await _held(session, settings_of(context).currency, taken, reading)
    return judge(reading, words_of(words), seller_known=known, seller_name=name, held=held)


async def _held(
    session: AsyncSession, currency: str, taken: Taken, reading: Mapping[str, Any]
) -> list[Held]:
    """Hold its lines against what the seller has to invoice, in the currency of the books."""
    tax_id = value(reading["head"], "seller_tax_id")
    seller = await agreements.seller_of(session, tax_id, taken.supplier_id)
    if seller is None:
        return []
    claims = (number(value(reading["head"], "net")) or Decimal(0)) < 0
    lines = said_lines(reading)
    agreed = await agreements.agreed_with(session, seller, currency, claims=claims)
    names = await agreements.names_of(session, seller, [line.named for line in lines])
    return hold(lines, agreed, names)


async def _note(context: Context, taken: Taken, change: Any) -> str | None:
    """Change the document if it is still this process's to read; return its status, or None."""
    async with context.database.transaction() as session:
        document: InvoiceDocument = await store.document_to_change(session, taken.document_id)
        if not document.is_held(taken.lease):
            return None
        change(document)
        return str(document.status)


@contextlib.asynccontextmanager
async def _renewed(
    context: Context, settings: PurchasingSettings, taken: Taken
) -> AsyncIterator[None]:
    """Renew the lease for as long as the block takes."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(settings.recognition_lease_seconds / 3)
            async with context.database.transaction() as session:
                document = await store.document_to_change(session, taken.document_id)
                if document.is_held(taken.lease):
                    document.due_at = _until(settings)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await renewing
