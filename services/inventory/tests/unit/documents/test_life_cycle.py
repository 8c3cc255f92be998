"""One life cycle for all kinds: who may take which step from where (A1, A2)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.documents.domain import (
    RULES,
    Actor,
    AlreadyPosted,
    AlreadyReversed,
    DocumentIncomplete,
    DocumentKind,
    DocumentLine,
    DocumentStatus,
    Draft,
    EffectiveInFuture,
    NotReversible,
    SamePlace,
    SecondPersonNeeded,
    StockDocument,
    VersionConflict,
    WrongStatus,
    document_of,
    reversal_of,
)
from inventory.stock.domain import Status

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
CLERK, MANAGER, OTHER = Actor("clerk", "PDA-1"), Actor("manager", "PC-2"), Actor("other")
STEPS = ("rewrite", "audit", "approve", "post", "cancel", "reverse")
NEXT = {
    "draft": {"rewrite": "draft", "audit": "audited", "approve": "draft", "cancel": "cancelled"},
    "audited": {"approve": "audited", "post": "posted", "cancel": "cancelled"},
    "posted": {"reverse": "reversed"},
    "reversed": {},
    "cancelled": {},
}
LINE = DocumentLine(
    line_no=1,
    item_id="tea",
    quantity=Decimal(2),
    unit="box",
    unit_quantity=Decimal(2),
    unit_version=0,
    source=Status.AVAILABLE,
    target=None,
)


def drafted(kind: DocumentKind = DocumentKind.ISSUE, **changes: Any) -> StockDocument:
    """Return a draft that lacks nothing but an approval."""
    given: dict[str, Any] = {
        "kind": kind,
        "lines": [],
        "site_id": "north",
        "warehouse_id": "main",
        "source_document": "T-1",
        "reason": "broken",
        "to_site_id": "south",
        "to_warehouse_id": "main",
        "dispatch_id": uuid4(),
        **changes,
    }
    document = document_of(Draft(**given), uuid4(), CLERK, AT)
    document.number, document.lines = "D-1", [LINE]
    return document


def take(step: str, document: StockDocument, actor: Actor = MANAGER) -> None:
    """Take one step."""
    if step == "rewrite":
        document.rewrite([LINE], CLERK)
    elif step == "reverse":
        document.be_reversed(uuid4(), actor)
    else:
        getattr(document, step)(actor, AT)


def at(status: str, kind: DocumentKind = DocumentKind.ISSUE) -> StockDocument:
    """Return a document that stands at a status."""
    document = drafted(kind)
    for step in {
        "draft": (),
        "audited": ("audit",),
        "posted": ("approve", "audit", "post"),
        "reversed": ("approve", "audit", "post", "reverse"),
        "cancelled": ("cancel",),
    }[status]:
        take(step, document)
    return document


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", NEXT)
def test_every_step_begins_where_it_may_and_nowhere_else(status: str, step: str) -> None:
    document = at(status)
    before = document.version
    if (target := NEXT[status].get(step)) is None:
        with pytest.raises((WrongStatus, AlreadyPosted, AlreadyReversed)):
            take(step, document)
        assert (document.status, document.version) == (status, before)
    else:
        take(step, document)
        assert (document.status, document.version) == (target, before + 1)


@pytest.mark.parametrize("kind", DocumentKind)
def test_kinds_that_need_a_second_person_are_not_audited_by_their_author(
    kind: DocumentKind,
) -> None:
    document = drafted(kind)
    if RULES[kind].second_person:
        with pytest.raises(SecondPersonNeeded, match="clerk"):
            document.audit(CLERK, AT)
        document.audit(MANAGER, AT)
    else:
        document.audit(CLERK, AT)
    assert document.status is DocumentStatus.AUDITED


def test_who_wrote_the_lines_is_an_author_too() -> None:
    document = drafted(DocumentKind.SCRAP)
    document.rewrite([LINE], MANAGER)
    for author in (CLERK, MANAGER):
        with pytest.raises(SecondPersonNeeded):
            document.audit(author, AT)
    document.audit(OTHER, AT)


def test_nobody_approves_a_document_of_their_own() -> None:
    document = drafted(DocumentKind.ADJUSTMENT)
    with pytest.raises(SecondPersonNeeded):
        document.approve(CLERK, AT)
    document.approve(OTHER, AT)
    assert document.approved_by == "other"


def test_other_lines_void_an_approval() -> None:
    document = drafted(DocumentKind.ADJUSTMENT)
    document.approve(MANAGER, AT)
    document.rewrite([LINE], CLERK)
    document.audit(MANAGER, AT)
    with pytest.raises(DocumentIncomplete) as refused:
        document.post(MANAGER, AT)
    assert refused.value.facts["missing"] == ["approver"]


@pytest.mark.parametrize(
    ("lacks", "missing"),
    [
        ((), ["approver"]),
        (("source_document",), ["source_document", "approver"]),
    ],
)
def test_an_adjustment_is_not_posted_without_what_it_needs(
    lacks: tuple[str, ...], missing: list[str]
) -> None:
    document = drafted(DocumentKind.ADJUSTMENT)
    for name in lacks:
        setattr(document, name, None)
    document.audit(MANAGER, AT)
    with pytest.raises(DocumentIncomplete) as refused:
        document.post(MANAGER, AT)
    assert refused.value.facts["missing"] == missing
    assert document.status is DocumentStatus.AUDITED


@pytest.mark.parametrize(
    "lacks",
    [
        ("site_id",),
        ("warehouse_id",),
        ("source_document",),
        ("site_id", "source_document"),
        ("site_id", "warehouse_id", "source_document"),
    ],
)
def test_an_adjustment_is_not_drafted_without_place_and_source_document(
    lacks: tuple[str, ...],
) -> None:
    with pytest.raises(DocumentIncomplete) as refused:
        drafted(DocumentKind.ADJUSTMENT, **dict.fromkeys(lacks))
    assert refused.value.facts["missing"] == list(lacks)
    for name in lacks:
        assert name in refused.value.text("en")
        assert name in refused.value.text("zh")


def test_a_transfer_goes_somewhere_else() -> None:
    with pytest.raises(SamePlace):
        drafted(DocumentKind.TRANSFER_DISPATCH, to_site_id="north")


def test_what_happened_is_not_later_than_its_posting() -> None:
    document = drafted(effective_at=AT + timedelta(seconds=1))
    document.audit(MANAGER, AT)
    with pytest.raises(EffectiveInFuture):
        document.post(MANAGER, AT)


def test_a_document_without_a_time_of_its_own_happened_when_it_was_posted() -> None:
    booked = at("posted").in_the_books()
    assert (booked.effective_at, booked.posted_at) == (AT, AT)
    assert (booked.user_id, booked.device_id) == ("manager", "PC-2")


def test_a_stale_version_is_refused() -> None:
    document = at("audited")
    document.must_be_at(None)
    document.must_be_at({2})
    with pytest.raises(VersionConflict, match="version 2"):
        document.must_be_at({1})


def test_a_reversal_names_the_original_and_is_not_reversed_itself() -> None:
    original = at("posted")
    reversal = reversal_of(original, uuid4(), MANAGER, AT, "wrong item")
    assert (reversal.reverses, reversal.source_document) == (original.document_id, "D-1")
    assert (reversal.lines[0].source, reversal.lines[0].target) == (None, Status.AVAILABLE)
    reversal.audit(MANAGER, AT)
    reversal.post(MANAGER, AT)
    with pytest.raises(NotReversible):
        reversal.be_reversed(uuid4(), MANAGER)


def test_the_author_of_an_adjustment_does_not_reverse_it() -> None:
    document = at("posted", DocumentKind.ADJUSTMENT)
    with pytest.raises(SecondPersonNeeded):
        document.be_reversed(uuid4(), CLERK)
    document.be_reversed(uuid4(), MANAGER)
