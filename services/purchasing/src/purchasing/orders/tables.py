"""Purchase orders and their lines, and the counters documents take their numbers from."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import relationship

from purchasing.database import Choice, mapper, metadata
from purchasing.orders.domain import OrderLine, OrderStatus, PurchaseOrder

Quantity = Numeric(18, 6)
Moment = DateTime(timezone=True)

purchase_orders = Table(
    "purchase_order",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("site_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("status", Choice(OrderStatus), nullable=False),
    UniqueConstraint("number"),
    CheckConstraint("status in ('placed', 'received')", name="status_is_known"),
    Index("ix_purchase_order_site_id_order_id", "site_id", "order_id"),
    Index("ix_purchase_order_supplier_id_order_id", "supplier_id", "order_id"),
)

purchase_order_lines = Table(
    "purchase_order_line",
    metadata,
    Column("order_id", Uuid, ForeignKey("purchase_order.order_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("unit_cost", Quantity, nullable=False),
    Column("received", Quantity, nullable=False),
    Column("arriving", Quantity, nullable=False),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("unit_cost >= 0", name="cost_is_not_negative"),
    CheckConstraint("received >= 0 and arriving >= 0", name="nothing_negative_arrives"),
)

document_counters = Table(
    "document_counter",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("prefix", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

mapper.map_imperatively(OrderLine, purchase_order_lines)
mapper.map_imperatively(
    PurchaseOrder,
    purchase_orders,
    properties={
        "lines": relationship(OrderLine, order_by=purchase_order_lines.c.line_no, lazy="selectin")
    },
)
