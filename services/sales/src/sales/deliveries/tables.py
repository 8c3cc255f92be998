"""What is known of photos of signed notes, and the links by which customers sign."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, Uuid

from sales.database import mapper, metadata
from sales.deliveries.domain.links import DeliveryLink
from sales.deliveries.domain.photos import DeliveryPhoto
from servicekit.tables import Moment

photos = Table(
    "delivery_photo",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("photo_id", Uuid, primary_key=True),
    Column("shipment_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("attached_at", Moment, nullable=False),
    Column("attached_by", Text, nullable=False),
    CheckConstraint("kind in ('jpeg', 'png')", name="is_a_picture"),
    UniqueConstraint("shipment_id", "sha256"),
)

links = Table(
    "delivery_link",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("link_id", Uuid, primary_key=True),
    Column("shipment_id", Uuid, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
    Column("used_by", Text),
    CheckConstraint("(used_at is null) = (used_by is null)", name="used_as_a_whole"),
    UniqueConstraint("token_hash"),
    Index("ix_delivery_link_shipment_id", "shipment_id"),
)

mapper.map_imperatively(DeliveryPhoto, photos)
mapper.map_imperatively(DeliveryLink, links)
