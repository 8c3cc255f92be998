"""HTTP: returns to suppliers, their steps, their papers, and what suppliers see of them."""

from purchasing.returns.routes import portal, prints, returns, reversals

ROUTERS = (
    returns.commands,
    returns.steps,
    # Before the page of one return: a label is no id.
    prints.router,
    returns.queries_router,
    reversals.commands,
    reversals.steps,
    reversals.queries_router,
    portal.router,
)

__all__ = ["ROUTERS"]
