"""What sites say about the lines of a document."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Site:
    """What is known of a site here."""

    site_id: str
    time_zone: str

    def day_of(self, at: datetime) -> date:
        """Return the day it is at the site: the one people there write on their papers."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()
