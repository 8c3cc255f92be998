"""Insight over HTTP: proofs, reports, rebuilds, and lists as files."""

from costing.insight.routes import exports, reports

ROUTERS = [reports.queries, reports.commands, exports.queries]
