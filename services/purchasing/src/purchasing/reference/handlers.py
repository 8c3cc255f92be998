"""Facts of inventory about items, sites, warehouses, and who scans where."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ScanSessionEnded, ScanSessionOpened
from purchasing.reference.use_cases.keep_copies import Definition, keep_copies
from purchasing.reference.use_cases.keep_sessions import keep_sessions
from servicekit.bus import Received


async def on_definitions(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Keep the copies; types that are not kept here are passed over."""
    definitions = [one.event for one in batch if isinstance(one.event, Definition)]
    await keep_copies(session, definitions)


async def on_sessions(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Keep who may scan with what, where and how long."""
    facts = [one.event for one in batch]
    await keep_sessions(
        session,
        [one for one in facts if isinstance(one, ScanSessionOpened)],
        [one for one in facts if isinstance(one, ScanSessionEnded)],
    )
