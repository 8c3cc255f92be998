"""Customers, and what was known of them before."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, text

from sales.customers.domain import Customer, CustomerKind
from sales.database import Choice, Money, mapper, metadata
from servicekit.tables import Moment

customers = Table(
    "customer",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("kind", Choice(CustomerKind), nullable=False, server_default="outside"),
    Column("site_id", Text),
    Column("credit_limit", Money, nullable=False, server_default=text("0")),
    Column("terms_days", Integer, nullable=False, server_default=text("0")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("kind in ('outside', 'own_shop')", name="kind_is_known"),
    CheckConstraint("(kind = 'own_shop') = (site_id is not null)", name="own_shops_are_sites"),
    CheckConstraint("credit_limit >= 0 and terms_days >= 0", name="terms_are_not_negative"),
)

versions = Table(
    "customer_version",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Choice(CustomerKind), nullable=False),
    Column("site_id", Text),
    Column("credit_limit", Money, nullable=False),
    Column("terms_days", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", Text, nullable=False),
)

mapper.map_imperatively(Customer, customers)
