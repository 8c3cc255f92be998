"""Keeps rates of VAT and buyers."""

from dataclasses import asdict

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter.tables import KEPT_LINES
from sales.invoicing.domain import Buyer, VatRate
from sales.invoicing.tables import buyers, vat_rates
from sales.reference.store import put

_WAS_KEPT = text(f"""
    select exists (select from {KEPT_LINES} as kept where item_id = :item)
""")  # noqa: S608 - of constants


async def put_rate(session: AsyncSession, rate: VatRate) -> None:
    """Keep a rate; one of the same scope and day is replaced."""
    await put(session, vat_rates, [asdict(rate)])


async def put_buyer(session: AsyncSession, buyer: Buyer) -> None:
    """Keep how a customer is named on invoices."""
    await put(session, buyers, [asdict(buyer)])


async def was_kept(session: AsyncSession, item_id: str) -> bool:
    """Tell whether an item is on the list though nobody may know it: its money was kept."""
    return bool(await session.scalar(_WAS_KEPT, {"item": item_id}))
