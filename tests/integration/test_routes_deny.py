"""No route answers without a token: found from the OpenAPI documents, not listed by hand."""

from typing import Any
from uuid import uuid4

import pytest

SERVICES = ("inventory", "purchasing", "sales", "costing")

LIMITED = {"/deliveries/links/sign": (429,)}
"""Routes that also deny who has tried too often, as fuzzing may have."""


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_needs_a_token_and_a_role(chain: Any, service: str) -> None:
    """B8's edge: 401 without a token, 403 with one that has no role."""
    base = chain.stack.info.service_urls[service]
    document = (await chain.http.get(f"{base}/openapi.json")).json()
    nobody = {"Authorization": f"Bearer {chain.stack.token('nobody', [], [], 1)}"}
    seen = 0
    for path, methods in document["paths"].items():
        place = base + path.replace("{", "").replace("}", "")
        for method in methods:
            answer = await chain.http.request(method, place, json={})
            assert answer.status_code == 401, (method, path)
            headers = {**nobody, "Idempotency-Key": str(uuid4())}
            answer = await chain.http.request(method, place, json={}, headers=headers)
            assert answer.status_code in (403, 422, *LIMITED.get(path, ())), (
                method,
                path,
                answer.text,
            )
            seen += 1
    assert seen > 5
