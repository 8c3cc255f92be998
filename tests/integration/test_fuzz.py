"""Every route of every API, fed with what its OpenAPI document allows and forbids: never a 500."""

import contextlib
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

SERVICES = ("inventory", "purchasing", "sales", "costing")
EXAMPLES = 25
# What the HTTP server itself says to a header with a control character: that is no request yet.
NO_HTTP = (400, "Invalid HTTP request received.")
ROLES = ["master_data", "clerk", "shop_manager", "buyer", "operator", "finance"]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("service", SERVICES)
def test_no_input_makes_a_server_error(stack: Any, service: str) -> None:
    """Bad input is answered with a problem that has a code, good input with an answer (B8)."""
    stack.wait_ready(120)
    base = stack.info.service_urls[service]
    # To describe some 150 routes takes seconds the first time, more where others work too.
    described = httpx2.get(f"{base}/openapi.json", timeout=60)
    schema = schemathesis.openapi.from_dict(described.json())
    schema.config.update(base_url=base)
    headers = {"Authorization": f"Bearer {stack.token('fuzzer', ROLES, ['*'], 1)}"}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 5
    try:
        for operation in operations:
            fuzz(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), headers)
            # A route without parameters or body has no wrong input to make.
            with contextlib.suppress(Unsatisfiable):
                fuzz(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), headers)
    finally:
        if service == "purchasing":
            remove_limits(base, headers)


def remove_limits(base: str, headers: dict[str, str]) -> None:
    """Take back what would make every later order of the shared platform wait for approval."""
    for limit in httpx2.get(f"{base}/approval-limits", headers=headers).json():
        httpx2.post(
            f"{base}/approval-limits/remove",
            json={name: limit[name] for name in ("role", "currency")},
            headers=headers | {"Idempotency-Key": str(uuid4())},
        ).raise_for_status()
    assert httpx2.get(f"{base}/approval-limits", headers=headers).json() == []


def fuzz(cases: Any, headers: dict[str, str]) -> None:
    """Send cases of one operation and look at what comes back."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send(case: Any) -> None:
        answer = case.call(headers=headers)
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)
        if answer.status_code >= 400 and (answer.status_code, answer.text) != NO_HTTP:
            kind = answer.headers["content-type"][0]
            told = kind.startswith("application/problem+json") and answer.json()["code"]
            assert told, (case.as_curl_command(), answer.text)

    send()
