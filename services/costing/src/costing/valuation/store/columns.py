"""Statements whose parameters are columns: one array each, however many rows there are."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, Text, Uuid, bindparam, text
from sqlalchemy.sql.elements import TextClause

from costing.valuation.domain.movement import EntryKey, Stream
from costing.valuation.tables import Fine, Money, Quantity
from servicekit.tables import Moment

TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("sites", "items", "kinds", "numbers", "reasons", "batches"), Text),
    **dict.fromkeys(("to_sites", "to_warehouses", "dispatch_sites", "payloads"), Text),
    **dict.fromkeys(("sequences", "reverses", "dispatches"), BigInteger),
    **dict.fromkeys(("quantities", "quantities_after", "unit_costs"), Quantity),
    **dict.fromkeys(("arrived_quantities", "returned_quantities"), Quantity),
    **dict.fromkeys(("values", "values_after", "variances"), Money),
    **dict.fromkeys(("arrived_values", "returned_values"), Money),
    **dict.fromkeys(("documents", "orders"), Uuid),
    "lines": Integer,
    "rests": Fine,
    "moments": Moment,
}
Columns = dict[str, list[Any]]


def arrays(statement: str) -> TextClause:
    """Return a statement that takes a list for each column it names."""
    made = text(statement)
    used = [name for name in made.compile().params if name in TYPES]
    return made.bindparams(*(bindparam(name, type_=ARRAY(TYPES[name])) for name in used))


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
