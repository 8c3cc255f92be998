"""Invoices are divided to the cent, and differ only by more than is allowed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from purchasing.invoices.domain import (
    Compared,
    Expected,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceMatch,
    InvoiceStatus,
    Link,
    MatchKind,
    MatchStatus,
    Tolerances,
    divide,
    line_differences,
)
from purchasing.invoices.domain.refusals import InvoiceDoesNotAddUp, NotInStatus

RECEIPT = UUID(int=1)


def line(line_no: int, net: str, quantity: str | None = "3", name: str = "tea") -> InvoiceLine:
    amount = Decimal(net)
    return InvoiceLine(
        line_no=line_no,
        name=name,
        unit=None,
        quantity=None if quantity is None else Decimal(quantity),
        unit_price=None,
        net=amount,
        tax_percent=Decimal(0),
        tax=Decimal(0),
    )


def invoice(*lines: InvoiceLine, **said: object) -> Invoice:
    net = sum((one.net for one in lines), Decimal(0))
    head = {
        "supplier_id": "acme",
        "kind": InvoiceKind.DIGITAL_SPECIAL,
        "code": "",
        "number": "26312000000000000001",
        "issued_on": date(2026, 11, 20),
        "seller_name": "Acme",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "CNY",
        "net": net,
        "tax": Decimal(0),
        "total": net,
        "document_id": None,
        "booked_at": datetime(2026, 11, 23, tzinfo=UTC),
        "booked_by": "fay",
    }
    return Invoice(invoice_id=uuid4(), lines=list(lines), **(head | said))


def link(quantity: str, invoice_line: int = 1) -> Link:
    return Link(
        invoice_line_no=invoice_line,
        receipt_id=RECEIPT,
        receipt_line_no=1,
        quantity=Decimal(quantity),
    )


def causes(quantity: str, net: str, tolerances: Tolerances, received: str = "10") -> list[str]:
    """Compare an invoiced quantity at a price with what was received at 10.00 each."""
    owed = Expected(quantity=Decimal(received), net=Decimal(received) * 10, tax_percent=Decimal(0))
    compared = Compared(line(1, net), link(quantity), Decimal(net), owed, owed)
    return [one.cause for one in line_differences(compared, tolerances)]


def test_what_a_line_costs_is_divided_without_a_cent_lost() -> None:
    parts = divide({1: Decimal("10.00"), 2: Decimal("5.00")}, [link("1"), link("1"), link("1")])
    assert parts == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]


@pytest.mark.parametrize(
    ("quantity", "net", "expected"),
    [
        ("10", "100.00", []),
        ("9", "90.00", []),
        ("10.5", "105.00", []),
        ("10.6", "106.00", ["quantity"]),
        ("10", "102.00", []),
        ("10", "102.01", ["price"]),
        ("10", "97.99", ["price"]),
        ("11", "120.00", ["quantity", "price"]),
    ],
)
def test_only_more_than_is_allowed_differs(quantity: str, net: str, expected: list[str]) -> None:
    """C4: at most 5 % of the quantity and 2 % of the price; to invoice less is a part."""
    assert causes(quantity, net, Tolerances(Decimal(5), Decimal(2), Decimal(0))) == expected


def test_without_tolerances_a_cent_is_rounding_and_two_are_not() -> None:
    assert causes("10", "100.01", Tolerances()) == []
    assert causes("10", "100.02", Tolerances()) == ["price"]


def test_of_goods_that_all_went_back_nothing_is_agreed() -> None:
    assert causes("10", "100.00", Tolerances(), received="0") == ["quantity", "price"]
    assert causes("10", "0.00", Tolerances(), received="0") == ["quantity"]


def test_what_was_reviewed_stays_so_in_other_words_and_under_another_tolerance() -> None:
    """C4: and whatever else differs by now is new."""
    stored: dict[str, object] = {
        "cause": "price",
        "invoice_line_no": 1,
        "receipt_id": str(RECEIPT),
        "receipt_line_no": 1,
        "invoiced": "130",
        "expected": "125",
        "allowed": "0.01",
        "clears_by": "as it was said before",
    }
    match = InvoiceMatch(
        match_id=uuid4(),
        invoice_id=uuid4(),
        kind=MatchKind.MATCH,
        status=MatchStatus.HELD,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        by="fay",
        differences=[stored],
    )
    reviewed = match.reviewed()
    match.differences = [{**stored, "allowed": "2.5", "clears_by": "as it is said now"}]
    assert reviewed.unseen(match) == []
    match.differences = [{**stored, "expected": "120"}]
    assert reviewed.unseen(match) == ["price 130, expected 120 (line 1)"]
    for change in ({"cause": "total"}, {"receipt_line_no": 2}, {"invoiced": "131"}):
        match.differences = [{**stored, **change}]
        assert len(reviewed.unseen(match)) == 1


def test_a_discount_belongs_to_the_line_before_it() -> None:
    shown = invoice(line(1, "30.00"), line(2, "-5.00", None), line(3, "7.00", name="rice"))
    assert shown.priced() == {1: Decimal("25.00"), 3: Decimal("7.00")}


def test_a_discount_on_nothing_stays_a_line_of_its_own() -> None:
    shown = invoice(line(1, "30.00"), line(2, "-5.00", None, name="rice"))
    assert shown.priced() == {1: Decimal("30.00"), 2: Decimal("-5.00")}


@pytest.mark.parametrize(
    "said",
    [
        {"seller_tax_id": "no"},
        {"net": Decimal(31), "total": Decimal(31)},
        {"lines": [line(1, "1000000000000.00")]},
        {"lines": [line(1, "30.00", "1000000000000")]},
        {"lines": [line(1, "30.001")], "net": Decimal("30.001"), "total": Decimal("30.001")},
    ],
)
def test_an_invoice_agrees_with_itself_or_is_refused(said: dict[str, object]) -> None:
    invoice(line(1, "30.00")).must_add_up()
    with pytest.raises(InvoiceDoesNotAddUp):
        invoice(*said.pop("lines", [line(1, "30.00")]), **said).must_add_up()


def test_steps_are_counted_and_taken_only_where_they_may_be() -> None:
    shown = invoice(line(1, "30.00"))
    shown.go(InvoiceStatus.HELD, InvoiceStatus.BOOKED)
    assert (shown.status, shown.version) == (InvoiceStatus.HELD, 2)
    with pytest.raises(NotInStatus):
        shown.go(InvoiceStatus.MATCHED, InvoiceStatus.BOOKED)
