"""What the catalog's routes share: who may, what bodies and views are, and what is new."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict

from inventory.settings import MASTER_DATA, READING
from servicekit.auth import Caller
from servicekit.http.routing import allow
from sheets.imports import Outcome

Keeper = Annotated[Caller, Depends(allow(*MASTER_DATA))]
Reader = Annotated[Caller, Depends(allow(*READING))]


class Body(BaseModel):
    """What commands take: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """What queries give, read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


def created_or_not(response: Response, outcome: Outcome) -> None:
    """Answer 201 for what is new, else 200."""
    response.status_code = 201 if outcome is Outcome.ADDED else 200
