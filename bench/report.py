"""Results as a file for machines and as a table for people."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.machine import machine, versions
from bench.rig import ROOT
from devstack.files import write_json
from servicekit.clock import now

Json = dict[str, Any]
FILE_WIDTH = 120


def compose(name: str, settings: Json, figures: Json, legs: Sequence[Json]) -> Json:
    """Return the document of a run."""
    return {
        "benchmark": name,
        "at": now().isoformat(timespec="seconds"),
        "figures": figures,
        "disturbed": [
            f"{leg.get('scenario', leg.get('how'))}, round {leg['round']}"
            for leg in legs
            if leg.get("disturbed") and not leg.get("discarded")
        ],
        "legs": list(legs),
        "settings": settings,
        "machine": machine(),
        "versions": versions(),
    }


def write(document: Json) -> Path:
    """Write it to its place, over the one of the run before."""
    place = ROOT / f"{document['benchmark']}.json"
    write_json(place, document)
    return place


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left")
    for head in heads:
        table.add_column(head, justify="left" if head == heads[0] else "right")
    for row in rows:
        table.add_row(*(text(cell) for cell in row))
    console = Console()
    # Written to a file or through a pipe there is no terminal whose width would matter.
    console.width = max(console.width, 80) if console.is_terminal else FILE_WIDTH
    console.print(table)


def text(cell: object) -> str:
    """Write a cell: a median with its range, a number, or whatever it is."""
    match cell:
        case {"median": middle, "min": low, "max": high} if low == high:
            return number(middle)
        case {"median": middle, "min": low, "max": high}:
            return f"{number(middle)} ({number(low)} to {number(high)})"
        case float() | int():
            return number(cell)
        case None:
            return "-"
    return str(cell)


def number(value: float) -> str:
    """Write a number with as many digits as mean something."""
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
