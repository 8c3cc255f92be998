"""Who takes which count sheet a step further."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from inventory.counting import store
from inventory.counting.domain.sheet import CountSheet
from inventory.devices import store as devices
from inventory.documents.domain import Actor
from inventory.documents.routes.steps import Device, Expected
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow


@dataclass(frozen=True)
class Step:
    """A sheet, locked as the caller saw it last, and who takes it further."""

    sheet: CountSheet
    actor: Actor


def step_of(*roles: str) -> Callable[..., Awaitable[Step]]:
    """Return a dependency that gives the sheet of the path to callers in one of the roles."""
    permitted = allow(*roles)

    async def step(
        sheet_id: UUID,
        session: Session,
        caller: Annotated[Caller, Depends(permitted)],
        expected: Expected,
        device: Device = None,
    ) -> Step:
        sheet = await store.lock_sheet(session, sheet_id)
        caller.must_cover(sheet.site_id)
        await devices.must_be_in_use(session, sheet.site_id, device)
        sheet.must_be_at(expected)
        return Step(sheet, Actor(caller.subject, device))

    return step
