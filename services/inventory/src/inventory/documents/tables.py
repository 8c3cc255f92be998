"""Stock documents, their lines, the entries they made, and the counters of their numbers.

The database itself holds what A1 promises: triggers refuse changes of what is posted.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
    and_,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import foreign, relationship

from inventory.database import Word, mapping, metadata
from inventory.documents.domain import DocumentKind, DocumentLine, DocumentStatus, StockDocument
from inventory.stock.domain import Status
from inventory.stock.tables import LineQuantity
from servicekit.tables import Moment

stock_document = Table(
    "stock_document",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("kind", Word(DocumentKind), nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("status", Word(DocumentStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("effective_at", Moment),
    Column("source_document", Text),
    Column("reason", Text),
    Column("department", Text),
    Column("currency", Text),
    Column("to_site_id", Text),
    Column("to_warehouse_id", Text),
    Column("expected_at", Moment),
    Column("over_percent", Integer, nullable=False),
    Column("dispatch_id", Uuid),
    Column("reverses", Uuid),
    Column("reversed_by", Uuid),
    Column("drafted_at", Moment, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_with", Text),
    Column("lines_by", Text, nullable=False),
    Column("audited_at", Moment),
    Column("audited_by", Text),
    Column("approved_at", Moment),
    Column("approved_by", Text),
    Column("posted_at", Moment),
    Column("posted_by", Text),
    Column("posted_with", Text),
    Column("cancelled_at", Moment),
    Column("cancelled_by", Text),
    CheckConstraint(
        "(status in ('posted', 'reversed')) = (posted_at is not null and posted_by is not null)",
        name="posted",
    ),
    CheckConstraint("(status = 'reversed') = (reversed_by is not null)", name="reversed"),
    CheckConstraint("(status = 'cancelled') = (cancelled_at is not null)", name="cancelled"),
    Index("uq_stock_document_document_id", "document_id", unique=True),
    Index("uq_stock_document_number", "number", unique=True),
    Index(
        "uq_stock_document_reverses",
        "reverses",
        unique=True,
        postgresql_where=text("reverses is not null"),
    ),
    Index(
        "ix_stock_document_dispatch_id",
        "dispatch_id",
        postgresql_where=text("dispatch_id is not null"),
    ),
    Index(
        "ix_stock_document_source_document",
        "source_document",
        postgresql_where=text("source_document is not null"),
    ),
    Index(
        "ix_stock_document_open",
        "site_id",
        "document_id",
        postgresql_where=text("status in ('draft', 'audited')"),
    ),
)

stock_document_line = Table(
    "stock_document_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("quantity", LineQuantity, nullable=False),
    Column("unit", Text, nullable=False),
    Column("unit_quantity", LineQuantity, nullable=False),
    Column("unit_version", Integer, nullable=False),
    Column("source", Word(Status)),
    Column("target", Word(Status)),
    Column("serials", ARRAY(Text), nullable=False),
    Column("unit_cost", Numeric(18, 6)),
    Column("rule", Text),
    Column("dispatch_line_no", Integer),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("source is distinct from target", name="moves"),
    Index("ix_stock_document_line_item", "item_id", "document_id"),
)

stock_document_entry = Table(
    "stock_document_entry",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("entry_no", Integer, primary_key=True, autoincrement=False),
    Column("line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

stock_document_counter = Table(
    "stock_document_counter",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("prefix", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

mapping.map_imperatively(DocumentLine, stock_document_line)
mapping.map_imperatively(
    StockDocument,
    stock_document,
    properties={
        # The store writes lines itself, all at once; the relationship only reads them.
        "lines": relationship(
            DocumentLine,
            primaryjoin=and_(
                foreign(stock_document_line.c.site_id) == stock_document.c.site_id,
                foreign(stock_document_line.c.document_id) == stock_document.c.document_id,
            ),
            order_by=stock_document_line.c.line_no,
            lazy="selectin",
            viewonly=True,
        )
    },
)
