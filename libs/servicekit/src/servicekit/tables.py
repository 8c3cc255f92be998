"""The tables every service keeps beside its own: outbox, inbox, parked messages, claims."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """Return metadata that names constraints the same way in every service."""
    return MetaData(naming_convention=NAMES)


metadata = new_metadata()
Moment = DateTime(timezone=True)

# The identity has no cache: ids of one key must follow the order of its commits, and sessions
# that each cache a range would hand out older ids later.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True, cache=1), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("sequence", BigInteger),
    Column("payload", Text, nullable=False),
    Column("traceparent", Text),
    Column("occurred_at", Moment, nullable=False),
)

outbox_archive = Table(
    "outbox_archive",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("sequence", BigInteger),
    Column("payload", Text, nullable=False),
    Column("traceparent", Text),
    Column("occurred_at", Moment, primary_key=True),
    Column("sent_at", Moment, nullable=False, server_default=func.now()),
    Index("ix_outbox_archive_stream", "topic", "key", "id"),
    postgresql_partition_by="RANGE (occurred_at)",
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("received_at", Moment, nullable=False, server_default=func.now()),
)

inbox_tally = Table(
    "inbox_tally",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("applied", BigInteger, nullable=False),
    Column("suppressed", BigInteger, nullable=False),
)

parked_message = Table(
    "parked_message",
    metadata,
    Column("id", BigInteger, Identity(always=True, cache=1), primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("error", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("parked_at", Moment, nullable=False, server_default=func.now()),
    Index("ix_parked_message_stream", "consumer", "topic", "key", "id"),
    UniqueConstraint("consumer", "event_id"),
)

idempotency_claim = Table(
    "idempotency_claim",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("input_hash", LargeBinary, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("status", SmallInteger),
    Column("media_type", Text),
    Column("answer", LargeBinary),
    Column("claimed_at", Moment, nullable=False, server_default=func.now()),
    Index("ix_idempotency_claim_claimed_at", "claimed_at"),
)
