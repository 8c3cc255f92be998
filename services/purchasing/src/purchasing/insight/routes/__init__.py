"""HTTP: what purchasing has done, as files, and what it has not finished."""

from purchasing.insight.routes import exports, open_documents, tables

ROUTERS = (open_documents.router, exports.router, tables.router)

__all__ = ["ROUTERS"]
