"""Rates of VAT and buyers: of both the newest word for one key counts."""

from sqlalchemy import CheckConstraint, Column, Date, Numeric, Table, Text

from sales.database import Choice, metadata
from sales.invoicing.domain import Scope
from servicekit.tables import Moment

vat_rates = Table(
    "output_vat_rate",
    metadata,
    Column("scope", Choice(Scope), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("percent", Numeric(5, 2), nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    CheckConstraint("percent between 0 and 100", name="percent"),
    CheckConstraint("(scope = 'general') = (name = '')", name="scope_is_named"),
)

buyers = Table(
    "invoice_buyer",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("tax_number", Text),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
)
