"""What was published before, read from git as far as there is any.

A clone may be shallow, hold one commit, or be no clone at all: whatever of the history is missing
is passed over, and only a revision that somebody asked for by name has to exist.
"""

import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from contracts.exporting import GOLDEN, SCHEMAS

BRANCH = "origin/HEAD"
RELEASES = "v[0-9]*"


class NoSuchRevision(Exception):
    """The revision asked for is not in this clone."""


@dataclass(frozen=True)
class Published:
    """What one earlier version said: its schemas by type, and its golden payloads by path."""

    name: str
    schemas: Mapping[str, Mapping[str, Any]]
    golden: Mapping[PurePosixPath, bytes]


def published_in(folder: Path, name: str | None = None) -> Published:
    """Read a root folder as an earlier version, such as another checkout."""
    return _published(
        name or str(folder),
        {
            PurePosixPath(path.relative_to(folder).as_posix()): path.read_bytes()
            for part in (SCHEMAS, GOLDEN)
            for path in (folder / part).glob("*/*.json")
        },
    )


def published_at(root: Path, revision: str) -> Published:
    """Read one revision; raise `NoSuchRevision` if the clone does not have it."""
    commit = _commit(root, revision)
    if commit is None:
        raise NoSuchRevision(f"{revision} is not in this clone")
    return _read(root, revision, commit)


def published_before(root: Path) -> list[Published]:
    """Read all versions that the present one has to be compatible with, as far as they are here.

    These are the last commit (for what is not committed yet), its parent (for what it did), the
    commit where the branch left the main one (for all that the branch did), and the last release.
    """
    names = [
        "HEAD",
        "HEAD~1",
        _git_line(root, "merge-base", "HEAD", BRANCH),
        _git_line(root, "describe", "--tags", "--abbrev=0", "--match", RELEASES),
    ]
    commits: dict[str, str] = {}
    for name in filter(None, names):
        commit = _commit(root, name)
        if commit is not None:
            commits.setdefault(commit, name)
    versions = [_read(root, name, commit) for commit, name in commits.items()]
    return [version for version in versions if version.schemas]


def _read(root: Path, name: str, commit: str) -> Published:
    label = f"{name} ({commit[:9]})" if not commit.startswith(name) else commit[:9]
    return _published(label, _files_at(root, commit, (SCHEMAS, GOLDEN)))


def _published(name: str, files: Mapping[PurePosixPath, bytes]) -> Published:
    schemas = [json.loads(text) for path, text in files.items() if path.is_relative_to(SCHEMAS)]
    return Published(
        name=name,
        schemas={schema["x-type"]: schema for schema in schemas},
        golden={path: text for path, text in files.items() if path.is_relative_to(GOLDEN)},
    )


def _files_at(
    root: Path, commit: str, folders: Iterable[PurePosixPath]
) -> dict[PurePosixPath, bytes]:
    """Read the JSON files of a commit; a folder that it does not have holds none."""
    files: dict[PurePosixPath, bytes] = {}
    for folder in folders:
        archive = _git(root, "archive", "--format=tar", commit, "--", str(folder))
        if archive is None:
            continue
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is not None and member.name.endswith(".json"):
                    files[PurePosixPath(member.name)] = content.read()
    return files


def _commit(root: Path, revision: str) -> str | None:
    return _git_line(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")


def _git_line(root: Path, *arguments: str) -> str | None:
    answer = _git(root, *arguments)
    return answer.decode().strip() if answer else None


def _git(root: Path, *arguments: str) -> bytes | None:
    """Return what git prints; None if it fails, or is not there."""
    program = shutil.which("git")
    if program is None:
        return None
    # The arguments are this file's own; the one revision from outside can't pass as an option,
    # because of what _commit puts behind it.
    command = [program, "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return done.stdout if done.returncode == 0 else None
