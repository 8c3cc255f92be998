"""A service as the kit describes one, of which only the topics are asked."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.catalogue import TOPICS
from servicekit.bus.reading import Received
from servicekit.bus.subscriptions import Subscription
from servicekit.context import Context
from servicekit.service import Service
from servicekit.settings import Settings


async def _handle(_: AsyncSession, __: Sequence[Received]) -> None:
    return


def _subscriptions(_: Context) -> Sequence[Subscription]:
    return [Subscription("third.handler", (TOPICS["sales.order.v1"],), _handle)]


SERVICE = Service(
    name="sales",
    summary="",
    settings=Settings,
    routers=(),
    subscriptions=_subscriptions,
    jobs=lambda _: (),
)
