"""C4: pictures are read in a process of their own, which can take no more than it is given."""

from typing import Any

import pytest

from bench import invoices
from bench.invoices import Invoice
from invoice_reading.model import Unreadable
from invoice_reading.sandbox import Bounds, Broken, read_apart

BOUNDS = Bounds(seconds=120)


def right(told: Any, invoice: Invoice) -> float:
    """Return the share of fields that were read as they stand there."""
    pairs = [(told["head"].get(name), value) for name, value in invoice.head.items()]
    for at, line in enumerate(invoice.lines):
        found = told["lines"][at] if at < len(told["lines"]) else {}
        pairs += [(found.get(name), value) for name, value in vars(line).items() if value]
    return sum(seen is not None and seen["value"] == value for seen, value in pairs) / len(pairs)


async def test_a_picture_that_lies_askew_and_upside_down_is_read() -> None:
    """C4."""
    invoice = invoices.make(11, 3)
    picture = invoices.as_picture(invoice, turn=183, pixels_per_mm=6.5)
    told = await read_apart(picture, BOUNDS)
    assert told["form"] == "picture"
    assert 170 < float(told["turned"]) < 190
    assert right(told, invoice) > 0.9
    assert told["head"]["total"]["value"] == invoice.total


async def test_a_scan_on_its_side_is_read() -> None:
    """C4: a PDF without text."""
    invoice = invoices.make(12, 2, digital=False)
    told = await read_apart(invoices.as_scan(invoice, turn=90), BOUNDS)
    assert (told["form"], told["head"]["code"]["value"]) == ("scan", invoice.code)
    assert right(told, invoice) > 0.9


async def test_why_a_file_is_refused_comes_out_of_the_process() -> None:
    with pytest.raises(Unreadable) as refused:
        await read_apart(b"<a>no invoice</a>", BOUNDS)
    assert refused.value.code == "not_an_invoice"


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    picture = invoices.as_picture(invoices.make(1, 16))
    with pytest.raises(Broken):
        await read_apart(picture, Bounds(seconds=1))


async def test_a_file_that_wants_too_much_memory_takes_down_its_own_process_only() -> None:
    picture = invoices.as_picture(invoices.make(1, 16))
    with pytest.raises((Broken, Unreadable)):
        await read_apart(picture, Bounds(memory_mb=300))
