"""At the desk each scan is understood, or refused, by itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.domain import Item, Tracking, UnitConversion, Units
from inventory.documents.domain import DocumentKind, DocumentLine, DocumentStatus, StockDocument
from inventory.scanning.domain.desk import ANYWHERE, Desk, Paper
from inventory.scanning.domain.matching import arriving_lines, must_match
from inventory.scanning.domain.reading import read
from inventory.scanning.domain.scans import GivenScan, Meaning, Scan
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.domain.understanding import Barcode, Directory, Unit, kept_code
from inventory.scanning.domain.works import BEGUN_BY_HAND, Goods, ScanDiffers, Work, lines_of
from inventory.stock.domain import InTransit, Status
from servicekit.errors import Refusal

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TODAY = date(2026, 1, 1)
SESSION, WORK = UUID(int=1), UUID(int=2)
CASE = "16901234567899"
TEA = Units("tea", "box", 0, {"case": UnitConversion("tea", "case", 1, 12, 1, NOON)})
DIRECTORY = Directory(
    site_id="north",
    barcodes={CASE: Barcode(CASE, "tea", "case"), "8123456": Barcode("8123456", "drug", "EA")},
    items={
        "tea": Item("tea", "Tea", "box", 0, gtin="6901234567892"),
        "milk": Item("milk", "Milk", "kg", 3, tracking=Tracking.BATCH),
        "drug": Item("drug", "Drug", "EA", 0, tracking=Tracking.SERIAL),
    },
    item_of_gtin={"6901234567892": "tea"},
    units={"tea": TEA, "milk": Units("milk", "kg", 3), "drug": Units("drug", "EA", 0)},
    serials={"SN-9": Unit("drug", "SN-9", "")},
)


def of_issue(line_no: int, item_id: str, quantity: str) -> DocumentLine:
    return DocumentLine(
        line_no=line_no,
        item_id=item_id,
        quantity=Decimal(quantity),
        unit="box",
        unit_quantity=Decimal(quantity),
        unit_version=0,
        source=Status.AVAILABLE,
        target=None,
    )


ISSUE = Paper(
    UUID(int=9),
    "IS-1",
    DocumentKind.ISSUE,
    DocumentStatus.DRAFT,
    ("north", "main"),
    lines=[of_issue(1, "tea", "3")],
)


def desk(kind: DocumentKind = DocumentKind.ISSUE, **more: Any) -> Desk:
    held = ScanSession(
        SESSION, "north", "main", "li", "gun", NOON, NOON + timedelta(hours=12), work_id=WORK
    )
    works = {WORK: Work(WORK, "north", SESSION, kind, NOON)}
    return Desk(held, works, DIRECTORY, **more)


def take(at: Desk, code: str, **more: Any) -> Scan:
    given_scan = GivenScan(uuid4(), code, NOON, **more)
    return at.take(given_scan, read(code, TODAY), uuid4(), NOON)


def goods(code: str, **more: Any) -> Goods:
    taken = take(desk(), code, **more)
    assert taken.goods is not None, taken.refused
    return taken.goods


def refusal(taken: Scan) -> str | None:
    return taken.refused and taken.refused.code


@pytest.mark.parametrize(
    ("code", "given_fields", "expected"),
    [
        ("tea", {}, Goods("tea", Decimal(1), "box")),
        ("6901234567892", {}, Goods("tea", Decimal(1), "box")),
        (CASE, {}, Goods("tea", Decimal(1), "case")),
        (CASE, {"quantity": Decimal(2)}, Goods("tea", Decimal(2), "case")),
        (CASE, {"quantity": Decimal(2), "unit": "box"}, Goods("tea", Decimal(2), "box")),
        (f"(02){CASE}(37)4(10)X(21)Y", {}, Goods("tea", Decimal(4), "case")),
        ("milk", {"batch_id": "M"}, Goods("milk", Decimal(1), "kg", "M")),
        ("81234560000000000007", {}, Goods("drug", Decimal(1), "EA", "", "81234560000000000007")),
        ("SN-9", {}, Goods("drug", Decimal(1), "EA", "", "SN-9")),
    ],
)
def test_a_code_stands_for_a_unit_of_an_item(
    code: str, given_fields: dict[str, Any], expected: Goods
) -> None:
    assert goods(code, **given_fields) == expected


@pytest.mark.parametrize(
    ("code", "given_fields", "expected"),
    [
        ("milk", {}, "batch_missing"),
        ("milk", {"batch_id": "a/b"}, "batch_unusable"),
        ("drug", {"serial": "S", "quantity": Decimal(2)}, "serials_missing"),
        ("SN-9", {"serial": "SN-8"}, "code_contradicted"),
        ("tea", {"unit": "pallet"}, "unknown_unit"),
        ("tea", {"quantity": Decimal("0.5")}, "quantity_too_precise"),
        (f"(02){CASE}(37)0", {}, "nothing_counted"),
        ("6901234567893", {}, "bad_check_digit"),
        ("(00)106141411234567897", {}, "only_logistic_unit"),
        ("coffee", {}, "unknown_code"),
    ],
)
def test_what_a_code_does_not_say_is_never_guessed(
    code: str, given_fields: dict[str, Any], expected: str
) -> None:
    assert refusal(take(desk(), code, **given_fields)) == expected


def test_scans_are_numbered_refused_or_not() -> None:
    at = desk()
    assert [take(at, code).sequence for code in ("tea", "coffee", "tea")] == [1, 2, 3]


def test_a_documents_code_loads_it_once_and_goes_on_with_it_later() -> None:
    at = desk(papers={"qr": ISSUE})
    first, other = take(at, "qr"), take(at, "milk", batch_id="M")
    assert (first.meaning, refusal(other)) == (Meaning.DOCUMENT, "not_on_document")
    at.held.work_id = WORK
    assert take(at, "qr").work_id == first.work_id == at.held.work_id
    assert [work.loaded_id for work in at.begun] == [ISSUE.document_id]


SENT = replace(
    ISSUE,
    kind=DocumentKind.TRANSFER_DISPATCH,
    status=DocumentStatus.POSTED,
    origin=("south", "main"),
    destination=("north", "main"),
)


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (replace(ISSUE, origin=("north", "back")), "wrong_warehouse"),
        (replace(ISSUE, origin=("south", "main")), "wrong_warehouse"),
        (SENT, None),
        (replace(SENT, status=DocumentStatus.AUDITED), "wrong_warehouse"),
        (replace(SENT, destination=("north", "back")), "wrong_warehouse"),
        (replace(ISSUE, status=DocumentStatus.POSTED), "document_not_scannable"),
        (replace(ISSUE, kind=DocumentKind.FREEZE), None),
        (replace(ISSUE, kind=DocumentKind.FREEZE, origin=("north", "back")), "wrong_warehouse"),
        (replace(ISSUE, kind="count_sheet", origin=("north", ANYWHERE)), None),
        (replace(ISSUE, kind="count_sheet", origin=("south", ANYWHERE)), "wrong_warehouse"),
    ],
)
def test_a_document_is_scanned_where_its_goods_are_handled_now(
    paper: Paper, expected: str | None
) -> None:
    """A6: a dispatch belongs to its origin until it is posted, and then to where it goes."""
    assert refusal(take(desk(papers={"qr": paper}), "qr")) == expected


@pytest.mark.parametrize("kind", sorted(set(DocumentKind) - BEGUN_BY_HAND))
@pytest.mark.parametrize("status", [DocumentStatus.AUDITED, DocumentStatus.POSTED])
def test_a_document_that_takes_no_scans_is_opened_and_no_goods_count_for_it(
    kind: DocumentKind, status: DocumentStatus
) -> None:
    """A6: goods that are scanned next are of nothing, rather than of the work before."""
    at = desk(papers={"qr": replace(ISSUE, kind=kind, status=status)})
    opened, goods = take(at, "qr"), take(at, "tea")
    assert (opened.meaning, opened.work_id, at.begun) == (Meaning.DOCUMENT, None, [])
    assert refusal(goods) == "no_scan_work"


def test_a_scan_at_the_wrong_warehouse_says_what_it_concerns() -> None:
    """A9: the document, or the item of the unit; what there is not is not said."""
    elsewhere = {("drug", "SN-9"): ("north", "back")}
    at = desk(units=elsewhere, papers={"qr": replace(ISSUE, origin=("south", "main"))})
    unit, paper = (take(at, code).refused for code in ("SN-9", "qr"))
    assert unit is not None
    assert paper is not None
    assert (unit.facts["item_id"], "document_id" in unit.facts) == ("drug", False)
    assert (paper.facts["document_id"], "item_id" in paper.facts) == (str(ISSUE.document_id), False)


def test_a_unit_is_scanned_once_and_taken_out_where_it_is() -> None:
    at = desk(units={("drug", "SN-9"): ("north", "back")})
    assert refusal(take(at, "SN-9")) == "wrong_warehouse"
    coming = desk(DocumentKind.RECEIPT, units={("drug", "SN-9"): ("north", "back")})
    assert [refusal(take(coming, "SN-9")) for _ in range(2)] == [None, "serial_scanned_twice"]


def test_what_is_said_twice_is_the_same_only_if_all_of_it_is() -> None:
    one = GivenScan(uuid4(), "tea", NOON, quantity=Decimal("1.50"))
    kept = desk().take(one, read("tea", TODAY), uuid4(), NOON)
    kept.must_be_repeat_of(replace(one, quantity=Decimal("1.5")))
    with pytest.raises(Refusal):
        kept.must_be_repeat_of(replace(one, code="oil"))


def test_a_gtin_is_kept_in_fourteen_digits_and_never_with_a_wrong_one() -> None:
    assert kept_code("6901234567892") == kept_code("(01)06901234567892") == "06901234567892"
    assert kept_code("own-code") == "own-code"
    for wrong in ("6901234567893", "(00)106141411234567897"):
        with pytest.raises(Refusal):
            kept_code(wrong)


def scanned(*of: Goods) -> list[tuple[UUID, Goods]]:
    return [(uuid4(), one) for one in of]


def document(*lines: tuple[str, str]) -> StockDocument:
    return StockDocument(
        document_id=UUID(int=9),
        number="IS-1",
        kind=DocumentKind.ISSUE,
        site_id="north",
        warehouse_id="main",
        drafted_at=NOON,
        drafted_by="li",
        lines_by="li",
        lines=[of_issue(line_no, *one) for line_no, one in enumerate(lines, start=1)],
    )


def test_scanned_goods_match_a_document_by_their_sum_in_any_unit() -> None:
    of = (Goods("tea", Decimal(1), "case"), Goods("tea", Decimal(2), "box"))
    lines = lines_of(scanned(*of, of[1]))
    assert [(line.quantity, len(line.scan_ids)) for line in lines] == [(1, 1), (4, 2)]
    must_match(lines, document(("tea", "10"), ("tea", "6")), DIRECTORY.units)
    with pytest.raises(ScanDiffers) as refused:
        must_match(lines, document(("tea", "15"), ("oil", "1")), DIRECTORY.units)
    found = [
        (one["item_id"], one["written"], one["scanned"])
        for one in refused.value.facts["differences"]
    ]
    assert found == [("oil", "1", "0"), ("tea", "15", "16")]


def sent(line_no: int, outstanding: int, serials: Sequence[str] = ()) -> InTransit:
    return InTransit(
        to_site_id="north",
        document_id=UUID(int=8),
        line_no=line_no,
        item_id="tea",
        batch_id="",
        from_site_id="south",
        from_warehouse_id="main",
        to_warehouse_id="main",
        dispatch_sequence=line_no,
        dispatched_at=NOON,
        expected_at=None,
        dispatched=Decimal(outstanding),
        outstanding=Decimal(outstanding),
        tolerated=Decimal(0),
        serials=serials,
    )


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.integers(1, 40))
def test_what_arrives_fills_the_lines_of_the_dispatch_in_turn_and_none_is_lost(
    waiting: list[int], arrived: int
) -> None:
    lines = lines_of(scanned(Goods("tea", Decimal(arrived), "box")))
    transit = [sent(line_no, some) for line_no, some in enumerate(waiting, start=1)]
    parts = [part for _, part in arriving_lines(lines, transit, DIRECTORY.units)]
    assert sum(part.quantity for part in parts) == arrived
    for part in parts[:-1]:
        assert part.quantity == waiting[(part.dispatch_line_no or 0) - 1]


def test_units_that_arrive_go_to_the_lines_that_sent_them_and_others_to_the_last() -> None:
    arrived = (Goods("tea", Decimal(1), "box", "", serial) for serial in ("S9", "S3", "S1"))
    lines = lines_of(scanned(*arrived))
    transit = [sent(1, 2, ["S1", "S2"]), sent(2, 1, ["S3"])]
    parts = [part for _, part in arriving_lines(lines, transit, DIRECTORY.units)]
    assert [(part.dispatch_line_no, list(part.serials)) for part in parts] == [
        (1, ["S1"]),
        (2, ["S9", "S3"]),
    ]


def test_what_was_never_sent_stays_a_line_that_no_dispatch_has() -> None:
    lines = lines_of(scanned(Goods("oil", Decimal(1), "l")))
    units = {"oil": Units("oil", "l", 0)}
    ((_, part),) = arriving_lines(lines, [sent(1, 5)], units)
    assert part.dispatch_line_no is None
