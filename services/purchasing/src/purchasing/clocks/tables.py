"""Clocks, those that run and those that stand."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    Interval,
    Table,
    Text,
    Uuid,
    text,
)

from purchasing.clocks.domain import Clock, ClockKind
from purchasing.database import Choice, mapper, metadata
from servicekit.tables import Moment

clocks = Table(
    "clock",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("kind", Choice(ClockKind), primary_key=True),
    Column("number", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("clerk", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("target", Interval, nullable=False),
    Column("next_at", Moment),
    Column("stopped_at", Moment),
    Column("level", Integer),
    Column("warning_id", Uuid),
    Column("document_kind", Text, nullable=False, server_default="receipt"),
    Column("scanned", Text),
    CheckConstraint("kind in ('posting', 'confirmation')", name="kind_is_known"),
    CheckConstraint("stopped_at is null or next_at is null", name="what_stands_does_not_escalate"),
    # Of all clocks, those that will ring are few.
    Index("ix_clock_next_at", "next_at", postgresql_where=text("next_at is not null")),
    Index("ix_clock_running", "kind", "started_at", postgresql_where=text("stopped_at is null")),
    Index("ix_clock_kind_started_at", "kind", "started_at"),
    Index(
        "uq_clock_scanned",
        "scanned",
        "site_id",
        "clerk",
        unique=True,
        postgresql_where=text("scanned is not null"),
    ),
)

mapper.map_imperatively(Clock, clocks)
