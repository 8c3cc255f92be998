"""Recalls as inventory tells of them, and the customers who were told. Notices are only added."""

from sqlalchemy import ARRAY, Column, Index, Table, Text, Uuid

from sales.database import metadata
from servicekit.tables import Moment

recalls = Table(
    "recall",
    metadata,
    Column("recall_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("batches", ARRAY(Text), nullable=False),
    Column("recall_class", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_at", Moment, nullable=False),
    Column("outcome", Text),
    Column("closed_at", Moment),
    Column("first_serial", Text),
    Column("last_serial", Text),
)

notices = Table(
    "recall_notice",
    metadata,
    Column("notice_id", Uuid, primary_key=True),
    Column("recall_id", Uuid, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("informed_at", Moment, nullable=False),
    Column("informed_by", Text, nullable=False),
    Column("note", Text),
    Index("ix_recall_notice_recall_id_customer_id", "recall_id", "customer_id", "notice_id"),
)
