"""C4: fields prove each other, and what nothing proves is looked at by a person."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from purchasing.recognition.domain import (
    BadField,
    DocumentChanged,
    DocumentStatus,
    DoubtsLeft,
    InvoiceDocument,
    NotReadYet,
    doubts_of,
    is_tax_id,
    judge,
)

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
LEASE, OTHER = UUID(int=1), UUID(int=2)
LEAST = Decimal("0.85")


def fields(confidence: str = "0.97", **values: str) -> dict[str, Any]:
    return {
        name: {"value": value, "confidence": confidence, "page": 1, "box": [0, 0, 9, 9]}
        for name, value in values.items()
    }


def reading(**head: str) -> dict[str, Any]:
    values = {
        "number": "26312000000123456789",
        "issued_on": "2026-11-20",
        "seller_name": "上海恒信食品有限公司",
        "seller_tax_id": "91310000MA1FL5E12L",
        "net": "110.00",
        "tax": "14.30",
        "total": "124.30",
    }
    line = {"quantity": "10", "unit_price": "11", "amount": "110.00"}
    told = fields(name="*软饮料*水", tax_rate="13%", tax="14.30", **line)
    return {"head": fields(**{**values, **head}), "lines": [told], "form": "pdf"}


def judged(read: dict[str, Any], words: str = "124.30") -> dict[str, Any]:
    return judge(read, Decimal(words))


def document() -> InvoiceDocument:
    return InvoiceDocument(
        document_id=UUID(int=9),
        file_name="a.pdf",
        kind="pdf",
        size_bytes=9,
        sha256="0" * 64,
        supplier_id=None,
        uploaded_at=AT,
        uploaded_by="anna",
    )


def read_document(read: dict[str, Any]) -> InvoiceDocument:
    one = document()
    one.take(LEASE, AT)
    one.keep(judged(read), AT, LEAST)
    return one


def test_fields_that_agree_are_surer_than_they_were_read() -> None:
    one = judged(reading(seller_tax_id="91110000802100433B"))
    assert all(check["holds"] for check in one["checks"]), one["checks"]
    assert Decimal(one["head"]["total"]["confidence"]) > Decimal("0.97")
    assert doubts_of(one, LEAST) == []


def test_the_reading_that_is_judged_stays_as_it_was() -> None:
    one = reading()
    before = deepcopy(one)
    judged(one)
    assert one == before


@pytest.mark.parametrize(
    ("wrong", "check", "doubt"),
    [
        ({"total": "125.30"}, "net_and_tax_make_total", "total"),
        ({"net": "111.00", "total": "125.30"}, "lines_make_net", "net"),
        ({"tax": "14.31", "total": "124.31"}, "lines_make_tax", "tax"),
        ({"number": "2631"}, "number_has_its_digits", "number"),
        ({"number": "26312000000123456789", "code": "3100"}, "number_has_its_digits", "code"),
        ({"seller_tax_id": "91110000802100433C"}, "seller_tax_id_is_well_formed", "seller_tax_id"),
    ],
)
def test_fields_that_disagree_are_in_doubt(wrong: dict[str, str], check: str, doubt: str) -> None:
    one = judged(reading(**wrong))
    assert check in [name["name"] for name in one["checks"] if not name["holds"]]
    assert doubt in doubts_of(one, LEAST)


def test_a_total_that_differs_from_the_one_written_out_is_in_doubt() -> None:
    assert "total" in doubts_of(judged(reading(), words="124.80"), LEAST)


def test_a_line_whose_price_does_not_give_its_amount_is_in_doubt() -> None:
    one = reading()
    one["lines"][0]["unit_price"]["value"] = "17"
    assert "lines.1.unit_price" in doubts_of(judged(one), LEAST)


def test_what_is_missing_is_in_doubt() -> None:
    one = reading()
    del one["head"]["issued_on"]
    one["lines"] = []
    assert set(doubts_of(judged(one), LEAST)) >= {"issued_on", "lines"}


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("91110000802100433B", True),
        ("91110000802100433A", False),
        ("110108102099123", True),
        ("91110000802100433I", False),
        ("", False),
    ],
)
def test_tax_ids_end_in_their_check_digit(text: str, good: bool) -> None:  # noqa: FBT001
    assert is_tax_id(text) is good


def test_what_is_in_no_doubt_needs_nobody() -> None:
    one = read_document(reading(seller_tax_id="91110000802100433B"))
    assert (one.status, one.confirmed_by) == (DocumentStatus.CONFIRMED, None)
    invoice = one.invoice()
    assert (invoice.total, invoice.code) == (Decimal("124.30"), "")
    assert (invoice.lines[0].quantity, invoice.lines[0].tax_rate) == (Decimal(10), Decimal(13))


def test_a_person_corrects_or_accepts_all_that_is_in_doubt() -> None:
    one = read_document(reading(total="125.30", seller_tax_id="91110000802100433B"))
    assert one.status is DocumentStatus.READ
    with pytest.raises(NotReadYet):
        one.invoice()
    with pytest.raises(DoubtsLeft, match="net, tax"):
        one.confirm({"total": "124.30"}, [], "finn", AT)
    others = set(one.doubts) - {"total"}
    one.confirm({"total": "124.30"}, others, "finn", AT)
    assert (one.status, one.invoice().total) == (DocumentStatus.CONFIRMED, Decimal("124.30"))
    assert one.reading
    kept = one.reading["head"]["total"]
    assert (kept["read"], kept["corrected_by"]) == ("125.30", "finn")


@pytest.mark.parametrize(
    "corrections",
    [{"total": "much"}, {"issued_on": "2026-02-30"}, {"colour": "red"}, {"lines.9.tax": "1"}],
)
def test_a_person_can_name_no_value_that_can_not_be(corrections: dict[str, str]) -> None:
    one = read_document(reading(total="125.30"))
    with pytest.raises(BadField):
        one.confirm(corrections, one.doubts, "finn", AT)
    assert one.status is DocumentStatus.READ


def test_a_line_that_was_not_seen_can_be_added() -> None:
    one = read_document(reading(total="125.30"))
    added = {"lines.2.name": "运费", "lines.2.amount": "1.00", "total": "124.30"}
    one.confirm(added, one.doubts, "finn", AT)
    assert [line.name for line in one.invoice().lines] == ["*软饮料*水", "运费"]


def test_only_who_holds_the_lease_has_the_document() -> None:
    one = document()
    one.take(LEASE, AT)
    one.take(OTHER, AT + timedelta(minutes=1))
    assert not one.is_held(LEASE)
    assert one.is_held(OTHER)


def test_a_document_that_can_not_be_read_is_tried_again_so_many_times() -> None:
    one = document()
    for _ in range(2):
        one.take(LEASE, AT)
        one.put_off("it died", AT, 3)
        assert one.status is DocumentStatus.WAITING
        assert one.due_at
        assert one.due_at > AT
    one.take(LEASE, AT)
    one.put_off("it died", AT, 3)
    assert (one.status, one.attempts) == (DocumentStatus.FAILED, 3)
    one.try_again()
    assert (one.status, one.attempts) == (DocumentStatus.WAITING, 0)


def test_who_looked_at_an_older_version_looks_again() -> None:
    one = document()
    with pytest.raises(DocumentChanged):
        one.must_be_at({2})
