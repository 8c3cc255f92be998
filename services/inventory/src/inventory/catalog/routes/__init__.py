"""The catalog over HTTP."""

from inventory.catalog.routes import items, kits, sites, substitutes, units

ROUTERS = [
    router
    for part in (sites, items, units, kits, substitutes)
    for router in (part.commands, part.queries)
]
