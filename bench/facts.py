"""Stock facts as the inventory would publish them: streams without a gap, and whole records."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from contracts.envelope import SPEC_VERSION
from contracts.inventory import StockFact, StockReceived, StockShipped
from servicekit.clock import now
from servicekit.ids import new_id

WAREHOUSE = "main"
RECEIVED_QUANTITY = Decimal(1_000_000)
UNIT_COST = Decimal("2.49")
# Of today: what is older than a topic's retention, the broker removes before anybody reads it.
AT = now()
ORDER = UUID("01900000-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Message:
    """A record as it stands on the topic."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    timestamp_ms: int


def stock_facts(site_id: str, events: int, keys: int) -> Iterator[StockFact]:
    """Return facts of as many streams as there are keys, in turn: a receipt first, then shipments.

    The streams are interleaved as a real day interleaves them, so that no batch is of one key.
    """
    for number in range(events):
        sequence, item = number // keys + 1, number % keys + 1
        yield stock_fact(site_id, f"item-{item}", sequence)


def stock_fact(site_id: str, item_id: str, sequence: int) -> StockFact:
    """Return one fact of a stream."""
    common = {
        "site_id": site_id,
        "item_id": item_id,
        "sequence": sequence,
        "warehouse_id": WAREHOUSE,
        "document_id": new_id(),
        "line_no": 1,
        "effective_at": AT,
        "posted_at": AT,
    }
    if sequence == 1:
        return StockReceived.model_validate(
            common
            | {
                "quantity": RECEIVED_QUANTITY,
                "document_number": f"GR-{site_id}-{item_id}",
                "unit_cost": UNIT_COST,
                "currency": "USD",
            }
        )
    return StockShipped.model_validate(
        common
        | {
            "quantity": Decimal(1 + sequence % 5),
            "document_number": f"SH-{site_id}-{sequence}",
            "order_id": ORDER,
        }
    )


def message(fact: StockFact) -> Message:
    """Return the record that the relay makes of a fact, header by header."""
    headers = [
        ("ce_specversion", SPEC_VERSION.encode()),
        ("ce_id", str(new_id()).encode()),
        ("ce_type", fact.TYPE.encode()),
        ("ce_source", b"/trueshelf/inventory"),
        ("ce_time", AT.isoformat().encode()),
        ("content-type", b"application/json"),
    ]
    return Message(
        fact.key.encode(),
        fact.model_dump_json().encode(),
        headers,
        int(AT.timestamp() * 1000),
    )
