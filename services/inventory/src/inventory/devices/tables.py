"""Devices, the mapping of them, and when what they measured was outside of a warehouse's limits."""

from sqlalchemy import CheckConstraint, Column, Index, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from inventory.database import Word, mapping, metadata
from inventory.devices.domain import Device, DeviceKind
from servicekit.tables import Moment

Measured = Numeric(18, 6)

device = Table(
    "device",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Word(DeviceKind), nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("revoked_at", Moment),
    Column("revoked_by", Text),
    CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked"),
)

cold_chain_breach = Table(
    "cold_chain_breach",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("breach_id", Uuid, primary_key=True),
    Column("warehouse_id", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("outside_since", Moment, nullable=False),
    Column("breached_at", Moment, nullable=False),
    Column("temperature", Measured, nullable=False),
    Column("humidity", Measured),
    Column("restored_at", Moment),
    Column("document_ids", ARRAY(Uuid), nullable=False),
    Column("ended_by", Text),
    Column("end_reason", Text),
    Index("ix_cold_chain_breach_breach_id", "breach_id"),
    Index(
        "ix_cold_chain_breach_lasting",
        "site_id",
        "warehouse_id",
        postgresql_where=text("restored_at is null"),
    ),
)
LASTS = cold_chain_breach.c.restored_at.is_(None)
"""Whether a breach goes on."""

mapping.map_imperatively(Device, device)
