"""Suppliers, and who acts for them."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Numeric, Table, Text

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

portal_users = Table(
    "portal_user",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
    Index("ix_portal_user_supplier_id_subject", "supplier_id", "subject"),
)

mapper.map_imperatively(Supplier, suppliers)
