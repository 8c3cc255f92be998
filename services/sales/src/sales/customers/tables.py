"""Customers."""

from sqlalchemy import Column, DateTime, Table, Text

from sales.customers.domain import Customer
from sales.database import mapper, metadata

customers = Table(
    "customer",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

mapper.map_imperatively(Customer, customers)
