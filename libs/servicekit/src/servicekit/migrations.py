"""What each service's migrations share: the plumbing tables, and who may do what with a table."""

from alembic import op

# Frozen: a later change of the plumbing is a function of its own beside this one.
PLUMBING_V1 = """
create table outbox (
    id bigint generated always as identity (cache 1),
    event_id uuid not null,
    topic text not null,
    key text not null,
    type text not null,
    sequence bigint,
    payload text not null,
    traceparent text,
    occurred_at timestamptz not null,
    constraint pk_outbox primary key (id)
) with (autovacuum_vacuum_scale_factor = 0.02);

create table outbox_archive (
    id bigint not null,
    event_id uuid not null,
    topic text not null,
    key text not null,
    type text not null,
    sequence bigint,
    payload text not null,
    traceparent text,
    occurred_at timestamptz not null,
    sent_at timestamptz not null default now(),
    constraint pk_outbox_archive primary key (id, occurred_at)
) partition by range (occurred_at);
create index ix_outbox_archive_stream on outbox_archive (topic, key, id);
create table outbox_archive_default partition of outbox_archive default;

create table inbox (
    consumer text not null,
    event_id uuid not null,
    received_at timestamptz not null default now(),
    constraint pk_inbox primary key (consumer, event_id)
);

create table inbox_tally (
    consumer text not null,
    topic text not null,
    applied bigint not null,
    suppressed bigint not null,
    constraint pk_inbox_tally primary key (consumer, topic)
) with (fillfactor = 50);

create table parked_message (
    id bigint generated always as identity (cache 1),
    consumer text not null,
    topic text not null,
    key text not null,
    partition integer not null,
    "offset" bigint not null,
    event_id uuid not null,
    type text not null,
    payload bytea not null,
    headers jsonb not null,
    error text not null,
    state text not null,
    parked_at timestamptz not null default now(),
    constraint pk_parked_message primary key (id),
    constraint uq_parked_message_consumer_event_id unique (consumer, event_id)
);
create index ix_parked_message_stream on parked_message (consumer, topic, key, id);

create table idempotency_claim (
    subject text not null,
    key text not null,
    input_hash bytea not null,
    id uuid not null,
    status smallint,
    media_type text,
    answer bytea,
    claimed_at timestamptz not null default now(),
    constraint pk_idempotency_claim primary key (subject, key)
);
create index ix_idempotency_claim_claimed_at on idempotency_claim (claimed_at);
"""
TABLES = ("outbox", "inbox", "inbox_tally", "parked_message", "idempotency_claim")

# Partitions are made by the owner's function: the service's role makes no tables itself.
ENSURE_PARTITIONS = """
create function ensure_archive_partitions() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    day date;
    name text;
begin
    for day in select generate_series(current_date, current_date + 2, interval '1 day') loop
        name := 'outbox_archive_' || to_char(day, 'YYYYMMDD');
        if to_regclass(name) is null then
            execute format(
                'create table %I partition of outbox_archive for values from (%L) to (%L)',
                name, day || ' 00:00:00+00', day + 1 || ' 00:00:00+00');
        end if;
    end loop;
end $$;
"""


def create_plumbing(role: str) -> None:
    """Create outbox, inbox, parked messages and claims, and let the service's role use them."""
    for statement in PLUMBING_V1.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(ENSURE_PARTITIONS)
    op.execute("revoke all on function ensure_archive_partitions() from public")
    op.execute(f"grant execute on function ensure_archive_partitions() to {role}")
    op.execute("select ensure_archive_partitions()")
    for table in TABLES:
        grant(role, table, "select, insert, update, delete")
    grant(role, "outbox_archive", "select, insert")


def drop_plumbing() -> None:
    """Undo `create_plumbing`."""
    op.execute("drop function ensure_archive_partitions()")
    for table in (*TABLES, "outbox_archive"):
        op.execute(f"drop table {table}")


def grant(role: str, table: str, rights: str) -> None:
    """Give the service's role these rights on a table, and no others."""
    op.execute(f"revoke all on {table} from {role}")
    op.execute(f"grant {rights} on {table} to {role}")
