"""HTTP: how long goods are held for unpaid orders, by channel."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Moment
from sales.channels import store
from sales.channels.domain import Channel
from sales.channels.use_cases.set_time_to_live import set_time_to_live
from sales.reference.routes import Reader
from sales.settings import WEEK_SECONDS, settings_of
from servicekit.auth import Caller
from servicekit.http.routing import (
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
)

Master = Annotated[Caller, Depends(allow("master_data"))]
Ordering = Literal[Channel.SHOP, Channel.WEB, Channel.PHONE, Channel.IMPORT]
"""The channels whose orders may stay unpaid for a while."""

commands = command_router("channels")
queries_router = query_router("channels")


class TimeToLiveIn(BaseModel):
    """For how many seconds goods are held, at most a week."""

    model_config = ConfigDict(extra="forbid")

    seconds: Annotated[int, Field(ge=1, le=WEEK_SECONDS)]


class TimeToLiveOut(TimeToLiveIn):
    """How long goods of a channel's unpaid orders are held, and who said so, if anybody did."""

    channel: Channel
    set_at: Moment | None = None
    set_by: str | None = None


class TimesToLiveOut(BaseModel):
    """All channels whose orders may stay unpaid for a while."""

    items: list[TimeToLiveOut]


@commands.post("/channels/{channel}/time-to-live")
async def set_one(
    channel: Ordering, body: TimeToLiveIn, session: Session, caller: Master
) -> TimeToLiveOut:
    """Say how long goods are held for unpaid orders that are placed from now on."""
    time = await set_time_to_live(session, channel, body.seconds, caller)
    return TimeToLiveOut.model_validate(time, from_attributes=True)


@queries_router.get("/channels")
async def list_times(session: Session, context: CurrentContext, _: Reader) -> TimesToLiveOut:
    """List how long goods are held, channel by channel."""
    default, known = settings_of(context).reservation_ttl_seconds, await store.all_set(session)
    items = [
        TimeToLiveOut.model_validate(known[channel], from_attributes=True)
        if channel in known
        else TimeToLiveOut(channel=channel, seconds=default)
        for channel in Channel
        if channel is not Channel.COUNTER
    ]
    return TimesToLiveOut(items=items)
