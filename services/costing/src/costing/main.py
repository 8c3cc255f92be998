"""Wiring of the costing service."""

from functools import partial

from costing.insight import routes as insight
from costing.insight.use_cases.run_rebuilds import run_rebuilds
from costing.inventory_client import client_of
from costing.settings import CostingSettings, settings_of
from costing.valuation import routes as valuation
from costing.valuation.handlers import stock_facts
from costing.valuation.use_cases.fill_gaps import fill_gaps
from servicekit.service import Job, Service

SERVICE = Service(
    name="costing",
    summary="The only owner of values: unit costs, value entries, cost of goods sold.",
    settings=CostingSettings,
    routers=[valuation.queries, *insight.ROUTERS],
    subscriptions=lambda context: [stock_facts(settings_of(context).currency)],
    jobs=lambda context: [
        Job(
            "fill_gaps",
            1.0,
            partial(fill_gaps, context.database, client_of(context), settings_of(context).currency),
        ),
        Job("run_rebuilds", 1.0, partial(run_rebuilds, context.database, client_of(context))),
    ],
)
