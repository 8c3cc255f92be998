"""Every route needs a token; which routes there are is asked of the application itself."""

from typing import Any
from uuid import uuid4

from inventory.main import SERVICE
from servicekit.service import openapi


async def test_every_route_denies_without_a_token(shop: Any) -> None:
    document = openapi(SERVICE)
    asked = 0
    for path, methods in document["paths"].items():
        for method in methods:
            answer = await shop.service.api.request(
                method, path.replace("{reservation_id}", str(uuid4())), json={}
            )
            assert (path, method, answer.status_code) == (path, method, 401)
            asked += 1
    assert asked > 15


async def test_a_role_that_may_not_reserve_is_told_which_may(shop: Any) -> None:
    path = f"/reservations/{uuid4()}/confirm"
    answer = await shop.post(path, None, "buyer")
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    assert "clerk" in answer.json()["detail"]
