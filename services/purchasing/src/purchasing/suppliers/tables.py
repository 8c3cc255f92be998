"""Suppliers, how their terms changed, who acts for them, and the prices agreed with them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.orm import relationship

from purchasing.database import Choice, Percent, Quantity, mapper, metadata
from purchasing.suppliers.domain import InvoiceBooking, Price, PriceBreak, Supplier
from servicekit.tables import Moment

suppliers = Table(
    "supplier",
    metadata,
    Column("supplier_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("over_receipt_percent", Percent, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("payment_days", Integer, nullable=False, server_default="0"),
    Column("lead_days", Integer, nullable=False, server_default="0"),
    Column("price_tolerance_percent", Percent, nullable=False, server_default="0"),
    Column("quantity_tolerance_percent", Percent, nullable=False, server_default="0"),
    Column("total_tolerance", Numeric(14, 2), nullable=False, server_default="0"),
    Column("tax_id", Text),
    Column("contact_mail", Text),
    Column("invoice_booking", Choice(InvoiceBooking), nullable=False, server_default="by_hand"),
    Column("invoice_booking_since", Moment),
    CheckConstraint("invoice_booking in ('by_hand', 'when_read')", name="invoice_booking_is_known"),
    CheckConstraint(
        "(invoice_booking = 'when_read') = (invoice_booking_since is not null)",
        name="invoice_booking_has_a_start",
    ),
    CheckConstraint("over_receipt_percent between 0 and 100", name="tolerance_is_a_share"),
)

supplier_changes = Table(
    "supplier_change",
    metadata,
    Column("change_id", Uuid, primary_key=True),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("field", Text, nullable=False),
    Column("was", Text),
    Column("became", Text),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", Text, nullable=False),
    Index("ix_supplier_change_supplier_id_change_id", "supplier_id", "change_id"),
)

portal_users = Table(
    "portal_user",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", Text, nullable=False),
    Index("ix_portal_user_supplier_id_subject", "supplier_id", "subject"),
)

prices = Table(
    "price",
    metadata,
    Column("price_id", Uuid, primary_key=True),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("ended_by", Text),
    CheckConstraint("valid_to >= valid_from", name="days_are_in_order"),
    Index("ix_price_supplier_id_item_id", "supplier_id", "item_id"),
)

price_breaks = Table(
    "price_break",
    metadata,
    Column("price_id", Uuid, ForeignKey("price.price_id"), primary_key=True),
    Column("from_quantity", Quantity, primary_key=True),
    Column("unit_cost", Quantity, nullable=False),
    CheckConstraint("from_quantity >= 0 and unit_cost >= 0", name="nothing_is_negative"),
)

overdue_lines = Table(
    "overdue_line",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("warning_id", Uuid, nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_overdue_line_supplier_id", "supplier_id"),
)

mapper.map_imperatively(Supplier, suppliers)
mapper.map_imperatively(PriceBreak, price_breaks)
mapper.map_imperatively(
    Price,
    prices,
    properties={
        "breaks": relationship(PriceBreak, order_by=price_breaks.c.from_quantity, lazy="selectin")
    },
)
