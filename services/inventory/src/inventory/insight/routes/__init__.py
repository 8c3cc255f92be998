"""Insight over HTTP: proofs, traces and reports. Nothing here changes anything."""

from inventory.insight.routes import (
    ageing,
    books,
    chain,
    differences,
    exports,
    open_work,
    tables,
    trace,
)

ROUTERS = [
    ageing.queries,
    books.queries,
    chain.queries,
    differences.queries,
    exports.queries,
    open_work.queries,
    tables.queries,
    trace.queries,
]
