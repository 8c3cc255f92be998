"""Tables of the arrival rules."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, text

from inventory.database import metadata
from servicekit.tables import Moment

arrival_rule = Table(
    "arrival_rule",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("rule_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("priority", Integer, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("supplier_id", Text),
    Column("category", Text),
    Column("item_id", Text),
    Column("days_left_from", Integer),
    Column("days_left_below", Integer),
    Column("active", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("retired_at", Moment),
    # Ledger entries name versions, so all are kept; only the last one of each rule decides.
    Index(
        "uq_arrival_rule_current",
        "site_id",
        "rule_id",
        unique=True,
        postgresql_where=text("retired_at is null"),
    ),
)
