"""The hash chains of the ledger over HTTP."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Code, Moment
from inventory.insight.domain.chain import Cause, ChainWalk, Position
from inventory.insight.store.chain import Scope, miss_streams, walk_on
from inventory.settings import PROVING
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import (
    BadCursor,
    CurrentPaging,
    Page,
    Paging,
    cursor_of,
    whole_number,
)
from servicekit.http.routing import Session, allow, query_router

queries = query_router("insight")

Prover = Annotated[Caller, Depends(allow(*PROVING))]


class BreachView(BaseModel):
    """The first entry of a stream that does not follow from the one before."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    sequence: int
    cause: Cause


class ChainPage(Page[BreachView]):
    """What is broken among the entries this page has checked; `head` ends a single stream.

    Written down elsewhere, a head proves later that nothing up to it was rewritten as a whole.
    """

    as_of: Moment
    streams: int
    entries: int
    head_sequence: int | None
    head_hash: str | None


@queries.get("/reports/chain")
async def get_chain(
    session: Session,
    paging: CurrentPaging,
    caller: Prover,
    site_id: Code,
    item_id: Code | None = None,
) -> ChainPage:
    """Recompute the hashes of a site's entries, `limit` entries at a time, or of one stream."""
    caller.must_cover(site_id)
    as_of, scope = now(), Scope(site_id, item_id)
    walk = ChainWalk(at=_position(paging))
    more = await walk_on(session, walk, scope, paging.limit)
    if not more:
        await miss_streams(session, walk, scope, paging.limit)
    single = walk.at if item_id is not None else None
    return ChainPage(
        items=[BreachView.model_validate(one) for one in walk.breaches],
        next_cursor=cursor_of(_parts(walk.at)) if more and walk.at else None,
        as_of=as_of,
        streams=walk.streams,
        entries=walk.entries,
        head_sequence=single and single.sequence,
        head_hash=single and single.hash.hex(),
    )


def _parts(at: Position) -> list[str]:
    return [*at.stream, str(at.sequence), at.hash.hex()]


def _position(paging: Paging) -> Position | None:
    """Return the entry that the page before has ended with."""
    parts = paging.after(4)
    if parts is None:
        return None
    site_id, item_id, sequence, digest = parts
    try:
        return Position((site_id, item_id), whole_number(sequence), bytes.fromhex(digest))
    except ValueError as error:
        raise BadCursor from error
