"""Invoices, and the documents that say what they are for."""

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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import relationship

from purchasing.database import Choice, Money, Percent, Quantity, mapper, metadata
from purchasing.invoices.domain import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceMatch,
    InvoiceStatus,
    MatchKind,
    MatchLine,
    MatchStatus,
)
from servicekit.tables import Moment

Printed = Numeric(28, 13)
"""Prices on invoices have up to thirteen places."""

invoices = Table(
    "invoice",
    metadata,
    Column("invoice_id", Uuid, primary_key=True),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("kind", Choice(InvoiceKind), nullable=False),
    Column("code", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("seller_name", Text, nullable=False),
    Column("seller_tax_id", Text, nullable=False),
    Column("buyer_name", Text, nullable=False),
    Column("buyer_tax_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("net", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("total", Money, nullable=False),
    Column("due_on", Date),
    Column("document_id", Uuid, ForeignKey("invoice_document.document_id")),
    Column("booked_at", Moment, nullable=False),
    Column("booked_by", Text, nullable=False),
    Column("status", Choice(InvoiceStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("refused_reason", Text),
    Column("identity", Text),
    CheckConstraint("net + tax = total", name="it_adds_up"),
    CheckConstraint("status in ('booked', 'held', 'matched', 'refused')", name="status_is_known"),
    Index("ix_invoice_supplier_id_invoice_id", "supplier_id", "invoice_id"),
    Index("ix_invoice_issued_on", "issued_on"),
    # What was refused may be booked anew.
    Index(
        "uq_invoice_seller_code_number",
        "seller_tax_id",
        "code",
        "number",
        unique=True,
        postgresql_where=text("status <> 'refused'"),
    ),
    # What was refused is not booked again by itself.
    Index("ix_invoice_identity", "identity", postgresql_where=text("status = 'refused'")),
    # The number of a fully digital invoice names it alone, that of older ones with their code.
    Index(
        "uq_invoice_identity",
        "identity",
        unique=True,
        postgresql_where=text("status <> 'refused'"),
    ),
)

invoice_lines = Table(
    "invoice_line",
    metadata,
    Column("invoice_id", Uuid, ForeignKey("invoice.invoice_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("specification", Text, nullable=False, server_default=""),
    Column("unit", Text),
    Column("quantity", Printed),
    Column("unit_price", Printed),
    Column("net", Money, nullable=False),
    Column("tax_percent", Percent, nullable=False),
    Column("tax", Money, nullable=False),
)

matches = Table(
    "invoice_match",
    metadata,
    Column("match_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, ForeignKey("invoice.invoice_id"), nullable=False),
    Column("kind", Choice(MatchKind), nullable=False),
    Column("status", Choice(MatchStatus), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text),
    Column("accepted_at", Moment),
    Column("accepted_by", Text),
    Column("undoes", Uuid),
    Column("differences", JSONB, nullable=False),
    Index("ix_invoice_match_invoice_id", "invoice_id"),
    # An invoice is matched once, or held once, at a time.
    Index(
        "uq_invoice_match_in_force",
        "invoice_id",
        unique=True,
        postgresql_where=text("kind = 'match' and status in ('held', 'applied')"),
    ),
)

match_lines = Table(
    "invoice_match_line",
    metadata,
    Column("match_id", Uuid, ForeignKey("invoice_match.match_id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("invoice_line_no", Integer, nullable=False),
    Column("receipt_id", Uuid, nullable=False),
    Column("receipt_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("net", Money, nullable=False),
    Column("return_id", Uuid),
    Column("cleared_quantity", Quantity, nullable=False),
    Column("cleared_net", Money, nullable=False),
    Column("cleared_tax", Money, nullable=False),
    Column("cleared_books_net", Money, nullable=False),
    Column("cleared_books_tax", Money, nullable=False),
    Column("difference", Money, nullable=False),
    Index("ix_invoice_match_line_receipt_id", "receipt_id"),
)

mapper.map_imperatively(InvoiceLine, invoice_lines)
mapper.map_imperatively(
    Invoice,
    invoices,
    properties={
        "lines": relationship(InvoiceLine, order_by=invoice_lines.c.line_no, lazy="selectin")
    },
)
mapper.map_imperatively(MatchLine, match_lines)
mapper.map_imperatively(
    InvoiceMatch,
    matches,
    properties={"lines": relationship(MatchLine, order_by=match_lines.c.place, lazy="selectin")},
)
