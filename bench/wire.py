"""HTTP/1.1 as bytes: what the load generator sends, and the little it reads of the answer."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

LINES = 3
HEADERS_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Target:
    """Where the reservations are made, and on whose behalf."""

    host: str
    port: int
    token: str
    site_id: str
    warehouse_id: str
    unit: str


@dataclass(frozen=True)
class Head:
    """The part of an answer's head that matters."""

    status: int
    length: int


class UnreadableAnswerError(Exception):
    """The answer does not say how long it is."""


def pick_items(chance: random.Random, items: int, *, hot: bool) -> list[int]:
    """Return three different items; a hot one is the first item, and in every order."""
    if not hot:
        return chance.sample(range(1, items + 1), LINES)
    return [1, *chance.sample(range(2, items + 1), LINES - 1)]


def request_head(target: Target) -> bytes:
    """Return the head that all requests of one target share."""
    return (
        f"POST /reservations HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n"
        f"Authorization: Bearer {target.token}\r\nContent-Type: application/json\r\n"
    ).encode("ascii")


def request(head: bytes, target: Target, order_id: UUID, key: str, items: Sequence[int]) -> bytes:
    """Return one whole request."""
    body = json.dumps(
        {
            "site_id": target.site_id,
            "warehouse_id": target.warehouse_id,
            "order_id": str(order_id),
            "lines": [
                {"item_id": str(item), "quantity": "1", "unit": target.unit} for item in items
            ],
        },
        separators=(",", ":"),
    ).encode()
    own = f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n".encode("ascii")
    return head + own + body


def read_head(head: bytes) -> Head:
    """Read the status and the length of the body."""
    lines = head.split(b"\r\n")
    status = int(lines[0].split(b" ", 2)[1])
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return Head(status, int(value))
    raise UnreadableAnswerError(head.decode("latin-1"))
