"""Every route needs a token; which routes there are is asked of the application itself."""

from typing import Any
from uuid import uuid4

from costing.main import SERVICE
from servicekit.service import openapi


async def test_every_route_denies_without_a_token(costing: Any) -> None:
    asked = 0
    for path, methods in openapi(SERVICE)["paths"].items():
        for method in methods:
            place = path.format(
                site_id="s",
                item_id="i",
                number=1,
                shipment_id=uuid4(),
                return_id=uuid4(),
                rebuild_id=uuid4(),
            )
            answer = await costing.api.request(method, place, json={})
            assert (path, method, answer.status_code) == (path, method, 401)
            asked += 1
    assert asked > 10


async def test_a_clerk_may_not_read_costs(costing: Any) -> None:
    answer = await costing.api.get("/costs", headers=costing.headers(["clerk"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
