"""Requisitions with their lines, their steps, and which lines of orders cover them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import relationship

from purchasing.database import Choice, Quantity, mapper, metadata
from purchasing.demand.domain import Requisition, RequisitionLine, RequisitionStatus
from servicekit.tables import Moment

STATUSES = ", ".join(f"'{one.value}'" for one in RequisitionStatus)

requisitions = Table(
    "requisition",
    metadata,
    Column("requisition_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("note", Text),
    Column("status", Choice(RequisitionStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", Moment),
    UniqueConstraint("number"),
    CheckConstraint(f"status in ({STATUSES})", name="status_is_known"),
    CheckConstraint("approved_by <> author", name="a_second_person_approved"),
    Index("ix_requisition_site_id_requisition_id", "site_id", "requisition_id"),
    # What is ordered or given up, which is most of it in the end, costs nothing.
    Index(
        "ix_requisition_open",
        "site_id",
        postgresql_where=text("status in ('draft', 'submitted', 'approved', 'ordering')"),
    ),
)

requisition_lines = Table(
    "requisition_line",
    metadata,
    Column("requisition_id", Uuid, ForeignKey("requisition.requisition_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("base_unit", Text, nullable=False),
    Column("base_quantity", Quantity, nullable=False),
    Column("unit_version", Integer),
    Column("needed_by", Date, nullable=False),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id")),
    Column("unit_cost", Quantity),
    Column("note", Text),
    Column("ordered", Quantity, nullable=False),
    Column("given_up", Quantity, nullable=False),
    CheckConstraint("quantity > 0 and base_quantity > 0", name="quantity_is_positive"),
    CheckConstraint("ordered >= 0 and given_up >= 0", name="nothing_negative_is_ordered"),
)

covers = Table(
    "requisition_cover",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("order_line_no", Integer, primary_key=True),
    Column("requisition_id", Uuid, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("base_quantity", Quantity, nullable=False),
    ForeignKeyConstraint(
        ["requisition_id", "line_no"],
        ["requisition_line.requisition_id", "requisition_line.line_no"],
    ),
    CheckConstraint("base_quantity >= 0", name="nothing_negative_covers"),
    Index("ix_requisition_cover_requisition_id", "requisition_id"),
)

steps = Table(
    "requisition_step",
    metadata,
    Column("step_id", Uuid, primary_key=True),
    Column("requisition_id", Uuid, ForeignKey("requisition.requisition_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", Choice(RequisitionStatus), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text),
    Index("ix_requisition_step_requisition_id_step_id", "requisition_id", "step_id"),
)

mapper.map_imperatively(RequisitionLine, requisition_lines)
mapper.map_imperatively(
    Requisition,
    requisitions,
    properties={
        "lines": relationship(
            RequisitionLine,
            order_by=requisition_lines.c.line_no,
            lazy="selectin",
            cascade="all, delete-orphan",
        )
    },
)
