"""Note that a customer was told that goods delivered to it are called back."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers import store as customers
from sales.recalls import store
from sales.recalls.domain import GotNone, Notice
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True, kw_only=True)
class NoteInformed:
    """Who was told of what, by whom."""

    recall_id: UUID
    customer_id: str
    note: str | None
    caller: Caller


async def note_informed(session: AsyncSession, told: NoteInformed) -> Notice:
    """Return the notice; raise if the customer got none of the goods from the caller's sites."""
    recall = await store.recall_of(session, told.recall_id)
    await customers.must_know(session, told.customer_id)
    affected = store.Affected(recall, told.caller.covered(), told.customer_id)
    if not await store.got_any(session, affected):
        raise GotNone(customer_id=told.customer_id, number=recall["number"])
    notice = Notice(
        notice_id=new_id(),
        recall_id=told.recall_id,
        customer_id=told.customer_id,
        informed_at=now(),
        informed_by=told.caller.subject,
        note=told.note,
    )
    await store.add_notice(session, notice)
    return notice
