"""Devices, and the mapping of them."""

from sqlalchemy import CheckConstraint, Column, Table, Text

from inventory.database import Word, mapping, metadata
from inventory.devices.domain import Device, DeviceKind
from servicekit.tables import Moment

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

mapping.map_imperatively(Device, device)
