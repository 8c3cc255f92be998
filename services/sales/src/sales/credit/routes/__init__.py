"""HTTP: what customers owe, what they pay on account, and what is paid out to them."""

from sales.credit.routes import accounts, payouts, receivables

ROUTERS = (
    accounts.commands,
    accounts.queries_router,
    payouts.commands,
    payouts.queries_router,
    receivables.queries_router,
)

__all__ = ["ROUTERS"]
