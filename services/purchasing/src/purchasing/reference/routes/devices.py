"""X-Device-Id: with which registered device something is done."""

from typing import Annotated

from fastapi import Header

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
Device = Annotated[
    str | None,
    Header(alias="X-Device-Id", pattern=CODE, description="The registered device it is done with."),
]
