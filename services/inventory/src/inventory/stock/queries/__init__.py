"""The read side of the books: always the committed rows themselves."""

from inventory.stock.queries.balances import (
    PAST_FIGURES,
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
from inventory.stock.queries.proposals import (
    components_available,
    propose_fefo,
)

__all__ = [
    "PAST_FIGURES",
    "Rows",
    "StockFilter",
    "balances",
    "balances_at",
    "batches",
    "components_available",
    "entries",
    "ghosts",
    "propose_fefo",
    "serials",
]
