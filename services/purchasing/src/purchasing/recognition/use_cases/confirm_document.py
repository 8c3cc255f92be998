"""Confirm what was read: a person corrects or accepts each field that is in doubt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.recognition import store
from purchasing.recognition.domain import InvoiceDocument
from servicekit.auth import Caller
from servicekit.clock import now


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What a person says of the fields, by paths such as `total` and `lines.2.amount`."""

    document_id: UUID
    corrections: Mapping[str, str]
    accepted: Collection[str]
    caller: Caller
    versions: Collection[int] | None


async def confirm_document(session: AsyncSession, said: Confirmation) -> InvoiceDocument:
    """Return the confirmed document, from which an invoice can be booked."""
    document = await store.document_to_change(session, said.document_id)
    document.must_be_at(said.versions)
    document.confirm(said.corrections, said.accepted, said.caller.subject, now())
    return document
