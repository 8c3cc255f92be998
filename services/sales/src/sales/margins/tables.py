"""What costing tells of what was sold: written once, in whatever order it comes."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, Uuid

from sales.database import Money, Quantity, metadata
from servicekit.tables import Moment

costs = Table(
    "cost_of_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("shipment_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("cost", Money, nullable=False),
    Column("costed_at", Moment, nullable=False),
    Index("ix_cost_of_line_stream", "site_id", "item_id", "sequence"),
)

returned_costs = Table(
    "cost_of_return",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("return_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("shipment_id", Uuid, nullable=False),
    Column("shipment_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("cost", Money, nullable=False),
    Column("costed_at", Moment, nullable=False),
    Index("ix_cost_of_return_shipment", "site_id", "shipment_id", "shipment_line_no"),
)

reversed_costs = Table(
    "cost_of_return_reversal",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("reversal_id", Uuid, nullable=False),
    Column("return_id", Uuid, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("shipment_id", Uuid, nullable=False),
    Column("shipment_line_no", Integer, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("cost", Money, nullable=False),
    Column("costed_at", Moment, nullable=False),
    Index("ix_cost_of_return_reversal_shipment", "site_id", "shipment_id", "shipment_line_no"),
)

corrections = Table(
    "cost_correction",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("receipt_sequence", BigInteger, nullable=False),
    Column("amount", Money, nullable=False),
    Column("cause", Text, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("costed_at", Moment, nullable=False),
)

shares = Table(
    "correction_share",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("shipment_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("amount", Money, nullable=False),
    Index("ix_correction_share_line", "site_id", "shipment_id", "line_no"),
)
