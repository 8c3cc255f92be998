"""The read side of the books: always the committed rows themselves."""

from inventory.stock.queries.balances import (
    Rows,
    StockFilter,
    balances,
    balances_at,
    entries,
)
from inventory.stock.queries.ghosts import (
    ghosts,
)
from inventory.stock.queries.naming import (
    batches,
    serials,
)
from inventory.stock.queries.past import (
    figures_at,
)
from inventory.stock.queries.proposals import (
    components_available,
    propose_fefo,
)

__all__ = [
    "Rows",
    "StockFilter",
    "balances",
    "balances_at",
    "batches",
    "components_available",
    "entries",
    "figures_at",
    "ghosts",
    "propose_fefo",
    "serials",
]
