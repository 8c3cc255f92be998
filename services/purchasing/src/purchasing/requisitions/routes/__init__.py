"""HTTP: requisitions."""

from purchasing.requisitions.routes import ordering, prints, requisitions, steps

ROUTERS = (
    ordering.commands,
    requisitions.commands,
    steps.commands,
    requisitions.queries_router,
    prints.router,
)

__all__ = ["ROUTERS"]
