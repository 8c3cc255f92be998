"""Months of trade in any order, over the database, against plain dictionaries (A1, A4, A5, B1, B2).

The model knows nothing of how the service does it: it adds and takes away quantities by status.
What one refuses the other refuses, and after every step the books say what the model says. Each run
has sites of its own, so that they share one database and are checked apart.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from inventory.insight.domain.chain import ChainWalk
from inventory.insight.store.chain import Scope, walk_on
from inventory.stock.store import closings
from servicekit.clock import now, shifted

ZERO = Decimal(0)
AVAILABLE, INSPECTED, FROZEN, ALLOCATED = "available", "in_inspection", "frozen", "allocated"
HOUSES = [("n", "main"), ("n", "back"), ("s", "main")]
GOODS = [("tea", ""), ("milk", "L1"), ("milk", "L2")]
UNITS = {"tea": "box", "milk": "l"}
ITEMS = [
    {"item_id": "tea", "name": "Tea", "base_unit": "box", "scale": 1},
    {"item_id": "milk", "name": "Milk", "base_unit": "l", "scale": 1, "tracking": "batch"},
]
INS = [(None, AVAILABLE), (None, INSPECTED), (None, FROZEN)]
OUTS = [(AVAILABLE, None), (FROZEN, None), (INSPECTED, None)]
PATHS: dict[str, list[Any]] = {
    "receipt": INS,
    "issue": OUTS,
    "scrap": OUTS,
    "adjustment": INS + OUTS,
    "inspection": [(INSPECTED, AVAILABLE), (INSPECTED, FROZEN), (INSPECTED, None)],
    "freeze": [(AVAILABLE, FROZEN), (INSPECTED, FROZEN)],
    "unfreeze": [(FROZEN, AVAILABLE), (FROZEN, INSPECTED)],
}
DECISIONS = {"release": AVAILABLE, "freeze": FROZEN}
REFUSED = (409, 422)
SWEEPS_MINUTES = 40
SETTINGS = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

quantities = st.decimals(min_value="0.5", max_value=9, places=1)
goods = st.lists(st.tuples(st.sampled_from(GOODS), quantities), min_size=1, max_size=3)
houses = st.sampled_from(HOUSES)


class Spot(NamedTuple):
    """Where goods lie."""

    site: str
    house: str
    item: str
    batch: str


Sent = tuple[str, int]
"""A dispatch, and the number of its line."""
Effect = tuple[tuple[Any, Any], Decimal]
"""What a figure is of, and how much is added to it: (spot, status), or ("sent", line) of goods on
their way, or ("spare", line) of what may come besides."""


class Impossible(Exception):
    """The model can't do this either."""


