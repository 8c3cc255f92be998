"""Rebuilds that were asked for, and what they found."""

from sqlalchemy import BigInteger, Column, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from costing.database import metadata
from servicekit.tables import Moment

rebuild = Table(
    "rebuild",
    metadata,
    Column("rebuild_id", Uuid, primary_key=True),
    Column("status", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("alive_at", Moment),
    Column("ended_at", Moment),
    Column("streams", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("different", BigInteger, nullable=False),
    Column("differences", JSONB, nullable=False),
    Column("failure", Text),
)
