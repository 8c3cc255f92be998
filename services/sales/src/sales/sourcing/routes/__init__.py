"""Where goods come from, over HTTP."""

from sales.sourcing.routes import preferences, requests

ROUTERS = [
    preferences.commands,
    preferences.queries_router,
    requests.steps,
    requests.queries_router,
]
