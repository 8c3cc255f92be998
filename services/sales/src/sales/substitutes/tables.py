"""What lines of orders stand in for: written with the order, and never again."""

from sqlalchemy import Column, Integer, Table, Text, Uuid

from sales.database import metadata

line_substitutions = Table(
    "sales_order_line_substitution",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("substitute_for", Text, nullable=False),
)
