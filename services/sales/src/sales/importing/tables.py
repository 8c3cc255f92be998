"""Which orders came in as files, under which references."""

from sqlalchemy import Column, LargeBinary, Table, Text, Uuid

from sales.database import metadata
from servicekit.tables import Moment

order_imports = Table(
    "order_import",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("site_id", Text, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("imported_by", Text, nullable=False),
)
