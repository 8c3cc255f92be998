"""A command is one transaction with one answer, and the same request gets the same answer (B8)."""

import asyncio
from typing import Any

THING = {"site_id": "a", "quantity": "3"}


async def test_a_repeated_command_gives_the_same_answer_and_does_nothing_twice(sample: Any) -> None:
    headers = sample.headers(["clerk"])
    first = await sample.api.post("/things", json=THING, headers=headers)
    again = await sample.api.post("/things", json=THING, headers=headers)
    assert (
        (first.status_code, first.json())
        == (again.status_code, again.json())
        == (201, {"quantity": "3"})
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await sample.events()) == 1


async def test_twins_sent_at_the_same_moment_do_the_work_once(sample: Any) -> None:
    headers = sample.headers(["clerk"])
    answers = await asyncio.gather(
        *(sample.api.post("/things", json=THING, headers=headers) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len(await sample.events()) == 1


async def test_the_same_key_with_another_body_is_refused(sample: Any) -> None:
    headers = sample.headers(["clerk"])
    await sample.api.post("/things", json=THING, headers=headers)
    other = await sample.api.post("/things", json={**THING, "quantity": "4"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


async def test_the_same_key_of_another_caller_is_another_request(sample: Any) -> None:
    for subject in ("anna", "bo"):
        headers = sample.headers(["clerk"], key="shared", subject=subject)
        answer = await sample.api.post("/things", json=THING, headers=headers)
        assert "Idempotency-Replayed" not in answer.headers
    assert len(await sample.events()) == 2


async def test_a_refusal_undoes_the_work_and_is_the_answer_to_a_repeat(sample: Any) -> None:
    headers = sample.headers(["clerk"])
    body = {"site_id": "a", "quantity": "11.50"}
    for replayed in (None, "true"):
        answer = await sample.api.post("/things", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "too_much")
        assert answer.json()["quantity"] == "11.50"
        assert answer.headers.get("Idempotency-Replayed") == replayed
    assert await sample.events() == []


async def test_an_answer_of_unavailable_is_not_kept(sample: Any) -> None:
    headers = sample.headers(["clerk"])
    body = {"site_id": "away", "quantity": "1"}
    for _ in range(2):
        answer = await sample.api.post("/things", json=body, headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert "Idempotency-Replayed" not in answer.headers


async def test_a_stepwise_command_keeps_its_id_over_repeats(sample: Any) -> None:
    headers = sample.headers(["clerk"])
    answers = [await sample.api.post("/steps", json=THING, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(await sample.events()) == 1


async def test_a_command_without_a_key_is_refused(sample: Any) -> None:
    headers = sample.headers(["clerk"])
    del headers["Idempotency-Key"]
    answer = await sample.api.post("/things", json=THING, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
