"""HTTP: suppliers and their prices."""

from purchasing.suppliers.routes import masters, prices

ROUTERS = (
    masters.commands,
    masters.queries_router,
    prices.commands,
    prices.queries_router,
)

__all__ = ["ROUTERS"]
