"""An inventory whose ledger is written straight into the database.

Entries are written in the order of time, so that those of one stream lie far apart, as in years of
trade. Every stream has a receipt of 60, then 19 shipments of 57 together, and so on; each document
has four lines. One item in four is told apart by batches. The first stream of all is a hot one.
"""

import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.rig import Rig
from devstack.errors import StackError
from devstack.ports import LOOPBACK

SITES, ITEMS = 100, 1000
STREAMS = SITES * ITEMS
HOT_SITE, HOT_ITEM = "s000", "i0000"
HOT_SHARE = 100
"""The hot stream has one entry in so many."""
DAYS = 1000
SHAPE = (ITEMS, STREAMS, HOT_SHARE, DAYS)
CHUNK = 1_000_000
IMPORTED_AT_ONCE = 500

WRITE = """
insert into ledger_entry (site_id, item_id, sequence, warehouse_id, batch_id, kind, quantity,
    source, target, document_id, document_number, line_no, effective_at, posted_at, user_id, hash)
select site, item, turn + 1, 'w' || stream % 3,
    case when stream % 4 = 0 and not hot then 'b' || turn / 20 else '' end,
    case when receipt then 'receipt' else 'shipment' end,
    case when receipt then 60 else 1 + turn % 5 end,
    case when receipt then null else 'allocated' end,
    case when receipt then 'available' end,
    (lpad(to_hex(extract(epoch from at)::bigint * 1000), 12, '0') || '7' || substr(mark, 1, 3)
        || '8' || substr(mark, 4, 15))::uuid,
    'D-' || document, (number % 4)::integer + 1, at, at, 'clerk-' || document % 200,
    sha256(convert_to(number::text, 'UTF8'))
from (
    select number, hot, stream, turn, document, mark, turn % 20 = 0 as receipt,
        's' || lpad((stream / $4::integer)::text, 3, '0') as site,
        'i' || lpad((stream % $4::integer)::text, 4, '0') as item,
        date_trunc('second', now())
            - interval '1 day' * $7::integer * (1 - document * 4.0 / $3::bigint) as at
    from (
        select number, number / 4 as document, md5((number / 4)::text) as mark,
            number % $6::integer = $6::integer - 1 as hot,
            case when number % $6::integer = $6::integer - 1 then 0
                else 1 + (number - number / $6::integer) % ($5::integer - 1) end as stream,
            case when number % $6::integer = $6::integer - 1 then number / $6::integer
                else (number - number / $6::integer) / ($5::integer - 1) end as turn
        from generate_series($1::bigint, $2::bigint - 1) as number
    ) as numbered
) as placed
order by number
"""
# What each place has is what its entries add up to; nothing of it is promised.
SUM_UP = (
    """
    insert into stock_stream (site_id, item_id, last_sequence, last_hash)
    select site_id, item_id, max(sequence), '' from ledger_entry group by site_id, item_id
    """,
    """
    insert into stock_balance (site_id, item_id, warehouse_id, batch_id, on_hand, allocated,
        in_inspection, frozen)
    select site_id, item_id, warehouse_id, batch_id, sum(change), 0, 0, 0
    from ledger_entry group by site_id, item_id, warehouse_id, batch_id
    """,
    "vacuum (analyze)",
)


@dataclass(frozen=True)
class Asker:
    """Asks inventory's API over one kept-alive connection, as somebody who may see everything."""

    http: http.client.HTTPConnection
    token: str

    def get(self, path: str) -> Any:
        """Return the JSON of a read."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> Any:
        """Send a command once."""
        return self._ask("POST", path, json.dumps(body))

    def _ask(self, method: str, path: str, body: str | None) -> Any:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        }
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        content = answer.read()
        if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
            raise StackError(f"{method} {path} was answered with {answer.status}: {content!r}")
        return json.loads(content)


def asker(rig: Rig) -> Asker:
    """Return somebody to ask the API that runs now."""
    roles = ["service", "master_data"]
    token = rig.plan.issuer.token("bench", roles, ["*"])
    connection = http.client.HTTPConnection(LOOPBACK, rig.plan.ports["inventory.api"], timeout=60)
    return Asker(connection, token)


def name_things(ask: Asker) -> None:
    """Create sites, warehouses and items the usual way."""
    for number in range(SITES):
        site_id = f"s{number:03}"
        ask.post("/sites", {"site_id": site_id, "name": site_id, "time_zone": "UTC"})
        for warehouse in range(3):
            body = {"warehouse_id": f"w{warehouse}", "name": f"w{warehouse}"}
            ask.post(f"/sites/{site_id}/warehouses", body)
    for start in range(0, ITEMS, IMPORTED_AT_ONCE):
        items = [item(number) for number in range(start, start + IMPORTED_AT_ONCE)]
        ask.post("/items/import", {"items": items})


def item(number: int) -> dict[str, object]:
    """Return an item; each category has fifty."""
    name = f"i{number:04}"
    category = f"c{number % (ITEMS // 50)}"
    return {"item_id": name, "name": name, "base_unit": "pc", "scale": 0, "category": category}


def write_ledger(rig: Rig, entries: int) -> dict[str, float]:
    """Write so many entries, then what they add up to; return how long it took."""
    owner, began = rig.owner_dsn("inventory"), time.monotonic()
    for start in range(0, entries, CHUNK):
        rig.value(owner, WRITE, start, min(start + CHUNK, entries), entries, *SHAPE)
        print(f"{min(start + CHUNK, entries):12,} entries written", flush=True)
    written = time.monotonic()
    rig.execute(owner, *SUM_UP)
    summed = time.monotonic()
    rig.command("inventory", "close")
    rig.execute(owner, "vacuum (analyze) stock_page, stock_closing")
    return {
        "write_seconds": round(written - began, 1),
        "entries_per_second": round(entries / (written - began)),
        "sum_up_seconds": round(summed - written, 1),
        "close_seconds": round(time.monotonic() - summed, 1),
    }


def sizes_mb(rig: Rig, names: Sequence[str]) -> dict[str, float]:
    """Return how large tables and indexes are."""
    size = "select pg_relation_size(to_regclass($1)) / 1e6"
    owner = rig.owner_dsn("inventory")
    return {name: round(float(rig.value(owner, size, name) or 0), 1) for name in names}
