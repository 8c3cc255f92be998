"""Insight over HTTP: proofs, traces and reports. Nothing here changes anything."""

from inventory.insight.routes import ageing, books, chain, differences, open_work, trace

ROUTERS = [
    ageing.queries,
    books.queries,
    chain.queries,
    differences.queries,
    open_work.queries,
    trace.queries,
]
