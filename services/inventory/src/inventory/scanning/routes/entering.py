"""Who scans, with which device, in which session."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from pydantic import BaseModel, ConfigDict

from inventory.devices.domain import DeviceMissing
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.use_cases.enter_session import enter_session
from inventory.settings import ARRANGING, READING, SCANNING
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"

Arranger = Annotated[Caller, Depends(allow(*ARRANGING))]
Scanner = Annotated[Caller, Depends(allow(*SCANNING))]
Reader = Annotated[Caller, Depends(allow(*READING))]


class Body(BaseModel):
    """What commands take: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """What is answered, read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


async def device_named(
    device: Annotated[
        str | None,
        Header(alias="X-Device-Id", pattern=CODE, description="A registered device of the site."),
    ] = None,
) -> str:
    """Return the device a command comes from, which it has to name."""
    if device is None:
        raise DeviceMissing
    return device


DeviceId = Annotated[str, Depends(device_named)]


async def session_entered(
    session_id: UUID, session: Session, caller: Scanner, device_id: DeviceId
) -> ScanSession:
    """Return the session of the path, locked, to its own user with its own device."""
    held = await enter_session(session, session_id, caller.subject, device_id)
    caller.must_cover(held.site_id)
    return held


Entered = Annotated[ScanSession, Depends(session_entered)]
