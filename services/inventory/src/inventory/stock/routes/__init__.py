"""The books over HTTP."""

from inventory.stock.routes import balances, ghosts, naming, proposals

ROUTERS = [
    balances.queries,
    proposals.queries,
    naming.commands,
    naming.queries,
    ghosts.commands,
    ghosts.queries,
]
