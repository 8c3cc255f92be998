"""Limits of a warehouse's air, and when readings outside of them are a breach."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.catalog.domain import plain
from inventory.quality.domain.refusals import BreachIsOver, LimitsCrossed, SensorStillHeard

CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""A reading from further ahead is not judged: it would make all true ones look late."""

SILENT_AFTER = timedelta(hours=1)
"""How long nothing may come from a device, if nobody has said otherwise."""


@dataclass(frozen=True)
class Range:
    """What a figure may be; without an end it is open there."""

    lowest: Decimal | None
    highest: Decimal | None
    hysteresis: Decimal = Decimal(0)
    """How far inside a figure must be to count as back, so that one at the edge doesn't flap."""

    def must_have_room(self, figure: str) -> None:
        """Raise `LimitsCrossed` if no figure could ever be back inside."""
        if self.lowest is None or self.highest is None:
            return
        if self.lowest + 2 * self.hysteresis > self.highest:
            raise LimitsCrossed(
                figure=figure,
                lowest=plain(self.lowest),
                highest=plain(self.highest),
                hysteresis=plain(self.hysteresis),
            )

    def holds(self, figure: Decimal | None, *, well: bool) -> bool:
        """Tell whether a figure is inside, `well` inside if asked; what isn't measured is."""
        if figure is None:
            return True
        margin = self.hysteresis if well else Decimal(0)
        above = self.lowest is None or figure >= self.lowest + margin
        return above and (self.highest is None or figure <= self.highest - margin)


@dataclass(frozen=True)
class Limits:
    """What a warehouse's conditions may be, and how long they may be otherwise."""

    temperature: Range
    humidity: Range
    tolerated: timedelta
    silent_after: timedelta = SILENT_AFTER
    """How long nothing may come from a device before people are warned."""

    def __post_init__(self) -> None:
        """Hold the rule: there is room inside the limits."""
        self.temperature.must_have_room("temperature")
        self.humidity.must_have_room("humidity")


@dataclass(frozen=True, order=True)
class Device:
    """A probe in a warehouse; sorting devices gives the order in which they are locked."""

    site_id: str
    warehouse_id: str
    device_id: str

    @property
    def warehouse(self) -> tuple[str, str]:
        """Return site and warehouse."""
        return self.site_id, self.warehouse_id


@dataclass(frozen=True)
class Reading:
    """What a device measured."""

    device: Device
    at: datetime
    temperature: Decimal
    humidity: Decimal | None = None

    def is_within(self, limits: Limits, *, well: bool) -> bool:
        """Tell whether the reading is inside the limits, `well` inside if asked."""
        return limits.temperature.holds(self.temperature, well=well) and limits.humidity.holds(
            self.humidity, well=well
        )


class Turn(StrEnum):
    """What a reading has changed."""

    BREACHED = "breached"
    RESTORED = "restored"


@dataclass(eq=False)
class Breach:
    """A time in which a warehouse was outside of its limits for longer than is tolerated."""

    site_id: str
    breach_id: UUID
    warehouse_id: str
    device_id: str
    outside_since: datetime
    breached_at: datetime
    temperature: Decimal
    humidity: Decimal | None
    restored_at: datetime | None = None
    document_ids: list[UUID] = field(default_factory=list)
    """The documents that froze what was available."""
    ended_by: str | None = None
    """Who ended it, if it wasn't the device's readings."""
    end_reason: str | None = None

    def must_last(self) -> None:
        """Raise `BreachIsOver` if it has ended."""
        if self.restored_at is not None:
            raise BreachIsOver(breach_id=self.breach_id, at=self.restored_at.isoformat())

    def end_by_hand(self, ended_by: str, reason: str, at: datetime) -> None:
        """Let it be over, on somebody's word."""
        self.restored_at, self.ended_by, self.end_reason = at, ended_by, reason


@dataclass(eq=False)
class Watch:
    """What is known of a device's readings so far."""

    site_id: str
    warehouse_id: str
    device_id: str
    last_at: datetime | None = None
    outside_since: datetime | None = None
    breach_id: UUID | None = None
    """The breach that is open."""
    heard_at: datetime | None = None
    """When something came last, by our own clock; what it says may be older."""
    silent_since: datetime | None = None
    """When people were warned that nothing comes any more."""

    def hear(self, received_at: datetime) -> datetime | None:
        """Note a sign of life; return since when there was none, if people were warned of that."""
        since, self.silent_since = self.silent_since, None
        self.heard_at = received_at
        return since

    def fall_silent(self, at: datetime) -> None:
        """Note that people are warned."""
        self.silent_since = at

    def give_up(self, silent_after: timedelta, at: datetime) -> None:
        """Begin anew, for nothing comes any more; raise `SensorStillHeard` if something does.

        Should it be heard again after all, only what it reads from then on counts.
        """
        if self.heard_at is not None and at - self.heard_at < silent_after:
            raise SensorStillHeard(
                device_id=self.device_id,
                heard_at=self.heard_at.isoformat(),
                silent_after_minutes=silent_after // timedelta(minutes=1),
            )
        self.breach_id = self.outside_since = None

    def take(self, reading: Reading, limits: Limits, received_at: datetime) -> Turn | None:
        """Judge a reading by the ones before; one that comes late or from the future is not."""
        late = self.last_at is not None and reading.at <= self.last_at
        if late or reading.at > received_at + CLOCKS_DIFFER_BY:
            return None
        self.last_at = reading.at
        if reading.is_within(limits, well=self.outside_since is not None):
            self.outside_since = None
            return None if self.breach_id is None else Turn.RESTORED
        self.outside_since = self.outside_since or reading.at
        tolerable = reading.at - self.outside_since < limits.tolerated
        return None if tolerable or self.breach_id is not None else Turn.BREACHED

    def begin_breach(self, breach_id: UUID, reading: Reading) -> Breach:
        """Return the breach that a reading has opened."""
        self.breach_id = breach_id
        return Breach(
            site_id=self.site_id,
            breach_id=breach_id,
            warehouse_id=self.warehouse_id,
            device_id=self.device_id,
            outside_since=self.outside_since or reading.at,
            breached_at=reading.at,
            temperature=reading.temperature,
            humidity=reading.humidity,
        )

    def end_breach(self) -> UUID | None:
        """Return the breach that is over now."""
        over, self.breach_id = self.breach_id, None
        return over
