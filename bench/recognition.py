"""`recognition`: how many fields of made-up invoices are read right, form by form, and how fast.

Every document is read as in production: by a child process with its bounds, one at a time. A field
is right if it is what was written, to the last character, and is counted as surely wrong if it is
wrong, or was not seen, although it is in no doubt: nobody would look at it. What is right and in
doubt all the same costs a person a look. The last three forms are pictures as they come from desks
and phones (`spoiling`): small, crooked, folded, stamped.
"""

import asyncio
import time
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from bench import invoices, report
from bench.figures import spread
from bench.invoices import Invoice
from bench.spoiling import HARMS, as_spoilt_picture
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
    **{harm: partial(as_spoilt_picture, harm) for harm in HARMS},
}


def made(form: str, seed: int) -> Invoice:
    """Return an invoice: old or new, long or short, with a discount or a wrong total."""
    # What has no code has no older form; a picture shows one page.
    digital = form == "xml" or (form == "ofd" and seed % 4 == 0) or seed % 3 != 0
    looked_at = dict.fromkeys(("picture", *HARMS), (0, 0, 0, 10, 14))
    lines = (looked_at | {"scan": (0, 0, 0, 10, 20)}).get(form, (0, 1, 10, 16, 40))
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
    """Return which fields are right, which are wrong with and without a doubt, and the doubts."""
    if not read:
        # A document that could not be read is entered by a person.
        wrong = Counter(placed(path, {})[1] for path, _ in expected(invoice))
        others = ("right", "surely_wrong", "asked_in_vain")
        return {"wrong": wrong} | {name: Counter[str]() for name in others}
    doubts, fields, places = judged(read, invoice)
    right, wrong, surely_wrong, asked = (Counter[str]() for _ in range(4))
    for path, written in expected(invoice):
        path, name = placed(path, places)
        if fields.get(path) == written:
            right[name] += 1
            asked[name] += path in doubts
        else:
            wrong[name] += 1
            surely_wrong[name] += path not in doubts
    return {"right": right, "wrong": wrong, "surely_wrong": surely_wrong, "asked_in_vain": asked}


def placed(path: str, places: Mapping[int, int]) -> tuple[str, str]:
    """Return where a field stands in what was read, and what it is called in the figures.

    A line that was not seen is in no doubt of its own: the sum of all lines is.
    """
    if not path.startswith("lines."):
        return path, path
    _, line_no, name = path.split(".")
    at = places.get(int(line_no))
    return ("net" if at is None else f"lines.{at}.{name}"), f"line {name}"


def judged(
    read: Mapping[str, Any], invoice: Invoice
) -> tuple[set[str], dict[str, str], dict[int, int]]:
    """Return what a person would be asked, the values of all fields, and the places of lines."""
    words = str(read["head"].get("total_in_words", {}).get("value", ""))
    one = judge(read, words_of(words))
    fields = {path: field["value"] for path, field in one["head"].items()}
    for line_no, line in enumerate(one["lines"], start=1):
        fields |= {f"lines.{line_no}.{name}": field["value"] for name, field in line.items()}
    written = [line.amount for line in invoice.lines]
    seen = [line.get("amount", {}).get("value", "") for line in one["lines"]]
    return set(doubts_of(one, CONFIDENCE_MIN)), fields, places_of(written, seen)


def places_of(written: Sequence[str], seen: Sequence[str]) -> dict[int, int]:
    """Return which line that was read is which that was written: one may have been missed."""
    if len(written) == len(seen):
        return {at: at for at in range(1, len(written) + 1)}
    blocks = SequenceMatcher(None, written, seen, autojunk=False).get_matching_blocks()
    return {one.a + at + 1: one.b + at + 1 for one in blocks for at in range(one.size)}


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
    right, whole, sure, asked = (Counter[str]() for _ in range(4))
    for one in legs:
        right.update(one["right"])
        whole.update(one["right"])
        whole.update(one["wrong"])
        sure.update(one["surely_wrong"])
        asked.update(one["asked_in_vain"])
    fields: dict[str, float] = defaultdict(float)
    fields |= {name: round(right[name] / count, 4) for name, count in whole.items()}
    return {
        "documents": len(legs),
        "documents_all_right": sum(not one["wrong"].total() for one in legs),
        "unread": sum(bool(one["failure"]) for one in legs),
        "fields": whole.total(),
        "right": round(right.total() / whole.total(), 4),
        "wrong": whole.total() - right.total(),
        "surely_wrong": sure.total(),
        "surely_wrong_by_field": dict(sure),
        "asked_in_vain": asked.total(),
        "by_field": dict(fields),
        "seconds": spread([one["seconds"] for one in legs]),
    }


def show(document: Json) -> None:
    """Print the tables."""
    figures = document["figures"]
    heads = (
        *("form", "documents", "all right", "fields", "right %"),
        *("wrong", "surely wrong", "right but asked", "seconds"),
    )
    rows = [
        (
            form,
            *(one[name] for name in ("documents", "documents_all_right", "fields")),
            f"{one['right'] * 100:.2f}",
            *(one[name] for name in ("wrong", "surely_wrong", "asked_in_vain", "seconds")),
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
