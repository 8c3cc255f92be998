"""Statements whose parameters are columns: one array each, however many rows there are."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, Uuid

from costing.valuation.domain.movement import EntryKey, Stream
from costing.valuation.tables import Fine, Money, Quantity
from servicekit.columns import Kind, statement
from servicekit.tables import Moment

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("sites", "items", "kinds", "numbers", "reasons", "batches"), Text),
    **dict.fromkeys(("to_sites", "to_warehouses", "dispatch_sites", "payloads"), Text),
    **dict.fromkeys(("sequences", "reverses", "dispatches", "origins"), BigInteger),
    **dict.fromkeys(("quantities", "quantities_after", "unit_costs"), Quantity),
    **dict.fromkeys(("arrived_quantities", "returned_quantities"), Quantity),
    **dict.fromkeys(("values", "values_after", "variances", "costs_of_sales"), Money),
    **dict.fromkeys(("arrived_values", "returned_values"), Money),
    **dict.fromkeys(("documents", "orders"), Uuid),
    "lines": Integer,
    "rests": Fine,
    "moments": Moment,
}
Columns = dict[str, list[Any]]


over = partial(statement, vocabulary=KINDS)
"""Make a statement over columns of these names."""


def stream_columns(streams: Iterable[Stream]) -> Columns:
    """Return the columns that name streams."""
    pairs = list(streams)
    return {"sites": [site for site, _ in pairs], "items": [item for _, item in pairs]}


def key_columns(keys: Iterable[EntryKey]) -> Columns:
    """Return the columns that name entries."""
    given = list(keys)
    return {
        "sites": [site for site, _, _ in given],
        "items": [item for _, item, _ in given],
        "sequences": [sequence for _, _, sequence in given],
    }