@dataclass
class Model:
    """What is where in which status, what is on its way, and when that came to be."""

    figures: defaultdict[Any, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    moved: list[tuple[int, Spot, str, Decimal]] = field(default_factory=list)

    def fits(self, effects: list[Effect]) -> bool:
        """Tell whether no figure falls below zero on the way."""
        tried = deepcopy(self.figures)
        for key, quantity in effects:
            tried[key] += quantity
            if tried[key] < 0:
                return False
        return True

    def apply(self, effects: list[Effect], turn: int) -> None:
        """Do it, at a turn of the game."""
        for key, quantity in effects:
            self.figures[key] += quantity
            if isinstance(key[0], Spot):
                self.moved.append((turn, key[0], key[1], quantity))

    def as_of(self, turn: int) -> dict[Spot, dict[str, Decimal]]:
        """Return the figures that the ledger explains, as they were before a turn."""
        found: dict[Spot, dict[str, Decimal]] = {}
        for when, spot, status, quantity in self.moved:
            one = found.setdefault(spot, dict.fromkeys(("on_hand", INSPECTED, FROZEN), ZERO))
            if when < turn:
                one["on_hand"] += quantity
                if status in one:
                    one[status] += quantity
        return found


@dataclass(eq=False)
class Paper:
    """A document, and what the model would do for it."""

    document_id: str
    kind: str
    lines: list[tuple[Spot, Decimal]]
    there: tuple[str, str]
    """Where its goods are, or go to."""
    effects: list[Effect] = field(default_factory=list)
    of: list[Sent] = field(default_factory=list)
    """Which dispatched lines arrive with it, or are lost."""
    status: str = "draft"


@dataclass(eq=False)
class Promise:
    """A reservation, and what it holds."""

    answer: Any
    wanted: list[tuple[Spot, Decimal]]
    until: int
    status: str = "held"


class Trade(RuleBasedStateMachine):
    """The service beside the model."""

    papers = Bundle("papers")
    dispatches = Bundle("dispatches")
    promises = Bundle("promises")

    shop: Any
    run: Callable[[Coroutine[Any, Any, Any]], Any]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.kept: list[Promise] = []
        self.minutes = 0
        self.marks: list[datetime] = []
        mark = uuid4().hex[:12]
        self.sites = {"n": f"n{mark}", "s": f"s{mark}"}

    # What people do.

    @initialize()
    def open_shops(self) -> None:
        """Each warehouse begins with some of everything."""
        for site in self.sites.values():
            body = {"site_id": site, "name": site, "time_zone": "Asia/Shanghai"}
            self._send("/sites", body, "master_data")
        for site, house in HOUSES:
            body = {"warehouse_id": house, "name": house}
            self._send(f"/sites/{self.sites[site]}/warehouses", body, "master_data")
        self._turn()
        for where in HOUSES:
            self._deliver(where, [(one, Decimal(20)) for one in GOODS], turn=0)

    @rule(where=houses, wanted=goods, late=st.integers(0, 3), again=st.booleans())
    def receive(self, where: Any, wanted: Any, late: int, *, again: bool) -> None:
        """A supplier's receipt is booked, perhaps long after it was posted, perhaps told twice."""
        turn = self._turn()
        self._deliver(where, wanted, max(0, turn - late), times=1 + again)

    @rule(
        target=papers,
        kind=st.sampled_from(sorted(PATHS)),
        where=houses,
        wanted=goods,
        way=st.integers(0, 5),
        at_once=st.booleans(),
    )
    def draft(self, **asked: Any) -> Any:
        """Somebody drafts a document of any kind, and perhaps it is posted at once."""
        self._turn()
        kind, paths = asked["kind"], PATHS[asked["kind"]]
        path = paths[asked["way"] % len(paths)]
        lines = [(self._spot(asked["where"], one), much) for one, much in asked["wanted"]]
        effects: list[Effect] = [
            ((spot, status), sign * much)
            for spot, much in lines
            for status, sign in ((path[0], -1), (path[1], 1))
            if status is not None
        ]
        said = {
            "source_status": path[0],
            "target_status": path[1],
            "rejected": kind == "inspection" and path[1] is None,
        }
        paper = self._drafted(kind, lines, asked["where"], said)
        paper.effects = effects
        if asked["at_once"]:
            self._post(paper)
        return paper

    @rule(
        target=dispatches, way=st.permutations(HOUSES), wanted=goods, over=st.sampled_from([0, 20])
    )
    def dispatch(self, way: Any, wanted: Any, over: int) -> Any:
        """Goods are sent to another warehouse."""
        self._turn()
        lines = [(self._spot(way[0], one), much) for one, much in wanted]
        there = {"to_site_id": self.sites[way[1][0]], "to_warehouse_id": way[1][1]}
        paper = self._drafted("transfer_dispatch", lines, way[0], {}, **there, over_percent=over)
        paper.there = way[1]
        for no, (spot, much) in enumerate(lines, 1):
            paper.effects.append(((spot, AVAILABLE), -much))
            paper.effects.append((("sent", (paper.document_id, no)), much))
            paper.effects.append((("spare", (paper.document_id, no)), much * over / 100))
        return paper if self._post(paper) else multiple()

    @rule(
        target=papers,
        sent=dispatches,
        parts=st.lists(
            st.tuples(st.integers(0, 2), quantities),
            min_size=1,
            max_size=2,
            unique_by=lambda p: p[0],
        ),
        lost=st.booleans(),
        share=st.sampled_from([None, Decimal(1), Decimal("1.2")]),
        status=st.sampled_from([AVAILABLE, INSPECTED, FROZEN]),
        at_once=st.booleans(),
    )
    def arrive(self, sent: Paper, **asked: Any) -> Any:
        """All or some of what was sent arrives, or is lost."""
        self._turn()
        said, lines = [], []
        for which, much in asked["parts"]:
            no = which % len(sent.lines)
            spot, dispatched = sent.lines[no]
            if asked["share"] is not None:
                much = (dispatched * asked["share"]).quantize(Decimal("0.1"), ROUND_DOWN)
            lines.append((no + 1, spot, much))
            said.append({"dispatch_line_no": no + 1, "quantity": str(lines[-1][2])})
            if not asked["lost"]:
                said[-1]["target_status"] = asked["status"]
        what = "loss" if asked["lost"] else "arrivals"
        body = {"lines": said} | ({"reason": "so"} if asked["lost"] else {})
        answer = self._send(f"/transfers/{sent.document_id}/{what}", body, "clerk", "ann")
        assert answer.is_success == (sent.status == "posted"), answer.text
        if not answer.is_success:
            return multiple()
        arriving = [(self._spot(sent.there, (one.item, one.batch)), q) for _, one, q in lines]
        kind = f"{what} {asked['status']}"
        paper = Paper(answer.json()["document_id"], kind, arriving, sent.there)
        paper.of = [(sent.document_id, no) for no, _, _ in lines]
        if asked["at_once"]:
            self._post(paper)
        return paper

    @rule(paper=papers)
    def post(self, paper: Paper) -> None:
        """A document is decided on and posted, whole or not at all; and only once."""
        self._turn()
        if paper.status in ("draft", "audited"):
            self._post(paper)
        else:
            assert self._step(paper, "post").status_code in REFUSED

    @rule(paper=papers)
    def cancel(self, paper: Paper) -> None:
        """Somebody gives up a document: nothing moves."""
        self._turn()
        open_ = paper.status in ("draft", "audited")
        answer = self._step(paper, "cancel")
        assert answer.is_success == open_, answer.text
        if open_:
            paper.status = "cancelled"

    @rule(paper=st.one_of(papers, dispatches))
    def reverse(self, paper: Paper) -> None:
        """Somebody takes a document back, whole or not at all."""
        turn = self._turn()
        effects = [(key, -much) for key, much in reversed(paper.effects)]
        possible = paper.status == "posted" and self.model.fits(effects)
        if paper.kind == "transfer_dispatch":  # whole, so nothing of it may have arrived
            possible = possible and all(
                self.model.figures[key] == much
                for key, much in paper.effects
                if key[0] in ("sent", "spare")
            )
        answer = self._step(paper, "reverse", {"reason": "wrong"})
        assert answer.is_success == possible, (paper, answer.text)
        if possible:
            self.model.apply(effects, turn)
            paper.status = "reversed"
        else:
            assert answer.status_code in REFUSED, answer.text

    @rule(
        where=houses,
        one=st.sampled_from(GOODS),
        source=st.sampled_from([INSPECTED, FROZEN]),
        decision=st.sampled_from(sorted(DECISIONS)),
        quantity=quantities,
    )
    def inspect(self, where: Any, one: Any, source: str, decision: str, quantity: Decimal) -> None:
        """Goods that wait, or are frozen, are looked at."""
        turn, spot = self._turn(), self._spot(where, one)
        target = DECISIONS[decision]
        effects: list[Effect] = [((spot, source), -quantity), ((spot, target), quantity)]
        possible = target != source and self.model.fits(effects)
        body = {
            "site_id": spot.site,
            "warehouse_id": spot.house,
            "item_id": spot.item,
            "batch_id": spot.batch,
            "source": source,
            "parts": [{"decision": decision, "quantity": str(quantity), "reason": "so"}],
        }
        answer = self._send("/inspections", body, "clerk", "ann")
        assert answer.is_success == possible, answer.text
        if possible:
            self.model.apply(effects, turn)

    @rule(target=promises, where=houses, wanted=goods, minutes=st.sampled_from([50, 110]))
    def reserve(self, where: Any, wanted: Any, minutes: int) -> Any:
        """An order takes all it wants, or nothing."""
        self._turn()
        lines = [(self._spot(where, one), much) for one, much in wanted]
        possible = self.model.fits(_held(lines))
        (made,) = self._reserve([lines], minutes)
        assert (made is not None) == possible
        return multiple() if made is None else made

    @rule(
        target=promises,
        wanted=st.lists(st.tuples(houses, goods), min_size=2, max_size=4),
        minutes=st.sampled_from([50, 110]),
    )
    def reserve_at_once(self, wanted: Any, minutes: int) -> Any:
        """Of orders that come together, those are refused that don't fit beside the others."""
        self._turn()
        orders = [[(self._spot(where, one), q) for one, q in lines] for where, lines in wanted]
        made = self._reserve(orders, minutes)
        for lines, promise in zip(orders, made, strict=True):
            assert promise is not None or not self.model.fits(_held(lines))
        return multiple(*(promise for promise in made if promise is not None))

    @rule(promise=promises)
    def confirm(self, promise: Promise) -> None:
        """An order is paid, unless it is too late."""
        self._turn()
        held = promise.status == "held" and self.minutes < promise.until
        answer = self._send(f"/reservations/{promise.answer['reservation_id']}/confirm")
        assert answer.is_success == (held or promise.status in ("confirmed", "shipped")), (
            answer.text
        )
        if held:
            promise.status = "confirmed"

    @rule(promise=promises)
    def release(self, promise: Promise) -> None:
        """An order is cancelled; what was shipped can't be."""
        self._turn()
        path = f"/reservations/{promise.answer['reservation_id']}/release"
        answer = self._send(path, {"reason": "cancelled"})
        assert answer.is_success == (promise.status != "shipped"), answer.text
        self._free(promise)

    @rule(promise=promises, again=st.booleans())
    def ship(self, promise: Promise, *, again: bool) -> None:
        """A paid order leaves, and the fact may be told twice."""
        turn = self._turn()
        if promise.status != "confirmed":
            return
        with self._clock():
            fact = self.shop.shipment(promise.answer)
            for _ in range(1 + again):
                self.run(self.shop.service.deliver(fact))
        self.model.apply([((spot, ALLOCATED), -much) for spot, much in promise.wanted], turn)
        promise.status = "shipped"

    @rule(times=st.integers(1, 3), sweep=st.booleans())
    def wait(self, times: int, *, sweep: bool) -> None:
        """Time goes by, and who did not pay loses what was held."""
        self.minutes += times * SWEEPS_MINUTES
        self._turn()
        if sweep:
            with self._clock():
                self.run(self.shop.service.run_job("expire_reservations"))
            for promise in self.kept:
                if promise.status == "held" and self.minutes >= promise.until:
                    self._free(promise)

    @rule(back=st.integers(0, 12))
    def ask_of_the_past(self, back: int) -> None:
        """The books say what was where at any moment before."""
        turn = max(0, len(self.marks) - 1 - back)
        expected = self.model.as_of(turn)
        found: dict[Spot, dict[str, Decimal]] = {}
        for site in self.sites.values():
            with self._clock():
                moment = self.marks[turn].isoformat()
                page = self.run(self.shop.get("/stock", site_id=site, as_of=moment))
            for one in page["items"]:
                spot = Spot(site, one["warehouse_id"], one["item_id"], one["batch_id"])
                figures = {name: Decimal(one[name]) for name in ("on_hand", INSPECTED, FROZEN)}
                found[spot] = figures
        empty = dict.fromkeys(("on_hand", INSPECTED, FROZEN), ZERO)
        assert {s: f for s, f in found.items() if f != empty} == {
            s: f for s, f in expected.items() if f != empty
        }

    # What is always true.

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        """Balances, ledger, reservations and goods on their way, with numbers without a gap."""
        if self.marks:
            self.run(self._compare())

    def teardown(self) -> None:
        """In the end every chain of hashes holds, and the service's own proof finds nothing."""
        for site in self.sites.values():
            self.run(self._follow_chains(site))
            report = self.run(self.shop.get("/reports/books", site_id=site))
            assert set(report["drift"].values()) == {0}, report

    async def _compare(self) -> None:
        async with self.shop.service.context.database.transaction() as session:
            connection = await session.connection()
            given = (list(self.sites.values()),)
            rows = {
                name: (await connection.exec_driver_sql(query, given)).all()
                for name, query in QUERIES.items()
            }
        figures = self.model.figures
        spots = {key[0] for key in figures if isinstance(key[0], Spot)}
        assert {Spot(*row[:4]): tuple(row[4:]) for row in rows["balances"]} == {
            spot: _figures_of(figures, spot) for spot in spots
        }
        explained = {Spot(*row[:4]): tuple(row[4:]) for row in rows["ledger"]}
        for spot in spots:
            on_hand, _, inspected, frozen = _figures_of(figures, spot)
            assert explained.get(spot, (0, 0, 0)) == (on_hand, inspected, frozen), spot
        promised = {Spot(*row[:4]): row[4] for row in rows["reservations"]}
        assert promised == {
            key[0]: much for key, much in figures.items() if key[1] == ALLOCATED and much
        }
        sent = {(str(row[0]), row[1]): (row[2], row[3]) for row in rows["transit"]}
        assert sent == {
            key[1]: (much, figures["spare", key[1]])
            for key, much in figures.items()
            if key[0] == "sent"
        }
        for *_, first, last, count, known in rows["streams"]:
            assert (first, last, count) == (1, known, known)
        assert min(figures.values(), default=ZERO) >= 0

    async def _follow_chains(self, site: str) -> None:
        walk = ChainWalk()
        async with self.shop.service.context.database.transaction() as session:
            while await walk_on(session, walk, Scope(site), 1000):
                pass
        walk.leave()
        assert walk.breaches == []
        assert walk.streams == len({spot.item for spot in self._spots(site)})

    # How it is done.

    def _spots(self, site: str) -> set[Spot]:
        return {spot for _, spot, _, _ in self.model.moved if spot.site == site}

    def _spot(self, where: tuple[str, str], one: tuple[str, str]) -> Spot:
        site = self.sites.get(where[0], where[0])
        return Spot(site, where[1], *one)

    def _clock(self) -> Any:
        return shifted(timedelta(minutes=self.minutes))

    def _turn(self) -> int:
        """Note the moment before something is done, and return its number."""
        with self._clock():
            self.marks.append(now())
        return len(self.marks) - 1

    def _send(self, path: str, body: Any = None, role: str = "service", who: str = "tester") -> Any:
        with self._clock():
            headers = self.shop.service.headers([role], subject=who)
            answer = self.run(self.shop.service.api.post(path, json=body, headers=headers))
        assert answer.status_code < 500, answer.text
        return answer

    def _step(self, paper: Paper, step: str, body: Any = None) -> Any:
        return self._send(f"/documents/{paper.document_id}/{step}", body, "shop_manager", "bob")

    def _drafted(
        self,
        kind: str,
        lines: list[tuple[Spot, Decimal]],
        where: tuple[str, str],
        said: dict[str, Any],
        **more: Any,
    ) -> Paper:
        body: dict[str, Any] = {
            "kind": kind,
            "site_id": self.sites[where[0]],
            "warehouse_id": where[1],
            "source_document": "T-1",
            "reason": "so",
            "lines": [_said(spot, much) | said for spot, much in lines],
            **more,
        }
        answer = self._send("/documents", body, "clerk", "ann")
        assert answer.is_success, answer.text
        return Paper(answer.json()["document_id"], kind, lines, where)

    def _post(self, paper: Paper) -> bool:
        turn = len(self.marks) - 1
        if paper.status == "draft":
            for step in ("approve", "audit"):
                answer = self._step(paper, step)
                assert answer.is_success, answer.text
            paper.status = "audited"
        effects = self._coming(paper) if paper.of else paper.effects
        possible = self.model.fits(effects)
        answer = self._step(paper, "post")
        assert answer.is_success == possible, (paper, answer.text)
        if possible:
            self.model.apply(effects, turn)
            paper.effects, paper.status = effects, "posted"
        return possible

    def _coming(self, paper: Paper) -> list[Effect]:
        """Return what an arrival or a loss does to goods on their way, as these stand now."""
        effects: list[Effect] = []
        what, status = paper.kind.split()
        for sent, (spot, much) in zip(paper.of, paper.lines, strict=True):
            outstanding = self.model.figures["sent", sent]
            coming = much if what == "loss" else min(much, outstanding)
            effects.append((("sent", sent), -coming))
            if what != "loss":
                effects.append((("spare", sent), coming - much))
                effects.append(((spot, status), much))
        return effects

    def _deliver(self, where: Any, wanted: Any, turn: int, times: int = 1) -> None:
        lines = [(self._spot(where, one), much) for one, much in wanted]
        with self._clock():
            fact = GoodsReceiptPosted(
                receipt_id=uuid4(),
                number=f"GR-{uuid4().hex[:6]}",
                order_id=uuid4(),
                supplier_id="farm",
                site_id=self.sites[where[0]],
                warehouse_id=where[1],
                currency="CNY",
                received_at=self.marks[turn],
                posted_at=self.marks[turn] + timedelta(microseconds=1),
                lines=tuple(
                    PurchaseLine(
                        line_no=no,
                        item_id=spot.item,
                        batch_id=spot.batch,
                        quantity=much,
                        unit_cost=Decimal("2.5"),
                    )
                    for no, (spot, much) in enumerate(lines, 1)
                ),
            )
            for _ in range(times):
                self.run(self.shop.service.deliver(fact))
        self.model.apply([((spot, AVAILABLE), much) for spot, much in lines], turn)

    def _reserve(self, orders: Any, minutes: int) -> list[Promise | None]:
        with self._clock():
            asked = [self._ask(lines, minutes) for lines in orders]
            answers = self.run(_together(asked))
        made: list[Promise | None] = []
        for lines, answer in zip(orders, answers, strict=True):
            if answer.status_code == 201:
                effects = _held(lines)
                assert self.model.fits(effects)
                for key, much in effects:
                    self.model.figures[key] += much
                self.kept.append(Promise(answer.json(), lines, self.minutes + minutes))
                made.append(self.kept[-1])
            else:
                assert answer.status_code in REFUSED, answer.text
                made.append(None)
        return made

    def _ask(self, lines: list[tuple[Spot, Decimal]], minutes: int) -> Coroutine[Any, Any, Any]:
        body = {
            "site_id": lines[0][0].site,
            "warehouse_id": lines[0][0].house,
            "order_id": str(uuid4()),
            "ttl_seconds": minutes * 60,
            "lines": [_said(spot, much) for spot, much in lines],
        }
        answer: Coroutine[Any, Any, Any] = self.shop.post("/reservations", body)
        return answer

    def _free(self, promise: Promise) -> None:
        if promise.status in ("held", "confirmed"):
            for spot, much in promise.wanted:
                self.model.figures[spot, ALLOCATED] -= much
                self.model.figures[spot, AVAILABLE] += much
            promise.status = "released"


def _said(spot: Spot, much: Decimal) -> dict[str, Any]:
    """Return a line as it is sent."""
    unit = UNITS[spot.item]
    return {"item_id": spot.item, "batch_id": spot.batch, "quantity": str(much), "unit": unit}


def _held(lines: list[tuple[Spot, Decimal]]) -> list[Effect]:
    """Return what a promise does: goods are on hand as before."""
    return [
        ((spot, status), sign * much)
        for spot, much in lines
        for status, sign in ((AVAILABLE, -1), (ALLOCATED, 1))
    ]


def _figures_of(figures: dict[Any, Decimal], spot: Spot) -> tuple[Decimal, ...]:
    """Return on hand, allocated, in inspection and frozen."""
    by_status = {
        status: figures.get((spot, status), ZERO)
        for status in (AVAILABLE, ALLOCATED, INSPECTED, FROZEN)
    }
    on_hand = sum(by_status.values(), ZERO)
    return on_hand, by_status[ALLOCATED], by_status[INSPECTED], by_status[FROZEN]


async def _together(asked: list[Coroutine[Any, Any, Any]]) -> list[Any]:
    return list(await asyncio.gather(*asked))


# Written apart from the service's own proofs.
QUERIES = {
    "balances": """
        select site_id, warehouse_id, item_id, batch_id, on_hand, allocated, in_inspection, frozen
        from stock_balance where site_id = any($1::text[])""",
    "ledger": """
        select site_id, warehouse_id, item_id, batch_id,
            sum(case when source is null then quantity else 0 end)
                - sum(case when target is null then quantity else 0 end),
            sum(case when target = 'in_inspection' then quantity else 0 end)
                - sum(case when source = 'in_inspection' then quantity else 0 end),
            sum(case when target = 'frozen' then quantity else 0 end)
                - sum(case when source = 'frozen' then quantity else 0 end)
        from ledger_entry where site_id = any($1::text[]) group by 1, 2, 3, 4""",
    "reservations": """
        select site_id, line.warehouse_id, item_id, batch_id, sum(quantity)
        from reservation_line as line join reservation using (site_id, reservation_id)
        where site_id = any($1::text[]) and status in ('held', 'confirmed') group by 1, 2, 3, 4""",
    "transit": """
        select document_id, line_no, outstanding, tolerated - surplus
        from stock_in_transit where to_site_id = any($1::text[])""",
    "streams": """
        select min(sequence), max(sequence), count(*), max(last_sequence)
        from ledger_entry join stock_stream using (site_id, item_id)
        where site_id = any($1::text[]) group by site_id, item_id""",
}


# A minute of work where nothing else runs; a busy machine may take many times that.
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_books_and_a_plain_model_agree_whatever_happens(
    open_shop: Callable[[], AbstractAsyncContextManager[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closings, "PAGE_ENTRIES", 4)  # so that many pages are closed
    with asyncio.Runner() as runner:
        opened = open_shop()
        shop = runner.run(opened.__aenter__())
        try:
            answer = runner.run(shop.post("/items/import", {"items": ITEMS}, "master_data"))
            assert answer.json()["refused"] == []
            played = type("PlayedTrade", (Trade,), {"shop": shop, "run": staticmethod(runner.run)})
            run_state_machine_as_test(played, settings=SETTINGS)
        finally:
            runner.run(opened.__aexit__(None, None, None))
