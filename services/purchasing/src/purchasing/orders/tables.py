"""Purchase orders and their lines, and the counters documents take their numbers from."""

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
from purchasing.orders.domain import (
    Delivery,
    LineKind,
    OrderLine,
    OrderStatus,
    PriceSource,
    PurchaseOrder,
)
from servicekit.tables import Moment

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
    Column("placed_at", Moment),
    Column("placed_by", Text),
    Column("status", Choice(OrderStatus), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("author", Text, nullable=False, server_default=""),
    Column("approved_by", Text),
    UniqueConstraint("number"),
    CheckConstraint(
        "status in ('draft', 'submitted', 'approved', 'placed', 'received', 'closed', 'cancelled')",
        name="status_is_known",
    ),
    # Read three times a minute: what is received, which is most of it, costs nothing.
    Index("ix_purchase_order_due", "due_date", postgresql_where=text("status = 'placed'")),
    Index(
        "ix_purchase_order_open",
        "site_id",
        postgresql_where=text("status in ('draft', 'submitted', 'approved')"),
    ),
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
    Column("base_unit", Text, nullable=False, server_default=""),
    Column("base_quantity", Quantity, nullable=False, server_default="0"),
    Column("unit_version", Integer),
    Column("kind", Choice(LineKind), nullable=False, server_default="purchase"),
    Column("cancelled", Quantity, nullable=False, server_default="0"),
    Column("price_source", Choice(PriceSource), nullable=False, server_default="unlisted"),
    Column("list_price_id", Uuid),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("unit_cost >= 0", name="cost_is_not_negative"),
    CheckConstraint("base_quantity > 0", name="base_quantity_is_positive"),
    CheckConstraint("kind in ('purchase', 'gift', 'sample')", name="kind_is_known"),
    CheckConstraint("kind = 'purchase' or unit_cost = 0", name="free_goods_cost_nothing"),
    CheckConstraint("received >= 0 and arriving >= 0", name="nothing_negative_arrives"),
)

deliveries = Table(
    "purchase_order_delivery",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("due_date", Date, primary_key=True),
    Column("quantity", Quantity, nullable=False),
    ForeignKeyConstraint(
        ["order_id", "line_no"],
        ["purchase_order_line.order_id", "purchase_order_line.line_no"],
    ),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
)

order_changes = Table(
    "purchase_order_change",
    metadata,
    Column("change_id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("purchase_order.order_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("line_no", Integer),
    Column("field", Text, nullable=False),
    Column("was", Text),
    Column("became", Text),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text),
    Index("ix_purchase_order_change_order_id_change_id", "order_id", "change_id"),
)

approval_limits = Table(
    "approval_limit",
    metadata,
    Column("role", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("amount", Quantity),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
)

document_counters = Table(
    "document_counter",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("prefix", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

mapper.map_imperatively(Delivery, deliveries)
mapper.map_imperatively(
    OrderLine,
    purchase_order_lines,
    properties={
        "deliveries": relationship(
            Delivery,
            order_by=deliveries.c.due_date,
            lazy="selectin",
            cascade="all, delete-orphan",
        )
    },
)
mapper.map_imperatively(
    PurchaseOrder,
    purchase_orders,
    properties={
        "lines": relationship(OrderLine, order_by=purchase_order_lines.c.line_no, lazy="selectin")
    },
)
