"""HTTP: what is scanned at the door, receipts, and photos of what was signed."""

from purchasing.receipts.routes import openings, photos, prints, receipts

ROUTERS = (
    openings.commands,
    openings.queries_router,
    receipts.commands,
    receipts.queries_router,
    prints.router,
    photos.steps,
    photos.queries_router,
)

__all__ = ["ROUTERS"]
