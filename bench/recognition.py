"""`recognition`: how many fields of made-up invoices are read right, form by form, and how fast.

Every document is read as in production: by a child process with its bounds, one at a time. A field
is right if it is what was written, to the last character, and is counted as surely wrong if it is
wrong although the checks leave it in no doubt: nobody would look at it.
"""

import asyncio
import time
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from bench import invoices, report
from bench.figures import spread
from bench.invoices import Invoice
from invoice_reading.amounts import words_of
from invoice_reading.model import Unreadable
from invoice_reading.sandbox import Bounds, Broken, read_apart
from purchasing.recognition.domain import doubts_of, judge

Json = dict[str, Any]
CONFIDENCE_MIN = Decimal("0.85")
TURNS = (0, 90, 180, 270, 2.5, -3, 178)


def picture(invoice: Invoice, seed: int) -> bytes:
    """Return a picture: turned, noisy or small, as the seed has it."""
    return invoices.as_picture(
        invoice,
        turn=TURNS[seed % len(TURNS)],
        noise=(0, 0, 60)[seed % 3],
        pixels_per_mm=(8, 6, 5)[seed // 2 % 3],
        media=("JPEG", "PNG")[seed % 2],
    )


def scan(invoice: Invoice, seed: int) -> bytes:
    """Return a scan: turned or noisy, as the seed has it."""
    return invoices.as_scan(invoice, turn=TURNS[seed % len(TURNS)], noise=(0, 40)[seed % 2])


FORMS: dict[str, Callable[[Invoice, int], bytes]] = {
    "xml": lambda invoice, _: invoices.as_xml(invoice),
    "ofd": lambda invoice, seed: invoices.as_ofd(invoice, attached=seed % 4 == 0),
    "pdf": lambda invoice, _: invoices.as_pdf(invoice),
    "scan": scan,
    "picture": picture,
}


def made(form: str, seed: int) -> Invoice:
    """Return an invoice: old or new, long or short, with a discount or a wrong total."""
    # What has no code has no older form; a picture shows one page.
    digital = form == "xml" or (form == "ofd" and seed % 4 == 0) or seed % 3 != 0
    lines = {"scan": (0, 0, 0, 10, 20), "picture": (0, 0, 0, 10, 14)}.get(form, (0, 1, 10, 16, 40))
    invoice = invoices.make(5000 + seed, lines[seed % 5], digital=digital, discount=seed % 4 == 1)
    return invoices.wrong_total(invoice) if seed % 10 == 7 else invoice


def run(options: Namespace) -> int:
    """Read so many documents of each form."""
    legs = [asyncio.run(leg(form, seed)) for form in FORMS for seed in range(options.documents)]
    document = report.compose(
        "recognition", {"documents": options.documents}, figures_of(legs), legs
    )
    place = report.write(document)
    show(document)
    print(f"written to {place}")
    return 0


async def leg(form: str, seed: int) -> Json:
    """Read one document and compare it with what was written."""
    invoice = made(form, seed)
    data = FORMS[form](invoice, seed)
    began, read = time.monotonic(), {}
    try:
        read = dict(await read_apart(data, Bounds(seconds=300)))
    except (Unreadable, Broken) as error:
        failure = repr(error)
    else:
        failure = ""
    seconds = time.monotonic() - began
    told = {"how": form, "seed": seed, "seconds": round(seconds, 2), "failure": failure}
    return told | compared(read, invoice)


def compared(read: Mapping[str, Any], invoice: Invoice) -> Json:
    """Return which fields are right, and which are wrong with and without a doubt."""
    sure, fields = judged(read) if read else (set(), {})
    right, wrong, surely_wrong = Counter[str](), Counter[str](), Counter[str]()
    for path, value in expected(invoice):
        name = path.rpartition(".")[2] if path.startswith("lines.") else path
        name = f"line {name}" if path.startswith("lines.") else name
        if fields.get(path) == value:
            right[name] += 1
        else:
            wrong[name] += 1
            surely_wrong[name] += path in sure
    return {"right": right, "wrong": wrong, "surely_wrong": surely_wrong}


def judged(read: Mapping[str, Any]) -> tuple[set[str], dict[str, str]]:
    """Return the paths that nobody would look at, and the values of all."""
    words = str(read["head"].get("total_in_words", {}).get("value", ""))
    one = judge(read, words_of(words))
    fields = {path: field["value"] for path, field in one["head"].items()}
    for line_no, line in enumerate(one["lines"], start=1):
        fields |= {f"lines.{line_no}.{name}": field["value"] for name, field in line.items()}
    return set(fields) - set(doubts_of(one, CONFIDENCE_MIN)), fields


def expected(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """Return what stands on the invoice, by paths."""
    yield from invoice.head.items()
    for line_no, line in enumerate(invoice.lines, start=1):
        for name, value in vars(line).items():
            if value:
                yield f"lines.{line_no}.{name}", value


def figures_of(legs: list[Json]) -> Json:
    """Return the shares by form and field."""
    return {form: _figures([leg for leg in legs if leg["how"] == form]) for form in FORMS}


def _figures(legs: list[Json]) -> Json:
    right, whole, sure = Counter[str](), Counter[str](), Counter[str]()
    for one in legs:
        right.update(one["right"])
        whole.update(one["right"])
        whole.update(one["wrong"])
        sure.update(one["surely_wrong"])
    fields: dict[str, float] = defaultdict(float)
    fields |= {name: round(right[name] / count, 4) for name, count in whole.items()}
    return {
        "documents": len(legs),
        "documents_all_right": sum(not one["wrong"].total() for one in legs),
        "unread": sum(bool(one["failure"]) for one in legs),
        "fields": whole.total(),
        "right": round(right.total() / whole.total(), 4),
        "surely_wrong": sure.total(),
        "by_field": dict(fields),
        "seconds": spread([one["seconds"] for one in legs]),
    }


def show(document: Json) -> None:
    """Print the tables."""
    figures = document["figures"]
    heads = ("form", "documents", "all right", "fields", "right %", "surely wrong", "seconds")
    rows = [
        (
            form,
            *(one[name] for name in ("documents", "documents_all_right", "fields")),
            f"{one['right'] * 100:.2f}",
            one["surely_wrong"],
            one["seconds"],
        )
        for form, one in figures.items()
    ]
    report.show("recognition", heads, rows)
    names = list(dict.fromkeys(name for one in figures.values() for name in one["by_field"]))
    shares = [
        (name, *(f"{one['by_field'].get(name, 1) * 100:.1f}" for one in figures.values()))
        for name in names
    ]
    report.show("right by field, %", ("field", *figures), shares)
