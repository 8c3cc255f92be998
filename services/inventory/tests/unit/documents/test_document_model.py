"""Documents of all kinds in any order, with promises and reversals, against plain dictionaries.

The model knows nothing of documents but what they do: it adds and takes away quantities. (A1, A4)
"""

from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from inventory.catalog.domain import BaseQuantity
from inventory.documents.domain import (
    RULES,
    Actor,
    DocumentKind,
    DocumentLine,
    DocumentStatus,
    Draft,
    DraftLine,
    Move,
    StockDocument,
    document_of,
    moves_back,
    moves_of,
    reversal_of,
    sent_by,
    undo_transit,
)
from inventory.stock.domain import Balance, Books, Entry, Head, InTransit, Kind, Place, Status
from servicekit.errors import Refusal

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
CLERK, MANAGER = Actor("clerk"), Actor("manager")
WAREHOUSES = [("north", "main"), ("north", "back"), ("south", "main")]
GOODS = [("tea", ""), ("rice", "L1"), ("rice", "L2")]
PLACES = [Place(site, item, house, batch) for site, house in WAREHOUSES for item, batch in GOODS]
TRANSFERS = {DocumentKind.TRANSFER_ARRIVAL, DocumentKind.TRANSFER_LOSS}
DISPATCH = DocumentKind.TRANSFER_DISPATCH
KINDS = sorted(set(DocumentKind) - TRANSFERS - {DISPATCH, DocumentKind.REVERSAL})
AT_FIRST = Decimal(20)
FIGURES = {
    Status.ALLOCATED: "allocated",
    Status.IN_INSPECTION: "in_inspection",
    Status.FROZEN: "frozen",
    Status.AVAILABLE: "available",
}
Key = tuple[Place, Status]
Sent = tuple[UUID, int]
Effect = tuple[Any, Decimal]

quantities = st.decimals(min_value="0.5", max_value=8, places=1)
ways = st.permutations(WAREHOUSES)
goods = st.lists(st.tuples(st.sampled_from(GOODS), quantities), min_size=1, max_size=3)


class Impossible(Exception):
    """The model can't do this either."""


@dataclass
class Model:
    """What is where, what is on its way, and how much more of it may come."""

    stock: defaultdict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    sent: dict[Sent, Decimal] = field(default_factory=dict)
    spare: dict[Sent, Decimal] = field(default_factory=dict)
    effects: dict[UUID, list[Effect]] = field(default_factory=dict)

    def add(self, effects: list[Effect], key: Any, quantity: Decimal) -> None:
        """Add to a figure, or take from it."""
        figures: Any = self.stock if isinstance(key[0], Place) else self.figures(key[0])
        figures[key if isinstance(key[0], Place) else key[1]] += quantity
        if figures[key if isinstance(key[0], Place) else key[1]] < 0:
            raise Impossible
        effects.append((key, quantity))

    def figures(self, name: str) -> dict[Sent, Decimal]:
        """Return the figures of goods on their way."""
        return self.sent if name == "sent" else self.spare

    def post(self, document: StockDocument) -> None:
        """Do what a document says, or raise."""
        effects: list[Effect] = []
        for line in document.lines:
            self._do(effects, document, line)
        self.effects[document.document_id] = effects

    def _do(self, effects: list[Effect], document: StockDocument, line: DocumentLine) -> None:
        place, quantity = document.place_of(line), line.quantity
        if document.dispatch_id is not None:
            key = document.dispatch_id, line.dispatch_line_no or 0
            lost = document.kind is DocumentKind.TRANSFER_LOSS
            coming = quantity if lost else min(quantity, self.sent[key])
            self.add(effects, ("sent", key), -coming)
            self.add(effects, ("spare", key), coming - quantity)
            if lost:
                return
        if line.source is not None:
            self.add(effects, (place, line.source), -quantity)
        if line.target is not None:
            self.add(effects, (place, line.target), quantity)
        if document.kind is DISPATCH:
            key = document.document_id, line.line_no
            self.sent[key] = self.spare[key] = Decimal(0)
            self.add(effects, ("sent", key), quantity)
            self.add(effects, ("spare", key), quantity * document.over_percent / 100)

    def reverse(self, document: StockDocument) -> None:
        """Undo what a document did, or raise."""
        for key, quantity in reversed(self.effects[document.document_id]):
            sent = document.kind is DISPATCH and not isinstance(key[0], Place)
            if sent and self.figures(key[0])[key[1]] != quantity:
                raise Impossible
            self.add([], key, -quantity)


