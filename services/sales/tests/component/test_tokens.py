"""Every route needs a token; the routes are found, not listed by hand."""

from fastapi.routing import APIRoute

from sales.main import SERVICE
from servicekit.testing import ServiceUnderTest

ROUTES = [
    (method, route.path)
    for router in SERVICE.routers
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]


async def test_every_route_denies_without_a_token(sales: ServiceUnderTest) -> None:
    assert len(ROUTES) > 10
    for method, path in ROUTES:
        answer = await sales.api.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), path
