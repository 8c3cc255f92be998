"""HTTP: what sales did, and what it has not finished."""

from sales.insight.routes import exports, open_documents, sums

ROUTERS = (sums.router, open_documents.router, exports.router)

__all__ = ["ROUTERS"]
