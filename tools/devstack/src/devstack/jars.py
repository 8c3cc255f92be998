"""The jars of servers written in Java, from Maven coordinates, without Maven."""

import fcntl
import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from devstack.errors import StackError
from devstack.files import read_json, write_json


class JarsUnavailableError(StackError):
    """The jars are not on this machine and could not be fetched."""


def kept(name: str, fetch: Callable[[], list[Path]]) -> list[Path]:
    """Return the jars known by a name, which tells the version; fetch them the first time."""
    note = _cache_folder() / f"{name}.json"
    if known := _all_there(note):
        return known
    note.parent.mkdir(parents=True, exist_ok=True)
    # Two processes that share the tests may want the same jars; one fetches them.
    with note.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if known := _all_there(note):
            return known
        jars = fetch()
        write_json(note, [str(jar) for jar in jars])
    return jars


def resolve(coordinates: str, without: Sequence[str] = ()) -> list[Path]:
    """Return the jars of an artifact and of what it needs, leaving out what is named."""
    try:
        with warnings.catch_warnings():
            # It looks for a runtime folder it then does not use.
            warnings.simplefilter("ignore")
            from jgo.env import EnvironmentBuilder, EnvironmentSpec  # noqa: PLC0415 - slow
            from jgo.maven import MavenContext  # noqa: PLC0415 - and only needed the first time

            wanted = EnvironmentSpec(
                name=coordinates, coordinates=[coordinates], exclusions=[*without]
            )
            builder = EnvironmentBuilder(MavenContext(), cache_dir=_cache_folder())
            environment = builder.from_spec(wanted)
    except Exception as error:  # whatever the resolver raises, the answer is the same
        raise JarsUnavailableError(f"{coordinates} could not be resolved: {error}") from error
    jars = sorted(Path(environment.path).glob("*/*.jar"))
    if not jars:
        raise JarsUnavailableError(f"resolving {coordinates} gave no jars")
    return jars


def _all_there(note: Path) -> list[Path]:
    jars = [Path(jar) for jar in read_json(note) or []]
    return jars if all(jar.exists() for jar in jars) else []


def _cache_folder() -> Path:
    """Return a folder outside of any state, so that a new state needs no new download."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "trueshelf"
