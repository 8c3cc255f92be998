"""HTTP: returns, the steps they take, and how they are taken back."""

from sales.returns.routes import returns, reversals

ROUTERS = (
    returns.commands,
    returns.queries_router,
    reversals.commands,
    reversals.steps,
    reversals.queries_router,
)

__all__ = ["ROUTERS"]
