"""Uploaded invoices: what is known of them, and apart from that the files themselves."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from purchasing.database import Choice, mapper, metadata
from purchasing.recognition.domain import DocumentStatus, InvoiceDocument
from servicekit.tables import Moment

number_read: ColumnElement[str] = literal_column("(reading #>> '{head,number,value}')", Text)
"""As it is written in the index: a parameter could not be found there."""

documents = Table(
    "invoice_document",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id")),
    Column("uploaded_at", Moment, nullable=False),
    Column("uploaded_by", Text, nullable=False),
    Column("status", Choice(DocumentStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("lease", Uuid),
    Column("failure", JSONB(none_as_null=True)),
    Column("reading", JSONB(none_as_null=True)),
    Column("doubts", ARRAY(Text, as_tuple=True), nullable=False, server_default="{}"),
    Column("read_at", Moment),
    Column("confirmed_at", Moment),
    Column("confirmed_by", Text),
    Column("booking_due", Boolean, nullable=False, server_default=text("false")),
    Column("booking_attempts", Integer, nullable=False, server_default="0"),
    # Of a table above: what is booked names its document, and this names what was booked of it.
    Column("invoice_id", Uuid),
    Column("not_booked", JSONB(none_as_null=True)),
    Column("not_matched", JSONB(none_as_null=True)),
    Column("set_aside_at", Moment),
    Column("set_aside_by", Text),
    Column("set_aside_reason", Text),
    Column("taken_up_at", Moment),
    Column("taken_up_by", Text),
    UniqueConstraint("sha256"),
    CheckConstraint(
        "status in ('waiting', 'reading', 'read', 'confirmed', 'failed')", name="status_is_known"
    ),
    CheckConstraint("(status = 'reading') = (lease is not null)", name="readers_hold_a_lease"),
    Index("ix_invoice_document_supplier_id_document_id", "supplier_id", "document_id"),
    # Only what is still to be read.
    Index(
        "ix_invoice_document_due",
        "document_id",
        postgresql_where=text("status in ('waiting', 'reading')"),
    ),
    # Only of what it is still to be seen if it is booked without anybody.
    Index(
        "ix_invoice_document_booking_due",
        "document_id",
        postgresql_where=text("booking_due"),
    ),
    # Only of what is set aside, which other forms of the same invoice are held against.
    Index(
        "ix_invoice_document_set_aside_number",
        number_read,
        postgresql_where=text("set_aside_at is not null and taken_up_at is null"),
    ),
)
IS_SET_ASIDE = documents.c.set_aside_at.is_not(None) & documents.c.taken_up_at.is_(None)

contents = Table(
    "invoice_document_content",
    metadata,
    Column("document_id", Uuid, ForeignKey("invoice_document.document_id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# What suppliers call our items, as it is printed on their invoices: learnt where a person said so.
names_of_items = Table(
    "supplier_item_name",
    metadata,
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("specification", Text, primary_key=True, server_default=""),
    Column("item_id", Text, nullable=False),
)

mapper.map_imperatively(InvoiceDocument, documents)