class DocumentMachine(RuleBasedStateMachine):
    """The domain beside the model; what one refuses, the other refuses."""

    documents = Bundle("documents")
    dispatches = Bundle("dispatches")

    def __init__(self) -> None:
        super().__init__()
        self.books = Books({p.stream: Head() for p in PLACES}, {p: Balance() for p in PLACES})
        self.ledger: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        self.entries: dict[UUID, list[Entry]] = {}
        self.transit: dict[Sent, InTransit] = {}
        self.model = Model()
        for place in PLACES:
            one, way = (place.item_id, place.batch_id), (None, Status.AVAILABLE)
            given = _line(DocumentKind.RECEIPT, 1, one, AT_FIRST, way)
            where = place.site_id, place.warehouse_id
            self._decide(_drafted(DocumentKind.RECEIPT, where, [given]))

    @rule(
        target=documents,
        kind=st.sampled_from(KINDS),
        where=st.sampled_from(WAREHOUSES),
        wanted=goods,
        way=st.integers(0, 5),
        at_once=st.booleans(),
    )
    def draft(self, **asked: Any) -> Any:
        """Somebody drafts a document, and perhaps it is posted at once."""
        kind, paths = asked["kind"], RULES[asked["kind"]].paths
        lines = [
            _line(kind, no, one, quantity, paths[asked["way"] % len(paths)])
            for no, (one, quantity) in enumerate(asked["wanted"], start=1)
        ]
        document = _drafted(kind, asked["where"], lines)
        if asked["at_once"]:
            self._decide(document)
        return document

    @rule(target=dispatches, way=ways, wanted=goods, over=st.sampled_from([0, 20]))
    def dispatch(self, way: Any, wanted: Any, over: int) -> Any:
        """Goods are sent to another warehouse."""
        lines = [
            _line(DISPATCH, no, one, quantity, RULES[DISPATCH].paths[0])
            for no, (one, quantity) in enumerate(wanted, start=1)
        ]
        document = _drafted(DISPATCH, way[0], lines, to=way[1], over=over)
        return document if self._decide(document) else multiple()

    @rule(
        target=documents,
        dispatch=dispatches,
        kind=st.sampled_from(sorted(TRANSFERS)),
        parts=st.lists(st.tuples(st.integers(0, 2), quantities), min_size=1, max_size=2),
        way=st.integers(0, 2),
        whole=st.booleans(),
    )
    def receive(self, dispatch: StockDocument, **asked: Any) -> Any:
        """All or some of what was sent arrives, or is lost."""
        kind, paths = asked["kind"], RULES[asked["kind"]].paths
        lines = []
        for no, (which, quantity) in enumerate(asked["parts"], start=1):
            sent = dispatch.lines[which % len(dispatch.lines)]
            one = sent.item_id, sent.batch_id
            much = sent.quantity if asked["whole"] else quantity
            lines.append(_line(kind, no, one, much, paths[asked["way"] % len(paths)]))
            lines[-1].dispatch_line_no = sent.line_no
        where = dispatch.to_site_id or "", dispatch.to_warehouse_id or ""
        document = _drafted(kind, where, lines, dispatch_id=dispatch.document_id)
        self._decide(document)
        return document

    @rule(document=documents)
    def cancel(self, document: StockDocument) -> None:
        """Somebody gives up a document: nothing moves."""
        if document.status in (DocumentStatus.DRAFT, DocumentStatus.AUDITED):
            document.cancel(CLERK, AT)
        else:
            with pytest.raises(Refusal):
                document.cancel(CLERK, AT)

    @rule(document=documents)
    def post(self, document: StockDocument) -> None:
        """A document is decided on and posted, whole or not at all."""
        if document.status is DocumentStatus.DRAFT:
            self._decide(document)
        else:
            with pytest.raises(Refusal):
                document.audit(MANAGER, AT)

    @rule(dispatch=dispatches)
    def recall(self, dispatch: StockDocument) -> None:
        """Somebody takes back a dispatch, of which something may have arrived."""
        self.reverse(dispatch)

    @rule(document=documents)
    def reverse(self, document: StockDocument) -> None:
        """Somebody takes back a document, whole or not at all."""
        if document.status is not DocumentStatus.POSTED:
            with pytest.raises(Refusal):
                document.be_reversed(uuid4(), MANAGER)
            return
        possible = self._try_model("reverse", document)
        assert self._attempt(lambda: self._reverse(document), document) is possible

    @rule(place=st.sampled_from(PLACES), quantity=quantities)
    def promise(self, place: Place, quantity: Decimal) -> None:
        """An order reserves, so that documents can't take it."""
        available, allocated = (place, Status.AVAILABLE), (place, Status.ALLOCATED)
        if quantity > self.model.stock[available]:
            with pytest.raises(Refusal):
                self.books.balances[place].allocate(quantity)
            return
        self.books.balances[place].allocate(quantity)
        self.model.stock[available] -= quantity
        self.model.stock[allocated] += quantity

    @rule(place=st.sampled_from(PLACES))
    def expire(self, place: Place) -> None:
        """What was reserved is free again."""
        held = self.model.stock.pop((place, Status.ALLOCATED), Decimal(0))
        self.books.balances[place].free(held)
        self.model.stock[(place, Status.AVAILABLE)] += held

    def _decide(self, document: StockDocument) -> bool:
        document.approve(MANAGER, AT)
        document.audit(MANAGER, AT)
        possible = self._try_model("post", document)
        assert self._attempt(lambda: self._post(document), document) is possible
        return possible

    def _try_model(self, act: str, document: StockDocument) -> bool:
        tried = deepcopy(self.model)
        try:
            getattr(tried, act)(document)
        except Impossible:
            return False
        self.model = tried
        return True

    def _attempt(self, work: Any, document: StockDocument) -> bool:
        """Do it as a transaction does: what is refused leaves no trace."""
        kept = deepcopy((self.books, self.transit))
        standing = {one.name: getattr(document, one.name) for one in fields(document)}
        ledger = {stream: len(entries) for stream, entries in self.ledger.items()}
        try:
            work()
        except Refusal:
            self.books, self.transit = kept
            for name, value in standing.items():
                setattr(document, name, value)
            for stream, entries in self.ledger.items():
                del entries[ledger.get(stream, 0) :]
            return False
        return True

    def _post(self, document: StockDocument) -> None:
        document.post(MANAGER, AT)
        moves = moves_of(document, self._lines_of(document.dispatch_id))
        self.entries[document.document_id] = self._book(moves)
        for sent in sent_by(document, self.entries[document.document_id]):
            self.transit[(sent.document_id, sent.line_no)] = sent

    def _reverse(self, document: StockDocument) -> None:
        reversal = reversal_of(document, uuid4(), MANAGER, AT, "wrong")
        document.be_reversed(reversal.document_id, MANAGER)
        reversal.audit(MANAGER, AT)
        reversal.post(MANAGER, AT)
        entries = self.entries[document.document_id]
        is_dispatch = document.kind is DISPATCH
        of = document.document_id if is_dispatch else document.dispatch_id
        undo_transit(document, entries, self._lines_of(of))
        self._book(moves_back(reversal, entries))

    def _lines_of(self, dispatch_id: UUID | None) -> dict[int, InTransit]:
        return {line: sent for (of, line), sent in self.transit.items() if of == dispatch_id}

    def _book(self, moves: list[Move]) -> list[Entry]:
        entries = []
        for move in moves:
            entry = self.books.book(move.movement)
            self.ledger[move.movement.place.stream].append(entry)
            entries.append(entry)
        return entries

    @invariant()
    def balances_are_what_the_model_has(self) -> None:
        """Status by status, place by place."""
        for place, balance in self.books.balances.items():
            figures = {status: getattr(balance, name) for status, name in FIGURES.items()}
            assert figures == {status: self.model.stock[(place, status)] for status in FIGURES}
            assert balance.on_hand == sum(figures.values())

    @invariant()
    def what_is_in_transit_is_what_the_model_has(self) -> None:
        """Line by line."""
        assert {key: sent.outstanding for key, sent in self.transit.items()} == self.model.sent

    @invariant()
    def the_ledger_explains_the_balances_without_a_gap(self) -> None:
        """Numbers run from one, the sums are what is on hand, each reversal has its opposite."""
        on_hand: defaultdict[Place, Decimal] = defaultdict(Decimal)
        for entries in self.ledger.values():
            assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
            for entry in entries:
                on_hand[entry.movement.place] += entry.movement.change
                if entry.movement.kind is Kind.REVERSAL:
                    taken_back = entries[(entry.movement.reverses or 0) - 1].movement
                    assert taken_back.change == -entry.movement.change
                    assert taken_back.place == entry.movement.place
        for place, balance in self.books.balances.items():
            assert on_hand[place] == balance.on_hand


