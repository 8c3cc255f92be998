"""HTTP: counter sales, the exceptions among them, and what came back of those without shipment."""

from sales.counter.routes import sales, take_backs

ROUTERS = (
    sales.steps,
    sales.commands,
    sales.queries_router,
    take_backs.commands,
    take_backs.queries_router,
)

__all__ = ["ROUTERS"]
