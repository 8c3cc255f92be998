"""The load generator writes HTTP that a server takes, and reads what it needs of the answer."""

import json
import random
from uuid import UUID

import pytest

from bench.wire import (
    LINES,
    Head,
    Target,
    UnreadableAnswerError,
    pick_items,
    read_head,
    request,
    request_head,
)

TARGET = Target("127.0.0.1", 8123, "a.b.c", "S1", "main", "pc")
ORDER = UUID("01900000-0000-7000-8000-000000000001")


def test_a_request_says_how_long_its_body_is() -> None:
    whole = request(request_head(TARGET), TARGET, ORDER, "key-1", [4, 5, 6])
    head, _, body = whole.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /reservations HTTP/1.1"
    assert f"Content-Length: {len(body)}" in lines
    assert "Idempotency-Key: key-1" in lines
    assert "Authorization: Bearer a.b.c" in lines
    assert "Host: 127.0.0.1:8123" in lines


def test_the_body_is_a_reservation_of_one_of_each_item() -> None:
    whole = request(request_head(TARGET), TARGET, ORDER, "key-1", [4, 5, 6])
    body = json.loads(whole.partition(b"\r\n\r\n")[2])
    assert (body["site_id"], body["warehouse_id"]) == ("S1", "main")
    assert body["order_id"] == str(ORDER)
    assert body["lines"] == [
        {"item_id": item, "quantity": "1", "unit": "pc"} for item in ("4", "5", "6")
    ]


@pytest.mark.parametrize("hot", [False, True])
def test_the_items_of_an_order_differ_and_exist(*, hot: bool) -> None:
    chance = random.Random(1)  # noqa: S311 - repeatable, guards nothing
    for _ in range(200):
        items = pick_items(chance, 5, hot=hot)
        assert len(set(items)) == LINES
        assert all(1 <= item <= 5 for item in items)


def test_the_hot_item_is_in_every_order() -> None:
    chance = random.Random(1)  # noqa: S311 - repeatable, guards nothing
    assert all(1 in pick_items(chance, 10_000, hot=True) for _ in range(200))


def test_an_answer_is_read_whatever_the_case_of_its_headers() -> None:
    assert read_head(b"HTTP/1.1 201 Created\r\ncontent-length: 42\r\n\r\n") == Head(201, 42)
    assert read_head(b"HTTP/1.1 409 Conflict\r\nContent-Length:7\r\n\r\n") == Head(409, 7)


def test_an_answer_without_a_length_is_not_guessed_at() -> None:
    with pytest.raises(UnreadableAnswerError):
        read_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
