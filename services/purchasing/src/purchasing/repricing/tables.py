"""Corrections of prices with their lines."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import relationship

from purchasing.database import Choice, Money, Quantity, mapper, metadata
from purchasing.repricing.domain import (
    Repricing,
    RepricingCause,
    RepricingLine,
    RepricingStatus,
)
from servicekit.tables import Moment

repricings = Table(
    "repricing",
    metadata,
    Column("repricing_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), nullable=False),
    Column("receipt_number", Text, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("books_currency", Text, nullable=False),
    Column("cause", Choice(RepricingCause), nullable=False),
    Column("document", Text, nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("status", Choice(RepricingStatus), nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Column("reason", Text),
    UniqueConstraint("number"),
    CheckConstraint("status in ('proposed', 'applied', 'dropped')", name="status_is_known"),
    CheckConstraint(
        "status <> 'applied' or decided_by <> proposed_by", name="a_second_person_approved"
    ),
    Index("ix_repricing_receipt_id_repricing_id", "receipt_id", "repricing_id"),
    # One at a time: the price it starts from stays as it is until it is decided.
    Index(
        "uq_repricing_proposed",
        "receipt_id",
        unique=True,
        postgresql_where=text("status = 'proposed'"),
    ),
)

repricing_lines = Table(
    "repricing_line",
    metadata,
    Column("repricing_id", Uuid, ForeignKey("repricing.repricing_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("unit_cost_before", Quantity, nullable=False),
    Column("unit_cost", Quantity, nullable=False),
    *(
        Column(f"{name}_change", Money, nullable=False)
        for name in ("net", "tax", "books_net", "books_tax")
    ),
    CheckConstraint("unit_cost > 0", name="unit_cost_is_positive"),
)

mapper.map_imperatively(RepricingLine, repricing_lines)
mapper.map_imperatively(
    Repricing,
    repricings,
    properties={
        "lines": relationship(RepricingLine, order_by=repricing_lines.c.line_no, lazy="selectin")
    },
)
