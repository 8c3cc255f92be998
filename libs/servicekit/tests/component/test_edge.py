"""What the edge refuses, and how it says so."""

from typing import Any

import pytest

from servicekit import testing

THING = {"site_id": "a", "quantity": "3"}


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "NaN", "Infinity", "1e3", "1.1234567", "9" * 13, 3, 3.5, None, True, []]
)
async def test_a_quantity_that_is_none_is_an_invalid_request(sample: Any, quantity: object) -> None:
    body = {"site_id": "a", "quantity": quantity}
    answer = await sample.api.post("/things", json=body, headers=sample.headers(["clerk"]))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["where"] == "body.quantity"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b"\xff\xfe", b'{"site_id":"a"}', b"null"])
async def test_a_malformed_body_is_an_invalid_request(sample: Any, body: bytes) -> None:
    headers = {**sample.headers(["clerk"]), "content-type": "application/json"}
    answer = await sample.api.post("/things", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_body_over_the_bound_is_refused_whether_it_says_its_size_or_not(
    sample: Any,
) -> None:
    async def endless() -> Any:
        for _ in range(50):
            yield b"x" * 1000

    for content in (b"x" * 20_000, endless()):
        answer = await sample.api.post(
            "/things", content=content, headers=sample.headers(["clerk"])
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_call_without_a_token_is_told_to_send_one(sample: Any) -> None:
    answer = await sample.api.get("/things")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"aud": "others"},
        {"iss": "https://elsewhere"},
        {"roles": "clerk"},
        {"sub": None},
    ],
    ids=["expired", "other audience", "other issuer", "roles no list", "nobody"],
)
async def test_a_token_that_does_not_hold_is_refused(sample: Any, claims: dict[str, Any]) -> None:
    bearer = testing.token(**{"roles": ["clerk"], **claims})
    answer = await sample.api.get("/things", headers={"Authorization": f"Bearer {bearer}"})
    assert answer.status_code == 401


async def test_a_tampered_token_is_refused(sample: Any) -> None:
    head, body, signature = testing.token(["clerk"]).split(".")
    forged = ".".join((head, body, signature[::-1]))
    for token in (forged, "x", "a.b.c"):
        answer = await sample.api.get("/things", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


async def test_a_role_that_may_not_is_told_which_one_may(sample: Any) -> None:
    answer = await sample.api.post("/things", json=THING, headers=sample.headers(["buyer"]))
    assert (answer.status_code, answer.json()["needed"]) == (403, "clerk")


async def test_a_clerk_of_another_site_is_refused(sample: Any) -> None:
    headers = sample.headers(["clerk"], sites=["b"])
    answer = await sample.api.post("/things", json=THING, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "site_forbidden")


async def test_a_chinese_caller_reads_chinese(sample: Any) -> None:
    headers = {**sample.headers(["clerk"]), "Accept-Language": "zh-CN,zh;q=0.9"}
    body = {"site_id": "a", "quantity": "11"}
    answer = await sample.api.post("/things", json=body, headers=headers)
    assert answer.json()["detail"] == "a 的数量 11 过多。"
    assert answer.headers["Content-Language"] == "zh-CN"


async def test_a_request_id_comes_back_and_a_strange_one_is_replaced(sample: Any) -> None:
    kept = await sample.api.get("/health/live", headers={"X-Request-Id": "abc-1"})
    made = await sample.api.get("/health/live", headers={"X-Request-Id": "no spaces, please"})
    assert kept.headers["x-request-id"] == "abc-1"
    assert len(made.headers["x-request-id"]) == 36


async def test_an_unknown_page_and_method_are_problems_too(sample: Any) -> None:
    missing = await sample.api.get("/nowhere")
    wrong = await sample.api.delete("/things")
    assert (missing.json()["code"], wrong.json()["code"]) == ("no_such_page", "method_not_allowed")


async def test_a_foreign_cursor_is_refused(sample: Any) -> None:
    for cursor in ("xx", "W10=", "WyJhIl0=", "WzFd", "é"):
        answer = await sample.api.get(
            "/events",
            params={"topic": "inventory.site.v1", "cursor": cursor},
            headers=sample.headers(["operator"]),
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_health_and_metrics_need_no_token(sample: Any) -> None:
    ready = await sample.api.get("/health/ready")
    metrics = await sample.api.get("/metrics")
    assert ready.json() == {"status": "ok", "troubles": {}}
    assert "trueshelf_http_request_seconds" in metrics.text
