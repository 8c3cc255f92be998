"""HTTP: purchase orders."""

from purchasing.orders.routes import limits, orders, overdue, prints, steps

ROUTERS = (
    orders.commands,
    steps.commands,
    limits.commands,
    limits.queries_router,
    orders.queries_router,
    overdue.queries_router,
    prints.router,
)

__all__ = ["ROUTERS"]
