"""An inventory with 10,000 items in stock, and one reservation made to see what it asks for."""

import http.client
import json
import time
from typing import Any
from uuid import uuid4

from bench.rig import Rig
from bench.statements import logged
from bench.wire import Target
from devstack.errors import StackError
from devstack.ports import LOOPBACK

SITE, WAREHOUSE, UNIT = "bench", "main", "pc"
PLACES = (
    "insert into site (site_id, name, time_zone) values ('bench', 'Benchmark', 'UTC')",
    "insert into warehouse (site_id, warehouse_id, name) values ('bench', 'main', 'Benchmark')",
)
STOCKED = (
    "insert into item (item_id, name, base_unit, scale, in_use)"
    " select n, 'Item ' || n, 'pc', 0, true from generate_series(1, $1::integer) as n",
    "insert into stock_balance select 'bench', n, 'main', '', 1000000000, 0, 0, 0"
    " from generate_series(1, $1::integer) as n",
)
# A server that has run for a while has segments of its journal to use again; a new one would make
# each of them during the measuring, while commits wait.
SEGMENTS = 128
NEXT_SEGMENT = ("select pg_logical_emit_message(false, 'bench', '')", "select pg_switch_wal()")
LISTEN = (
    "alter role inventory set log_statement = 'all'",
    "alter role inventory set log_parameter_max_length = 0",
)
BE_QUIET = ("alter role inventory reset all",)
LOG_SECONDS = 5.0


def stock(rig: Rig, items: int) -> None:
    """Put stock in place directly: what brings it in the usual way is not measured here."""
    owner = rig.owner_dsn("inventory")
    rig.execute(owner, *PLACES)
    for statement in STOCKED:
        rig.value(owner, statement, items)
    rig.execute(owner, "vacuum (analyze)")
    rig.execute(rig.postgres.superuser_dsn, *(NEXT_SEGMENT * SEGMENTS), "checkpoint")


def target(rig: Rig) -> Target:
    """Return where reservations are made, with a token made once."""
    token = rig.plan.issuer.token("bench", ["service"], ["*"])
    port = rig.plan.ports["inventory.api"]
    return Target(LOOPBACK, port, token, SITE, WAREHOUSE, UNIT)


def listen_to_one_reservation(rig: Rig) -> tuple[list[str], bytes, str]:
    """Return the statements of one reservation, its answer, and the event it put into the outbox.

    The second request is the one listened to: the first also opens connections.
    """
    superuser, log = rig.postgres.superuser_dsn, rig.postgres.program().log
    rig.execute(superuser, *LISTEN)
    try:
        with rig.process("inventory.api"):
            reserve_once(rig)
            wait_for_log(rig)
            before = log.stat().st_size
            answer = reserve_once(rig)
            wait_for_log(rig)
            text = log.read_bytes()[before:].decode(errors="replace")
    finally:
        rig.execute(superuser, *BE_QUIET)
    newest = "select payload from outbox order by id desc limit 1"
    event = rig.value(rig.dsn("inventory"), newest)
    return logged(text, "inventory"), answer, str(event)


def wait_for_log(rig: Rig) -> None:
    """Let the server write down what it has done: a mark of our own, and then look for it."""
    mark, log = uuid4().hex, rig.postgres.program().log
    rig.execute(rig.postgres.superuser_dsn, f"do $$ begin raise log '{mark}'; end $$")
    deadline = time.monotonic() + LOG_SECONDS
    while mark.encode() not in log.read_bytes():
        if time.monotonic() > deadline:
            raise StackError("PostgreSQL does not write its log")
        time.sleep(0.05)


def reserve_once(rig: Rig) -> bytes:
    """Make one reservation as the load generator would."""
    to = target(rig)
    body: dict[str, Any] = {
        "site_id": to.site_id,
        "warehouse_id": to.warehouse_id,
        "order_id": str(uuid4()),
        "lines": [{"item_id": str(n), "quantity": "1", "unit": to.unit} for n in (11, 22, 33)],
    }
    headers = {
        "Authorization": f"Bearer {to.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": uuid4().hex,
    }
    connection = http.client.HTTPConnection(to.host, to.port, timeout=10)
    try:
        connection.request("POST", "/reservations", json.dumps(body), headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.CREATED:
        raise StackError(f"a reservation was answered with {answer.status}: {content!r}")
    return content
