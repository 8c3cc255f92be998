"""How long goods are held, by channel."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text

from sales.channels.domain import Channel
from sales.database import Choice, metadata
from servicekit.tables import Moment

times_to_live = Table(
    "channel_time_to_live",
    metadata,
    Column("channel", Choice(Channel), primary_key=True),
    Column("seconds", Integer, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    CheckConstraint("seconds > 0", name="seconds_are_positive"),
)
