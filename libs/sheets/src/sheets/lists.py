"""Lists as files: the rows that a list shows, of which a file that was full names the next one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from servicekit.http.pages import FilePaging, Paging
from sheets import MEDIA, Form, headers_of, sheet_of

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class ListFile:
    """A list is wanted as a file: in what form, and which part of it."""

    request: Request
    paging: Paging
    form: Form

    async def of(
        self,
        name: str,
        model: type[M],
        rows: Sequence[object],
        position_of: Callable[[M], Sequence[object]],
    ) -> Response:
        """Return rows, read with one too many, as a file that names the next one (RFC 8288)."""
        page = self.paging.page([model.model_validate(row) for row in rows], position_of)
        # Ten thousand lines take a moment, in which others are to be answered.
        content = await asyncio.to_thread(sheet_of, self.form, model, page.items)
        headers = headers_of(name, self.form)
        if page.next_cursor is not None:
            url = self.request.url.include_query_params(cursor=page.next_cursor)
            headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return Response(content, media_type=MEDIA[self.form], headers=headers)


def _list_file(request: Request, paging: FilePaging, form: Form = "csv") -> ListFile:
    return ListFile(request, paging, form)


WantedFile = Annotated[ListFile, Depends(_list_file)]
"""What the caller wants as a file."""
