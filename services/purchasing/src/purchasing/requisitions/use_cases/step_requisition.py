"""Take a requisition a step further: submit, approve, reject, send back, close or cancel it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand import store
from purchasing.demand.domain import Requisition
from purchasing.demand.use_cases.tell_requisition import tell_step
from purchasing.orders import store as orders
from purchasing.orders.domain import must_decide
from servicekit.auth import Caller
from servicekit.clock import now


@dataclass(frozen=True)
class Step:
    """Which requisition is taken a step further, by whom, and as they saw it."""

    requisition_id: UUID
    caller: Caller
    versions: Collection[int] | None
    reason: str | None = None


async def submit_requisition(session: AsyncSession, step: Step) -> Requisition:
    """Ask for approval."""
    requisition = await requisition_to_step(session, step)
    requisition.submit()
    return await _keep(session, requisition, step)


async def approve_requisition(session: AsyncSession, step: Step, currency: str) -> Requisition:
    """Approve what one's roles may decide; never one's own.

    The limits are those of orders. Lines of which no price is known count nothing here: the
    order that covers them has a price, and is held to the limits again.
    """
    requisition = await requisition_to_step(session, step)
    limits = await orders.limits(session)
    if requisition.known_value:
        must_decide(limits, step.caller.roles, currency, requisition.known_value)
    requisition.approve(step.caller.subject, now())
    return await _keep(session, requisition, step)


async def reject_requisition(session: AsyncSession, step: Step) -> Requisition:
    """Refuse it for good."""
    requisition = await requisition_to_step(session, step)
    requisition.reject()
    return await _keep(session, requisition, step)


async def send_back_requisition(session: AsyncSession, step: Step) -> Requisition:
    """Return it to its author, who may change it."""
    requisition = await requisition_to_step(session, step)
    requisition.send_back()
    return await _keep(session, requisition, step)


async def close_requisition(session: AsyncSession, step: Step) -> Requisition:
    """Give up what is not ordered."""
    requisition = await requisition_to_step(session, step)
    requisition.close()
    return await _keep(session, requisition, step)


async def cancel_requisition(session: AsyncSession, step: Step) -> Requisition:
    """Ask for it no more."""
    requisition = await requisition_to_step(session, step)
    requisition.cancel()
    return await _keep(session, requisition, step)


async def requisition_to_step(session: AsyncSession, step: Step) -> Requisition:
    """Return the requisition, locked, if the caller may act on it and has seen it like this."""
    found = await store.requisitions_to_change(session, [step.requisition_id])
    requisition = found[step.requisition_id]
    step.caller.must_cover(requisition.site_id)
    requisition.must_be_at(step.versions)
    return requisition


async def _keep(session: AsyncSession, requisition: Requisition, step: Step) -> Requisition:
    await store.add_step(session, requisition, step.caller.subject, step.reason)
    await tell_step(session, requisition, step.caller.subject, step.reason)
    return requisition
