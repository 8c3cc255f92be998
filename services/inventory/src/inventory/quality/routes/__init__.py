"""Quality over HTTP."""

from inventory.quality.routes import conditions, expiry, inspections, recalls, warnings

ROUTERS = [
    inspections.commands,
    inspections.queries,
    conditions.commands,
    conditions.queries,
    expiry.queries,
    recalls.commands,
    recalls.queries,
    warnings.queries,
]
