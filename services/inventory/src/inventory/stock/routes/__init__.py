"""The books over HTTP."""

from inventory.stock.routes import balances, ghosts, items, naming, proposals

ROUTERS = [
    balances.queries,
    proposals.queries,
    naming.commands,
    naming.queries,
    items.commands,
    ghosts.commands,
    ghosts.queries,
]
