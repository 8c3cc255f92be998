"""The files that are made from the catalogue and committed, so that every change of it is seen."""

from pathlib import Path, PurePosixPath

from contracts.asyncapi import document
from contracts.catalogue import EVENTS
from contracts.schemas import as_text, schema_of

SCHEMAS = PurePosixPath("libs/contracts/schemas")
GOLDEN = PurePosixPath("libs/contracts/golden")
ASYNCAPI = PurePosixPath("docs/asyncapi.json")


def exports() -> dict[PurePosixPath, str]:
    """Return every file that is made from the catalogue: path from the root, and text."""
    files = {SCHEMAS / e.TOPIC.name / f"{e.TYPE}.json": as_text(schema_of(e)) for e in EVENTS}
    return {**files, ASYNCAPI: as_text(document())}


def exported_files(root: Path) -> dict[PurePosixPath, str]:
    """Read the files that are there now, those included that no event stands behind."""
    paths = [*sorted((root / SCHEMAS).glob("*/*.json")), root / ASYNCAPI]
    return {
        PurePosixPath(path.relative_to(root).as_posix()): path.read_text("utf-8")
        for path in paths
        if path.is_file()
    }


def export(root: Path) -> list[str]:
    """Bring the files up to date; return what was done."""
    wanted, present = exports(), exported_files(root)
    done = []
    for path, text in sorted(wanted.items()):
        if present.get(path) != text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
            done.append(f"wrote {path}")
    for path in sorted(present.keys() - wanted.keys()):
        (root / path).unlink()
        done.append(f"removed {path}")
    return done


def stale(root: Path) -> list[str]:
    """Say which files are not what the code says."""
    wanted, present = exports(), exported_files(root)
    return [
        f"{path}: {'is missing' if path not in present else 'is not what the code says'}"
        if path in wanted
        else f"{path}: no event stands behind it"
        for path in sorted(wanted.keys() | present.keys())
        if wanted.get(path) != present.get(path)
    ]
