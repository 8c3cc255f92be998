"""`ledger`: what people ask of the books, over HTTP, with ten million entries behind the answer."""

import random
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bench import ledger_rig, report
from bench.figures import latencies_ms, spread
from bench.ledger_rig import HOT_ITEM, HOT_SITE, ITEMS, SITES, Asker, asker
from bench.meter import Meter
from bench.rig import Rig, rig
from bench.rounds import counted, take
from servicekit.clock import now

Json = dict[str, Any]
Question = Callable[[random.Random, "Known"], str]
API = "inventory.api"
LIMIT_MS = 100.0
WARM_UP = 20
RELATIONS = (
    "ledger_entry",
    "pk_ledger_entry",
    "ix_ledger_entry_document_id",
    "ix_ledger_entry_batch",
    "ix_ledger_entry_serials",
    "stock_page",
    "stock_closing",
)


class Known:
    """What questions are about, found in the ledger itself."""

    def __init__(self, one: Rig, entries: int) -> None:
        dsn = one.dsn("inventory")
        sample = (
            "select string_agg(document_id::text, ' ') from (select document_id"
            " from ledger_entry tablesample system (1) limit 1000) as sample"
        )
        self.documents = str(one.value(dsn, sample)).split()
        self.batches = max(1, entries // ledger_rig.STREAMS // 20)
        self.hot_turns = entries // ledger_rig.HOT_SHARE


def site(chance: random.Random) -> str:
    """Return any site."""
    return f"s{chance.randrange(SITES):03}"


def item(chance: random.Random, every: int = 1) -> str:
    """Return any item, or any of those told apart by batch (every fourth)."""
    return f"i{chance.randrange(ITEMS // every) * every:04}"


def moment(chance: random.Random) -> str:
    """Return any moment of the ledger's time."""
    return (now() - timedelta(days=chance.random() * ledger_rig.DAYS)).isoformat()


def path(place: str, **given: object) -> str:
    """Return a path with its query."""
    return f"{place}?{urlencode(given)}"


QUESTIONS: dict[str, Question] = {
    "ledger of a stream, deep page": lambda chance, known: path(
        "/ledger",
        site_id=HOT_SITE,
        item_id=HOT_ITEM,
        after_sequence=chance.randrange(known.hot_turns),
    ),
    "stock, one item in all sites": lambda chance, _: path("/stock", item_id=item(chance)),
    "stock, a page of a site": lambda chance, _: path("/stock", site_id=site(chance)),
    "stock, a category of a site": lambda chance, _: path(
        "/stock", site_id=site(chance), category=f"c{chance.randrange(ITEMS // 50)}"
    ),
    "as of, one item of a site": lambda chance, _: path(
        "/stock", site_id=site(chance), item_id=item(chance), as_of=moment(chance)
    ),
    "as of, one item in all sites": lambda chance, _: path(
        "/stock", item_id=item(chance), as_of=moment(chance)
    ),
    "as of, a page of a site": lambda chance, _: path(
        "/stock", site_id=site(chance), as_of=moment(chance)
    ),
    "as of, the hot stream": lambda chance, _: path(
        "/stock", site_id=HOT_SITE, item_id=HOT_ITEM, as_of=moment(chance)
    ),
    "trace of a document, forward": lambda chance, known: path(
        "/trace", document_id=chance.choice(known.documents)
    ),
    "trace of a document, backward": lambda chance, known: path(
        "/trace", document_id=chance.choice(known.documents), direction="backward"
    ),
    "trace of a batch": lambda chance, known: path(
        "/trace", item_id=item(chance, every=4), batch_id=f"b{chance.randrange(known.batches)}"
    ),
    "trace of an item": lambda chance, _: path("/trace", item_id=item(chance)),
    "trace of a warehouse": lambda chance, _: path(
        "/trace", site_id=site(chance), warehouse_id=f"w{chance.randrange(3)}"
    ),
    "difference report, a page": lambda chance, _: path(
        "/reports/differences", site_id=site(chance)
    ),
    "ageing, a page of a site": lambda chance, _: path("/reports/ageing", site_id=site(chance)),
    "chain of a stream": lambda chance, _: path(
        "/reports/chain", site_id=site(chance), item_id=item(chance)
    ),
}


def run(options: Namespace) -> int:
    """Fill a ledger, then ask each question many times in rounds."""
    legs: list[Json] = []
    with rig("inventory", kafka=False) as one, one.process(API):
        ledger_rig.name_things(asker(one))
        filled: Json = dict(ledger_rig.write_ledger(one, options.entries))
        filled["mb"] = ledger_rig.sizes_mb(one, RELATIONS)
        # A connection of its own: the first one was idle for too long to be kept alive.
        ask, known = asker(one), Known(one, options.entries)
        for number in range(1, options.rounds + 1):
            legs += take(options, partial(round_of, one, ask, known, options), round=number)
    document = report.compose("ledger", settings_of(options), figures_of(counted(legs)), legs)
    document["filled"] = filled
    place = report.write(document)
    show(document)
    print(f"written to {place}")
    return 0


def round_of(one: Rig, ask: Asker, known: Known, options: Namespace) -> Iterator[Json]:
    """Ask each question for its share of the seconds of a leg."""
    for name, question in QUESTIONS.items():
        yield asked(one, ask, known, (name, question), options.seconds)


def asked(one: Rig, ask: Asker, known: Known, named: tuple[str, Question], seconds: int) -> Json:
    """Ask one question, each time of something else, one after the other."""
    name, question = named
    chance = random.Random(name)  # noqa: S311 - the same questions in every round
    for _ in range(WARM_UP):
        ask.get(question(chance, known))
    taken: list[float] = []
    rows = 0
    with Meter(dict(one.pids)) as meter:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            place = question(chance, known)
            began = time.perf_counter()
            answer = ask.get(place)
            taken.append(time.perf_counter() - began)
            rows += len(answer["items"])
    return {
        "scenario": name,
        "latency_ms": latencies_ms(taken),
        "rows": round(rows / len(taken), 1),
        **meter.told(),
    }


def settings_of(options: Namespace) -> Json:
    """Return what was set."""
    return {
        "entries": options.entries,
        "streams": ledger_rig.STREAMS,
        "hot_stream_entries": options.entries // ledger_rig.HOT_SHARE,
        "page": 100,
        "clients": 1,
        "seconds": options.seconds,
        "rounds": options.rounds,
        "limit_ms": LIMIT_MS,
        "fsync": "on",
        "synchronous_commit": "on",
    }


def figures_of(legs: list[Json]) -> Json:
    """Return what is told of each question."""
    figures = {}
    for name in QUESTIONS:
        mine = [leg for leg in legs if leg["scenario"] == name]
        parts = {part: [leg["latency_ms"][part] for leg in mine] for part in ("p50", "p99")}
        figures[name] = {part: spread(values) for part, values in parts.items()}
        figures[name] |= {"rows": mine[-1]["rows"], "kept": max(parts["p99"]) < LIMIT_MS}
    return figures


def show(document: Json) -> None:
    """Print the table."""
    rows = [
        (name, one["p50"], one["p99"], one["rows"], "yes" if one["kept"] else "no")
        for name, one in document["figures"].items()
    ]
    heads = ("", "p50 ms", "p99 ms", "rows", f"p99 < {LIMIT_MS:.0f} ms")
    report.show("ledger", heads, rows)
