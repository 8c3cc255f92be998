"""Insight over HTTP: proofs, traces and reports. Nothing here changes anything."""

from inventory.insight.routes import books, chain, trace

ROUTERS = [books.queries, chain.queries, trace.queries]
