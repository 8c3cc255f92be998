"""The catalog over HTTP."""

from inventory.catalog.routes import items, kits, sites, units

ROUTERS = [
    router for part in (sites, items, units, kits) for router in (part.commands, part.queries)
]
