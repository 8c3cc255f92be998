"""What the benchmark of reading counts as right, as wrong, and as wrong without a doubt."""

from typing import Any

from bench import invoices
from bench.recognition import compared, places_of


def field(value: str) -> dict[str, Any]:
    return {"value": value, "confidence": "0.97", "page": 1, "box": None}


def read(invoice: invoices.Invoice, form: str) -> dict[str, Any]:
    """Return a reading in which all is right."""
    lines = [
        {name: field(text) for name, text in vars(line).items() if text} for line in invoice.lines
    ]
    head = {name: field(text) for name, text in invoice.head.items()}
    return {"form": form, "head": head, "lines": lines, "code_says": {}}


def test_what_is_right_and_asked_for_all_the_same_is_counted_apart() -> None:
    invoice = invoices.make(1, 2)
    told = compared(read(invoice, "picture"), invoice)
    assert (told["wrong"].total(), told["surely_wrong"].total()) == (0, 0)
    assert told["asked_in_vain"]["line name"] == 2
    assert compared(read(invoice, "pdf"), invoice)["asked_in_vain"].total() == 0


def test_a_wrong_name_is_surely_wrong_where_nobody_would_look() -> None:
    invoice = invoices.make(1, 2)
    for form, sure in (("pdf", 1), ("picture", 0)):
        told = read(invoice, form)
        told["lines"][0]["name"] = field("*水果*梨")
        assert compared(told, invoice)["surely_wrong"].total() == sure


def test_a_line_that_was_missed_spoils_no_other_and_the_sum_tells_of_it() -> None:
    invoice = invoices.make(1, 3)
    told = read(invoice, "picture")
    del told["lines"][1]
    counted = compared(told, invoice)
    assert counted["wrong"].total() == len([one for one in vars(invoice.lines[1]).values() if one])
    assert counted["surely_wrong"].total() == 0


def test_lines_are_told_apart_by_their_amounts_where_some_are_missing() -> None:
    assert places_of(["1", "2"], ["1", "9"]) == {1: 1, 2: 2}
    assert places_of(["1", "2", "3"], ["1", "3"]) == {1: 1, 3: 2}


def test_of_what_could_not_be_read_all_is_wrong_and_nothing_surely() -> None:
    invoice = invoices.make(1, 1)
    told = compared({}, invoice)
    assert told["right"].total() == 0
    assert told["surely_wrong"].total() == 0
