"""What the supervisor tells the world: one file, replaced whenever something changes."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from devstack.files import read_json, write_json
from devstack.processes import Identity


class Phase(StrEnum):
    """How far the stack is."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass
class ProcessStatus:
    """One child: who it is now, and how it fared so far."""

    pid: int
    started: float
    stop_signal: int
    running: bool = True
    restarts: int = 0
    last_exit: int | None = None
    last_exit_at: float | None = None

    @property
    def identity(self) -> Identity:
        """Return who to look for."""
        return Identity(self.pid, self.started)


@dataclass
class Status:
    """The whole stack."""

    pid: int
    started: float
    phase: Phase = Phase.STARTING
    message: str = ""
    broker: str = ""
    warning: str = ""
    processes: dict[str, ProcessStatus] = field(default_factory=dict)

    @property
    def supervisor(self) -> Identity:
        """Return who to look for."""
        return Identity(self.pid, self.started)

    def write(self, state: Path) -> None:
        """Tell it."""
        write_json(_file(state), asdict(self))

    @classmethod
    def read(cls, state: Path) -> "Status | None":
        """Return what was told last, also by a supervisor that is gone."""
        kept: dict[str, Any] | None = read_json(_file(state))
        if kept is None:
            return None
        processes = {name: ProcessStatus(**one) for name, one in kept["processes"].items()}
        return cls(**{**kept, "phase": Phase(kept["phase"]), "processes": processes})


def _file(state: Path) -> Path:
    return state / "status.json"