def _line(
    kind: DocumentKind,
    line_no: int,
    one: tuple[str, str],
    quantity: Decimal,
    path: tuple[Status | None, Status | None],
) -> DocumentLine:
    item, batch = one
    rejected = kind is DocumentKind.INSPECTION and path[1] is None
    asked = DraftLine(
        item_id=item,
        quantity=quantity,
        unit="kg",
        batch_id=batch,
        source_status=path[0],
        target_status=path[1],
        rejected=rejected,
    )
    return DocumentLine.of(kind, line_no, asked, BaseQuantity(quantity, "kg", quantity, 0))


def _drafted(
    kind: DocumentKind,
    where: tuple[str, str],
    lines: list[DocumentLine],
    to: tuple[str, str] | None = None,
    over: int = 0,
    dispatch_id: UUID | None = None,
) -> StockDocument:
    is_dispatch = kind is DISPATCH and to is not None
    draft = Draft(
        kind=kind,
        lines=[],
        site_id=where[0],
        warehouse_id=where[1],
        source_document="T-1",
        reason="so",
        to_site_id=to[0] if is_dispatch and to else None,
        to_warehouse_id=to[1] if is_dispatch and to else None,
        over_percent=over,
        dispatch_id=dispatch_id,
    )
    document = document_of(draft, uuid4(), CLERK, AT)
    document.lines = lines
    return document


TestDocuments = DocumentMachine.TestCase
TestDocuments.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
