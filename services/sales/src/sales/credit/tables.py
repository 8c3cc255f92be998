"""What is owed on credit, what was paid on account, what settles what, and what was paid out."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Table,
    Text,
    Uuid,
    text,
)

from sales.credit.domain.account import Payment, Receivable
from sales.credit.domain.payout import Means
from sales.database import Choice, Money, mapper, metadata
from servicekit.tables import Moment

receivables = Table(
    "receivable",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("over_limit", Money, nullable=False),
    Column("allowed_by", Text),
    Column("reason", Text),
    Column("added", Money, nullable=False, server_default=text("0")),
    Column("reduced", Money, nullable=False),
    Column("paid", Money, nullable=False),
    Column("settled_at", Moment),
    Column("told_at", Moment),
    CheckConstraint("added >= 0 and reduced >= 0 and paid >= 0", name="nothing_is_negative"),
    CheckConstraint("reduced + paid <= amount + added", name="is_not_paid_twice"),
    CheckConstraint(
        "(settled_at is not null) = (reduced + paid = amount + added)", name="is_settled_or_open"
    ),
    CheckConstraint(
        "(over_limit > 0) = (allowed_by is not null and reason is not null)",
        name="somebody_allowed_what_is_over",
    ),
    Index("ix_receivable_order_id", "order_id"),
    Index(
        "ix_receivable_open",
        "customer_id",
        "taken_at",
        "order_id",
        postgresql_where=text("settled_at is null"),
    ),
    Index(
        "ix_receivable_untold",
        "order_id",
        postgresql_where=text("settled_at is not null and told_at is null"),
    ),
)

payments = Table(
    "customer_payment",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reference", Text),
    Column("received_at", Moment, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("applied", Money, nullable=False),
    CheckConstraint("amount > 0", name="amount_is_positive"),
    CheckConstraint("applied >= 0 and applied <= amount", name="settles_no_more_than_it_is"),
    Index("ix_customer_payment_customer_id", "customer_id", "payment_id"),
    Index(
        "ix_customer_payment_rest",
        "customer_id",
        "payment_id",
        postgresql_where=text("applied < amount"),
    ),
)

applications = Table(
    "payment_application",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("amount", Money, nullable=False),
    Column("applied_at", Moment, nullable=False),
    CheckConstraint("amount <> 0", name="says_something"),
    Index("ix_payment_application_order_id", "order_id"),
    Index("ix_payment_application_payment_id", "payment_id"),
)

payouts = Table(
    "customer_payout",
    metadata,
    Column("payout_id", Uuid, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("currency", Text, nullable=False),
    Column("means", Choice(Means), nullable=False),
    Column("reference", Text, nullable=False),
    Column("paid_at", Moment, nullable=False),
    Column("paid_by", Text, nullable=False),
    CheckConstraint("amount > 0", name="amount_is_positive"),
    Index("ix_customer_payout_customer_id", "customer_id", "payout_id"),
)

payout_parts = Table(
    "customer_payout_part",
    metadata,
    Column("payout_id", Uuid, primary_key=True),
    Column("payment_id", Uuid, primary_key=True),
    Column("amount", Money, nullable=False),
    CheckConstraint("amount > 0", name="amount_is_positive"),
    Index("ix_customer_payout_part_payment_id", "payment_id"),
)

mapper.map_imperatively(Receivable, receivables)
mapper.map_imperatively(Payment, payments)
