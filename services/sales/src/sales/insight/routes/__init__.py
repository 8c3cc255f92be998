"""HTTP: what sales did, and what it has not finished."""

from sales.insight.routes import exports, open_documents, sums, tables

ROUTERS = (sums.router, open_documents.router, exports.router, tables.router)

__all__ = ["ROUTERS"]
