"""Tables of the arrival rules, and of what was counted at the door and is on no books yet."""

from sqlalchemy import Boolean, Column, Index, Integer, Numeric, Table, Text, Uuid, text

from inventory.database import metadata
from servicekit.tables import Moment

# A copy of purchasing's unposted receipts: what is posted or cancelled leaves it.
unposted_line = Table(
    "unposted_receipt_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("receipt_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("quantity", Numeric(18, 6), nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("audited", Boolean, nullable=False),
    Index("ix_unposted_receipt_line_site_id_item_id", "site_id", "item_id"),
)

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
