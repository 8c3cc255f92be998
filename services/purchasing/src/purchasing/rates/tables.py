"""Exchange rates."""

from sqlalchemy import CheckConstraint, Column, Table, Text

from purchasing.database import Quantity, mapper, metadata
from purchasing.rates.domain import ExchangeRate
from servicekit.tables import Moment

exchange_rates = Table(
    "exchange_rate",
    metadata,
    Column("currency", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("rate", Quantity, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("used_at", Moment),
    CheckConstraint("rate > 0", name="rate_is_positive"),
)

mapper.map_imperatively(ExchangeRate, exchange_rates)
