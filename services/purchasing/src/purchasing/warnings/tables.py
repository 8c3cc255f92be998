"""Warnings, how far they went and when, and who has read them."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from purchasing.database import Choice, metadata
from purchasing.warnings.domain import WarningCause
from servicekit.tables import Moment

CAUSES = ", ".join(f"'{one.value}'" for one in WarningCause)

warnings = Table(
    "warning",
    metadata,
    Column("warning_id", Uuid, primary_key=True),
    Column("cause", Choice(WarningCause), nullable=False),
    Column("severity", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("document_kind", Text, nullable=False),
    Column("document_id", Uuid, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("level", Integer, nullable=False),
    # Of all levels so far: who was told once sees what becomes of it.
    Column("roles", ARRAY(Text), nullable=False),
    Column("since", Moment, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("cleared_at", Moment),
    CheckConstraint(f"cause in ({CAUSES})", name="cause_is_known"),
    Index("ix_warning_raised_at_warning_id", "raised_at", "warning_id"),
    Index(
        "ix_warning_open",
        "raised_at",
        "warning_id",
        postgresql_where=text("cleared_at is null"),
    ),
)

warning_levels = Table(
    "warning_level",
    metadata,
    Column("warning_id", Uuid, ForeignKey("warning.warning_id"), primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("severity", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("at", Moment, nullable=False),
)

warning_reads = Table(
    "warning_read",
    metadata,
    Column("warning_id", Uuid, ForeignKey("warning.warning_id"), primary_key=True),
    Column("subject", Text, primary_key=True),
    # What was read on one level is news again on the next.
    Column("level", Integer, primary_key=True),
    Column("read_at", Moment, nullable=False),
)
