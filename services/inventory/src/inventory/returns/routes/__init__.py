"""HTTP: returns that leave the books or are taken back, as the services ask whose they are."""

from inventory.returns.routes import reversals, supplier

ROUTERS = (supplier.commands, reversals.commands)

__all__ = ["ROUTERS"]
