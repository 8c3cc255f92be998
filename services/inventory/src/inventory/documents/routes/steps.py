"""Who takes which document a step further."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header

from inventory.devices import store as devices
from inventory.documents import store
from inventory.documents.domain import Actor, StockDocument
from inventory.settings import READING
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
VERSION_TAG = re.compile(r'"([0-9]{1,9})"')

Reader = Annotated[Caller, Depends(allow(*READING))]
Device = Annotated[
    str | None,
    Header(alias="X-Device-Id", pattern=CODE, description="The registered device it is done with."),
]


def versions_expected(
    if_match: Annotated[
        str | None,
        Header(description='The ETag seen last, such as "2": refused if there is a newer one.'),
    ] = None,
) -> frozenset[int] | None:
    """Return the versions the caller would act upon; None means whichever there is."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(tag) for tag in VERSION_TAG.findall(if_match))


Expected = Annotated[frozenset[int] | None, Depends(versions_expected)]


@dataclass(frozen=True)
class Step:
    """A document, locked as the caller saw it last, and who takes it further."""

    document: StockDocument
    actor: Actor
    caller: Caller


def step_of(*roles: str) -> Callable[..., Awaitable[Step]]:
    """Return a dependency that gives the document of the path to callers in one of the roles."""
    permitted = allow(*roles)

    async def step(
        document_id: UUID,
        session: Session,
        caller: Annotated[Caller, Depends(permitted)],
        expected: Expected,
        device: Device = None,
    ) -> Step:
        document = await store.lock(session, document_id)
        caller.must_cover(document.site_id)
        await devices.must_be_in_use(session, document.site_id, device)
        document.must_be_at(expected)
        return Step(document, Actor(caller.subject, device), caller)

    return step
