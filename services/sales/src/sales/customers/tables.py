"""Customers."""

from sqlalchemy import Column, Table, Text

from sales.customers.domain import Customer
from sales.database import mapper, metadata
from servicekit.tables import Moment

customers = Table(
    "customer",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

mapper.map_imperatively(Customer, customers)
