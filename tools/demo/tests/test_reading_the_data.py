"""The data as they are, and made-up ones with what is odd in them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from demo.data import (
    baskets_of,
    busiest_stores,
    data_folder,
    product_of,
    read_products,
    read_sales,
)
from demo.errors import DemoError
from demo.plan import needs, offer, unit_costs

EARLY, LATE = datetime(2017, 1, 9, 8), datetime(2017, 1, 9, 9)  # noqa: DTZ001 - as in the data
FUEL = 27_632


def sales(*rows: tuple[int, int, int, int, float, datetime]) -> Any:
    """Return sales lines (store, basket, product, quantity, value, moment) as a table."""
    names = ["store_id", "basket_id", "product_id", "quantity", "sales_value"]
    columns = dict(zip([*names, "transaction_timestamp"], zip(*rows, strict=True), strict=True))
    moments = pa.array(columns.pop("transaction_timestamp"), pa.timestamp("ns"))
    return pa.table({**columns, "transaction_timestamp": moments})


def test_baskets_come_in_the_order_in_which_they_were_bought() -> None:
    table = sales((1, 11, 5, 1, 1.0, LATE), (2, 12, 5, 1, 1.0, EARLY), (1, 10, 5, 1, 1.0, LATE))
    assert [basket.basket_id for basket in baskets_of(table)] == [12, 10, 11]


def test_the_lines_of_a_basket_stay_together() -> None:
    table = sales((1, 10, 6, 2, 3.0, EARLY), (1, 11, 6, 1, 1.5, EARLY), (1, 10, 5, 1, 0.99, EARLY))
    first, second = baskets_of(table)
    assert [line.item_id for line in first.lines] == ["5", "6"]
    assert (first.units, first.cents, second.cents) == (3, 399, 150)


def test_values_become_whole_cents_whatever_binary_fractions_did_to_them() -> None:
    (basket,) = baskets_of(sales((1, 10, 5, FUEL, 58.000000001, EARLY), (1, 10, 6, 1, 0.29, EARLY)))
    assert [(line.quantity, line.cents) for line in basket.lines] == [(FUEL, 5800), (1, 29)]


def test_a_value_that_is_no_whole_cent_is_an_error_and_not_rounded_away() -> None:
    with pytest.raises(DemoError, match="whole number of cents"):
        baskets_of(sales((1, 10, 5, 1, 0.295, EARLY)))


def test_weeks_without_sales_are_an_error_that_says_which_weeks_there_are(tmp_path: Path) -> None:
    table = sales((1, 10, 5, 1, 1.0, EARLY)).append_column("week", pa.array([2]))
    pq.write_table(table, tmp_path / "transactions.parquet")
    assert read_sales([1, 2], tmp_path).num_rows == 1
    with pytest.raises(DemoError) as error:
        read_sales([60], tmp_path)
    assert "1 to 53" in error.value.advice


def test_a_product_without_category_or_name_is_sold_all_the_same() -> None:
    bare = product_of(7, {"product_type": None, "brand": None, "product_category": None})
    assert (bare.name, bare.category) == ("Product 7", None)
    assert product_of(8, {}).name == "Product 8"


def test_a_product_is_called_by_its_type_brand_and_size() -> None:
    row = {"product_type": "BAGELS", "brand": "Private", "package_size": "18 OZ"}
    assert product_of(7, {**row, "product_category": "BREAD"}).name == "BAGELS, Private, 18 OZ"
    assert product_of(7, {**row, "product_category": "BREAD"}).category == "BREAD"


def test_the_busiest_stores_are_those_with_the_most_baskets() -> None:
    table = sales(*[(store, 10 * store + n, 5, 1, 1.0, EARLY) for store in (1, 2, 3) for n in (1,)])
    more = sales((2, 91, 5, 1, 1.0, LATE), (3, 92, 5, 1, 1.0, LATE), (3, 93, 5, 1, 1.0, LATE))
    baskets = baskets_of(pa.concat_tables([table, more]))
    assert busiest_stores(baskets, 2) == {"2", "3"}


def test_week_2_of_the_real_chain_is_what_the_demo_says_it_is() -> None:
    table = read_sales([2])
    baskets = baskets_of(table)
    made = offer(baskets)
    assert (table.num_rows, len(baskets)) == (31_454, 2_919)
    assert len({basket.site_id for basket in baskets}) == 138
    lines = [line for basket in baskets for line in basket.lines]
    items = {line.item_id for line in lines}
    assert len(items) == 12_002
    assert sum(line.quantity == 0 for line in lines) == 147
    assert sum(line.cents == 0 for line in lines) == 166
    assert max(line.quantity for line in lines) == FUEL
    assert all(len({x.item_id for x in one.lines}) == len(one.lines) for one in baskets)
    pairs = {(basket.site_id, line.item_id) for basket in baskets for line in basket.lines}
    assert len(pairs) == 28_640
    assert made.lines_left_out == {"quantity_zero": 147}
    assert len(made.orders) + made.baskets_left_out.total() == 2_919
    assert made.lines == 31_454 - 147
    assert set(needs(made.orders)) <= pairs
    assert set(unit_costs(made.orders)) <= items
    products = read_products(items)
    assert len(products) == 12_002
    assert 0 < sum(product.category is None for product in products) < 100
    assert data_folder().is_dir()
