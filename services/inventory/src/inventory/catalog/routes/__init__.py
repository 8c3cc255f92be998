"""The catalog over HTTP."""

from inventory.catalog.routes import items, kits, sites, substitutes, units

ROUTERS = [
    items.queries,
    *(
        router
        for part in (sites, units, kits, substitutes)
        for router in (part.commands, part.queries)
    ),
]
