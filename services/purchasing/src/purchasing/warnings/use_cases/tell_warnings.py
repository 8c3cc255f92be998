"""Warn: inside the product, and whoever listens outside; each level is said once."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import PurchasingWarningCleared, PurchasingWarningRaised
from purchasing.warnings import store
from purchasing.warnings.domain import Told
from servicekit import outbox


async def raise_warnings(session: AsyncSession, told: Sequence[Told]) -> None:
    """Say that somebody must act; the caller holds the lock of the document."""
    await store.keep_raised(session, told)
    await outbox.add(session, [PurchasingWarningRaised(**asdict(one)) for one in told])


async def clear_warnings(session: AsyncSession, told: Sequence[Told]) -> None:
    """Say that the causes are gone."""
    await store.keep_cleared(session, told)
    await outbox.add(session, [PurchasingWarningCleared(**asdict(one)) for one in told])
