"""Keeps rates of VAT and buyers."""

from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncSession

from sales.invoicing.domain import Buyer, VatRate
from sales.invoicing.tables import buyers, vat_rates
from sales.reference.store import put


async def put_rate(session: AsyncSession, rate: VatRate) -> None:
    """Keep a rate; one of the same scope and day is replaced."""
    await put(session, vat_rates, [asdict(rate)])


async def put_buyer(session: AsyncSession, buyer: Buyer) -> None:
    """Keep how a customer is named on invoices."""
    await put(session, buyers, [asdict(buyer)])
