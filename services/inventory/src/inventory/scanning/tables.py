"""Tables of scanning, and the mapping of what works with scanners onto them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from inventory.database import Word, mapping, metadata
from inventory.documents.domain import DocumentKind
from inventory.scanning.domain.scans import Meaning
from inventory.scanning.domain.sessions import End, ScanSession
from inventory.scanning.domain.works import Work
from inventory.stock.tables import LineQuantity
from servicekit.tables import Moment

warehouse_worker = Table(
    "warehouse_worker",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("assigned_at", Moment, nullable=False),
    Column("assigned_by", Text, nullable=False),
    Index("ix_warehouse_worker_user_id", "user_id"),
)

item_barcode = Table(
    "item_barcode",
    metadata,
    Column("code", Text, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
)

scan_session = Table(
    "scan_session",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("session_id", Uuid, primary_key=True),
    Column("warehouse_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("scans", Integer, nullable=False),
    Column("work_id", Uuid),
    Column("ended_at", Moment),
    Column("end", Word(End)),
    CheckConstraint('(ended_at is null) = ("end" is null)', name="ended"),
    Index("ix_scan_session_session_id", "session_id"),
    Index("ix_scan_session_user_id", "user_id", "session_id"),
    # Whoever opens a session ends the one before: of the user, and of the device.
    Index(
        "uq_scan_session_user_open",
        "user_id",
        unique=True,
        postgresql_where=text("ended_at is null"),
    ),
    Index(
        "uq_scan_session_device_open",
        "site_id",
        "device_id",
        unique=True,
        postgresql_where=text("ended_at is null"),
    ),
)

scan_work = Table(
    "scan_work",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("work_id", Uuid, primary_key=True),
    Column("session_id", Uuid, nullable=False),
    Column("kind", Word(DocumentKind), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("loaded_id", Uuid),
    Column("to_site_id", Text),
    Column("to_warehouse_id", Text),
    Column("source_document", Text),
    Column("reason", Text),
    Column("finished_at", Moment),
    Column("document_id", Uuid),
    Index("ix_scan_work_session_id", "site_id", "session_id"),
    Index(
        "ix_scan_work_document_id",
        "document_id",
        postgresql_where=text("document_id is not null"),
    ),
)

scan = Table(
    "scan",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("scan_id", Uuid, primary_key=True),
    Column("session_id", Uuid, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("scanned_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("said", JSONB, nullable=False),
    Column("meaning", Word(Meaning)),
    Column("work_id", Uuid),
    Column("item_id", Text),
    Column("batch_id", Text),
    Column("serial", Text),
    Column("manufactured_on", Date),
    Column("expires_on", Date),
    Column("quantity", LineQuantity),
    Column("unit", Text),
    Column("scale_id", Text),
    Column("gross", LineQuantity),
    Column("tare", LineQuantity),
    Column("net", LineQuantity),
    Column("weight_unit", Text),
    Column("weighed_at", Moment),
    Column("refusal", Text),
    Column("facts", JSONB(none_as_null=True)),
    Column("reason_en", Text),
    Column("reason_zh", Text),
    Column("withdrawn_at", Moment),
    Column("line_no", Integer),
    Column("settled_at", Moment),
    Column("settled_by", Text),
    Column("settlement", Text),
    CheckConstraint("(refusal is null) <> (meaning is null)", name="outcome"),
    Index("uq_scan_sequence", "site_id", "session_id", "sequence", unique=True),
    Index("ix_scan_work_id", "site_id", "work_id", postgresql_where=text("work_id is not null")),
    # What a difference report asks: goods that were taken to the wrong door, and not yet settled.
    Index(
        "ix_scan_wrong_warehouse",
        "site_id",
        "scan_id",
        postgresql_where=text("refusal = 'wrong_warehouse'"),
    ),
)

mapping.map_imperatively(ScanSession, scan_session)
mapping.map_imperatively(Work, scan_work)
