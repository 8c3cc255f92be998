"""The jars of servers written in Java, from Maven coordinates, without Maven."""

import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from devstack.errors import StackError
from devstack.files import read_json, write_json
from devstack.server import remove_tree

NOTE = "jars.json"
RUNTIME_SCOPES = ("compile", "runtime")


class JarsUnavailableError(StackError):
    """The jars are not on this machine and could not be fetched."""


def kept(name: str, fetch: Callable[[Path], list[Path]]) -> list[Path]:
    """Return the jars known by a name, which tells the version; fetch them the first time.

    They are fetched into an empty folder, which takes its place when all of them are there: who
    is killed meanwhile leaves no half of a jar that is used later.
    """
    folder = _cache_folder() / "jars" / name
    if known := _all_there(folder):
        return known
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two processes that share the tests may want the same jars, or others; one fetches at a time.
    with (folder.parent / "jars.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if known := _all_there(folder):
            return known
        draft = folder.with_name("fetching")
        remove_tree(draft)
        draft.mkdir()
        jars = [jar.relative_to(draft) for jar in fetch(draft)]
        write_json(draft / NOTE, [str(jar) for jar in jars])
        remove_tree(folder)
        draft.rename(folder)
    return [folder / jar for jar in jars]


def resolve(coordinates: str, folder: Path, without: Sequence[str] = ()) -> list[Path]:
    """Put an artifact and what it needs into a folder, leaving out what is named; return the jars.

    The resolver takes whatever the folder has for whole: it should be a new one.
    """
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 - slow, and only needed the first time

        maven = MavenContext(repo_cache=folder)
        left_out = [maven.project(*one.split(":")) for one in without]
        wanted = maven.create_dependency(coordinates, left_out)
        [itself], others = maven.resolver.resolve([wanted])
        needed = [other for other in others if other.scope in RUNTIME_SCOPES]
        return sorted({one.artifact.resolve() for one in (itself, *needed)})
    except Exception as error:  # whatever the resolver raises, the answer is the same
        raise JarsUnavailableError(f"{coordinates} could not be resolved: {error}") from error


def _all_there(folder: Path) -> list[Path]:
    jars = [folder / jar for jar in read_json(folder / NOTE) or []]
    return jars if all(jar.exists() for jar in jars) else []


def _cache_folder() -> Path:
    """Return a folder outside of any state, so that a new state needs no new download."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "trueshelf"
