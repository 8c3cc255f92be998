"""Which way goods of a line go, by the kind of the document (A4, A5)."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.catalog.domain import BaseQuantity
from inventory.documents.domain import (
    CostNotTaken,
    CostWithoutCurrency,
    DocumentKind,
    DocumentLine,
    DraftLine,
    StatusNotPossible,
    UnknownDocument,
    code_of,
    document_in,
)
from inventory.stock.domain import Status

K, A, Q, F = DocumentKind, Status.AVAILABLE, Status.IN_INSPECTION, Status.FROZEN
ALLOCATED = Status.ALLOCATED


def line(kind: DocumentKind, **given: Any) -> DocumentLine:
    """Return a line of a document."""
    asked = DraftLine(item_id="tea", quantity=Decimal(2), unit="case", **given)
    return DocumentLine.of(kind, 7, asked, BaseQuantity(Decimal(24), "case", Decimal(2), 3))


@pytest.mark.parametrize(
    ("kind", "given", "way"),
    [
        (K.RECEIPT, {}, (None, A)),
        (K.RECEIPT, {"target_status": F}, (None, F)),
        (K.ISSUE, {}, (A, None)),
        (K.ISSUE, {"source_status": F}, (F, None)),
        (K.SCRAP, {"source_status": Q}, (Q, None)),
        (K.ADJUSTMENT, {"source_status": A}, (A, None)),
        (K.ADJUSTMENT, {"target_status": A}, (None, A)),
        (K.TRANSFER_DISPATCH, {}, (A, None)),
        (K.TRANSFER_ARRIVAL, {"target_status": Q}, (None, Q)),
        (K.TRANSFER_LOSS, {}, (None, A)),
        (K.STOCKTAKE_GAIN, {"target_status": F}, (None, F)),
        (K.STOCKTAKE_LOSS, {}, (A, None)),
        (K.INSPECTION, {"target_status": A}, (Q, A)),
        (K.INSPECTION, {"target_status": F}, (Q, F)),
        (K.INSPECTION, {"rejected": True}, (Q, None)),
        (K.FREEZE, {}, (A, F)),
        (K.FREEZE, {"source_status": Q}, (Q, F)),
        (K.UNFREEZE, {}, (F, A)),
        (K.UNFREEZE, {"target_status": Q}, (F, Q)),
    ],
)
def test_goods_go_the_way_of_their_kind(
    kind: DocumentKind, given: dict[str, Any], way: tuple[Status | None, Status | None]
) -> None:
    made = line(kind, **given)
    assert (made.source, made.target) == way


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (K.ADJUSTMENT, {}),
        (K.ADJUSTMENT, {"source_status": A, "target_status": F}),
        (K.INSPECTION, {}),
        (K.INSPECTION, {"source_status": A, "target_status": F}),
        (K.INSPECTION, {"rejected": True, "source_status": F}),
        (K.ISSUE, {"source_status": ALLOCATED}),
        (K.ISSUE, {"target_status": A}),
        (K.RECEIPT, {"source_status": A}),
        (K.RECEIPT, {"rejected": True}),
        (K.TRANSFER_DISPATCH, {"source_status": F}),
        (K.FREEZE, {"source_status": ALLOCATED}),
        (K.UNFREEZE, {"source_status": A}),
    ],
)
def test_other_ways_are_refused_with_those_there_are(
    kind: DocumentKind, given: dict[str, Any]
) -> None:
    with pytest.raises(StatusNotPossible, match="Line 7"):
        line(kind, **given)


def test_a_line_keeps_what_was_given_and_how_it_was_converted() -> None:
    made = line(K.RECEIPT)
    assert (made.quantity, made.unit, made.unit_quantity, made.unit_version) == (24, "case", 2, 3)


def test_a_cost_needs_its_currency_and_goods_that_come_in() -> None:
    priced = line(K.RECEIPT, unit_cost=Decimal("2.50"))
    priced.must_be_priced_for(K.RECEIPT, "CNY")
    with pytest.raises(CostWithoutCurrency):
        priced.must_be_priced_for(K.RECEIPT, None)
    down = line(K.ADJUSTMENT, source_status=A, unit_cost=Decimal(1))
    with pytest.raises(CostNotTaken):
        down.must_be_priced_for(K.ADJUSTMENT, "CNY")
    with pytest.raises(CostNotTaken):
        line(K.TRANSFER_ARRIVAL, unit_cost=Decimal(1)).must_be_priced_for(K.TRANSFER_ARRIVAL, "CNY")


def test_goods_that_have_to_be_inspected_wait_and_say_by_which_rule() -> None:
    made = line(K.RECEIPT)
    made.hold_for_inspection("inspect_on_receipt:item:tea")
    assert (made.target, made.rule) == (Q, "inspect_on_receipt:item:tea")
    frozen = line(K.RECEIPT, target_status=F)
    frozen.hold_for_inspection("inspect_on_receipt:item:tea")
    assert (frozen.target, frozen.rule) == (F, None)


def test_a_code_names_its_document_and_nothing_else() -> None:
    document_id = uuid4()
    assert document_in(code_of(document_id)) == document_id
    for code in ("", "urn:trueshelf:document:", f"urn:trueshelf:item:{document_id}", "12345"):
        with pytest.raises(UnknownDocument):
            document_in(code)
