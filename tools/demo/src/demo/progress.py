"""Shows how far a step is: a bar with rate and time left; plain lines where no terminal is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

LINE_EVERY_SECONDS = 5.0


class Rate(ProgressColumn):
    """So many a second."""

    def render(self, task: Task) -> Text:
        """Return the rate of a task."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f}/s" if speed else "", style="cyan")


@dataclass
class Step:
    """Something that is done so many times."""

    name: str
    total: int
    done: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.began

    def advance(self, count: int = 1) -> None:
        """Note that some more are done."""
        self.done += count

    def reach(self, count: int) -> None:
        """Note how many are done altogether."""
        self.advance(count - self.done)

    def line(self) -> str:
        """Say how far it is."""
        rate = self.done / self.seconds if self.seconds else 0.0
        left = (self.total - self.done) / rate if rate else 0.0
        return f"{self.name}: {self.done:,} of {self.total:,}, {rate:,.1f}/s, {left:.0f} s left"


class PlainStep(Step):
    """Says how far it is in a line of its own, now and then."""

    said: float = 0.0

    def advance(self, count: int = 1) -> None:
        """Note that some more are done."""
        super().advance(count)
        if time.monotonic() - max(self.said, self.began) >= LINE_EVERY_SECONDS:
            self.said = time.monotonic()
            print(self.line(), flush=True)


@dataclass
class BarStep(Step):
    """Moves a bar."""

    progress: Progress = field(kw_only=True)

    def __post_init__(self) -> None:
        """Draw the bar."""
        self.task = self.progress.add_task(self.name, total=self.total)

    def advance(self, count: int = 1) -> None:
        """Note that some more are done."""
        super().advance(count)
        self.progress.advance(self.task, count)


class Show:
    """Tells people what is going on, and keeps how long each step took."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console()
        self.seconds: dict[str, float] = {}

    def say(self, text: str) -> None:
        """Print a line."""
        self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def step(self, name: str, total: int = 0) -> Iterator[Step]:
        """Show a step while it lasts; a total of zero is a step without a bar."""
        began = time.monotonic()
        if not total:
            self.say(f"{name} ...")
            yield Step(name, total)
        elif self.console.is_terminal:
            with Progress(*_columns(), console=self.console) as progress:
                yield BarStep(name, total, progress=progress)
        else:
            self.say(f"{name}: {total:,} to do")
            yield PlainStep(name, total)
        took = self.seconds[name] = time.monotonic() - began
        if not (total and self.console.is_terminal):
            self.say(f"{name}: done in {took:.1f} s")


def _columns() -> list[ProgressColumn]:
    return [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    ]
