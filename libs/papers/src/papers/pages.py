"""Pages to print: a document with its QR code, its lines, and room for those who sign."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from papers.labels import label

STYLE = """
@page { margin: 15mm }
body { font: 11pt sans-serif; color: #000 }
header { display: flex; justify-content: space-between }
header svg { width: 32mm; height: 32mm }
table { border-collapse: collapse; width: 100%; margin: 6mm 0 }
th, td { border: 1px solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top }
thead { display: table-header-group }
tr { break-inside: avoid }
.signatures { display: flex; gap: 8mm; margin-top: 12mm; break-inside: avoid }
.signatures div { flex: 1; border-top: 1px solid #000; padding-top: 1mm; min-height: 10mm }
"""


@dataclass(frozen=True)
class Paper:
    """What a page says: every text as it is, nothing of it is HTML yet.

    `code` is what the QR code says. A fact that is empty is left out; of `signatures`, each has
    the name of who signed already, or None where somebody is to sign.
    """

    title: str
    number: str
    code: str
    facts: Mapping[str, str | None]
    heads: Sequence[str]
    rows: Iterable[Sequence[str]]
    signatures: Mapping[str, str | None]


def page(paper: Paper) -> str:
    """Write the paper as HTML that needs nothing else: no script, no picture, no font."""
    facts = (f"{name}: {escape(said)}" for name, said in paper.facts.items() if said)
    heads = "".join(f"<th>{escape(head)}</th>" for head in paper.heads)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(paper.number)}</title><style>{STYLE}</style></head><body>"
        f"<header><div><h1>{escape(paper.title)} {escape(paper.number)}</h1>"
        f"<p>{'<br>'.join(facts)}</p></div>{label(paper.code, paper.number)}</header>"
        f"<table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(_row(cells) for cells in paper.rows)}</tbody></table>"
        f"{_signatures(paper.signatures)}</body></html>"
    )


def _row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _signatures(signed: Mapping[str, str | None]) -> str:
    people = (f"<div>{escape(role)}<br>{escape(who or '')}</div>" for role, who in signed.items())
    return f'<div class="signatures">{"".join(people)}</div>'
