"""Proofs over the books, over HTTP."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Code, Total
from inventory.insight.queries import books as proofs
from inventory.settings import PROVING
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, query_router

queries = query_router("insight")

Prover = Annotated[Caller, Depends(allow(*PROVING))]


class Drift(BaseModel):
    """How many places differ; all zero means that the books agree with themselves."""

    ledger_balances: int
    reservations_allocated: int
    stream_sequences: int


class Difference(BaseModel):
    """A place where two sides that must be equal are not."""

    kind: str
    site_id: str
    item_id: str
    warehouse_id: str | None
    batch_id: str | None
    figure: str
    expected: Total
    found: Total


class BooksView(BaseModel):
    """Whether ledger, balances and reservations agree."""

    streams: int
    entries: int
    drift: Drift
    differences: list[Difference]


class TotalView(BaseModel):
    """What a site has of an item, in all its warehouses, as of entry `sequence`."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    quantity: Total
    sequence: int


def asked_sites(caller: Prover, site_id: Code | None = None) -> list[str] | None:
    """Return the site asked for, or all the caller may see; None means every site."""
    if site_id is not None:
        caller.must_cover(site_id)
        return [site_id]
    covered = caller.covered()
    return None if covered is None else sorted(covered)


AskedSites = Annotated[list[str] | None, Depends(asked_sites)]


@queries.get("/reports/books")
async def get_books(session: Session, sites: AskedSites) -> BooksView:
    """Prove that ledger, balances and reservations agree, or show where they don't."""
    counted = await proofs.counts(session, sites)
    compared = await proofs.compare(session, sites)
    differences = [
        Difference.model_validate({**row, "kind": kind})
        for kind, comparison in compared.items()
        for row in comparison.first
    ]
    return BooksView(
        streams=counted.streams,
        entries=counted.entries,
        drift=Drift(**{kind: comparison.count for kind, comparison in compared.items()}),
        differences=differences[: proofs.DIFFERENCES_MAX],
    )


@queries.get("/reports/totals")
async def get_totals(session: Session, paging: CurrentPaging, sites: AskedSites) -> Page[TotalView]:
    """List quantities by site and item."""
    rows = await proofs.totals(session, sites, paging.after(2), paging.limit + 1)
    views = [TotalView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.site_id, one.item_id])
