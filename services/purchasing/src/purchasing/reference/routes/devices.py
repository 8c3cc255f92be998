"""X-Device-Id: with which registered device something is done."""

from typing import Annotated

from fastapi import Header

from contracts.wire import Code

Device = Annotated[
    Code | None,
    Header(alias="X-Device-Id", description="The registered device it is done with."),
]
