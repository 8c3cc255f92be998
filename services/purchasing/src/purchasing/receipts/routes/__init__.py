"""HTTP: what is scanned at the door, receipts, and photos of what was signed."""

from purchasing.receipts.routes import openings, photos, receipts

ROUTERS = (
    openings.commands,
    receipts.commands,
    receipts.queries_router,
    photos.steps,
    photos.queries_router,
)

__all__ = ["ROUTERS"]
