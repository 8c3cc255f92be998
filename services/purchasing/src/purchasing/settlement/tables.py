"""What suppliers said about receipts, accruals, and the rates of VAT."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

from purchasing.database import Choice, Money, Percent, Quantity, mapper, metadata
from purchasing.settlement.domain import (
    Accrual,
    AccrualCause,
    AccrualLine,
    AccrualStatus,
    Confirmation,
    ConfirmationLine,
    ConfirmationStatus,
    ConfirmationStep,
    Correction,
    DisputeReason,
    LineVerdict,
)
from servicekit.tables import Moment

vat_rates = Table(
    "vat_rate",
    metadata,
    Column("percent", Percent, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("name", Text, nullable=False),
    Column("general", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("percent between 0 and 100", name="percent_is_a_share"),
)

supplier_vat_rates = Table(
    "supplier_vat_rate",
    metadata,
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), primary_key=True),
    Column("percent", Percent, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
)

# Goods of one supplier may be under several rates: grain and what is made of it.
supplier_item_vat_rates = Table(
    "supplier_item_vat_rate",
    metadata,
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("percent", Percent, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
)

confirmations = Table(
    "receipt_confirmation",
    metadata,
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), primary_key=True),
    Column("number", Text, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("status", Choice(ConfirmationStatus), nullable=False),
    Column("confirmed_at", Moment),
    Column("confirmed_by", Text),
    CheckConstraint("status in ('open', 'disputed', 'confirmed')", name="status_is_known"),
)

confirmation_lines = Table(
    "receipt_confirmation_line",
    metadata,
    Column("receipt_id", Uuid, ForeignKey("receipt_confirmation.receipt_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("recorded", Quantity, nullable=False),
    Column("verdict", Choice(LineVerdict), nullable=False),
    Column("reason", Choice(DisputeReason)),
    Column("claimed", Quantity),
)

confirmation_steps = Table(
    "receipt_confirmation_step",
    metadata,
    Column("receipt_id", Uuid, ForeignKey("receipt_confirmation.receipt_id"), primary_key=True),
    Column("step_no", Integer, primary_key=True),
    Column("line_no", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("verdict", Choice(LineVerdict), nullable=False),
    Column("reason", Choice(DisputeReason)),
    Column("claimed", Quantity),
    Column("note", Text),
    Column("correction", Choice(Correction)),
    Column("correction_quantity", Quantity),
)

accruals = Table(
    "accrual",
    metadata,
    Column("accrual_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), nullable=False),
    Column("receipt_number", Text, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("cause", Choice(AccrualCause), nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("books_currency", Text, nullable=False),
    Column("rate", Quantity),
    Column("return_id", Uuid),
    *(
        Column(f"{prefix}{name}", Money, nullable=False)
        for prefix in ("", "open_")
        for name in ("net", "tax", "books_net", "books_tax")
    ),
    Column("status", Choice(AccrualStatus), nullable=False),
    Column("cleared_at", Moment),
    UniqueConstraint("number"),
    CheckConstraint("status in ('open', 'cleared')", name="status_is_known"),
    # A receipt is owed for once; claims for what went back of it stand beside that.
    Index(
        "uq_accrual_owed",
        "receipt_id",
        unique=True,
        postgresql_where=text("return_id is null"),
    ),
    Index("uq_accrual_return_id", "return_id", unique=True),
    Index("ix_accrual_receipt_id", "receipt_id"),
    Index("ix_accrual_supplier_id_accrual_id", "supplier_id", "accrual_id"),
    Index("ix_accrual_period_site_id", "period", "site_id"),
)

accrual_lines = Table(
    "accrual_line",
    metadata,
    Column("accrual_id", Uuid, ForeignKey("accrual.accrual_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("tax_percent", Percent, nullable=False),
    *(
        Column(f"{prefix}{name}", Money, nullable=False)
        for prefix in ("", "cleared_")
        for name in ("net", "tax", "books_net", "books_tax")
    ),
    Column("cleared_quantity", Quantity, nullable=False),
    CheckConstraint("cleared_quantity between 0 and quantity", name="no_more_is_cleared_than_owed"),
)

mapper.map_imperatively(ConfirmationLine, confirmation_lines)
mapper.map_imperatively(ConfirmationStep, confirmation_steps)
mapper.map_imperatively(
    Confirmation,
    confirmations,
    properties={
        "lines": relationship(
            ConfirmationLine, order_by=confirmation_lines.c.line_no, lazy="selectin"
        ),
        "steps": relationship(
            ConfirmationStep, order_by=confirmation_steps.c.step_no, lazy="selectin"
        ),
    },
)
mapper.map_imperatively(AccrualLine, accrual_lines)
mapper.map_imperatively(
    Accrual,
    accruals,
    properties={
        "lines": relationship(AccrualLine, order_by=accrual_lines.c.line_no, lazy="selectin")
    },
)
