"""Suppliers."""

from sqlalchemy import CheckConstraint, Column, DateTime, Numeric, Table, Text

from purchasing.database import mapper, metadata
from purchasing.suppliers.domain import Supplier

suppliers = Table(
    "supplier",
    metadata,
    Column("supplier_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("over_receipt_percent", Numeric(5, 2), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("over_receipt_percent between 0 and 100", name="tolerance_is_a_share"),
)

mapper.map_imperatively(Supplier, suppliers)
