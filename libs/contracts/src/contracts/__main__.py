"""Export the contracts, check that they stay compatible, or print them as AsyncAPI.

`check` compares with the last commit, its parent, the point where the branch left `origin/HEAD`
and the last release tag, as far as the clone has them; `--base` and `--against` name one instead.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from contracts.asyncapi import document
from contracts.catalogue import BY_TYPE, EVENTS
from contracts.compatibility import ADVICE, incompatibilities
from contracts.exporting import export, stale
from contracts.history import (
    NoSuchRevision,
    Published,
    published_at,
    published_before,
    published_in,
)
from contracts.schemas import as_text, schema_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 0 if all is well."""
    given = _parser().parse_args(arguments)
    if given.command == "asyncapi":
        _say([as_text(document(given.producer)).rstrip()])
        return 0
    root: Path = given.root.resolve()
    if not (root / "libs/contracts").is_dir():
        _say([f"{root} is not the root of the repository"])
        return 2
    if given.command == "export":
        _say(export(root) or ["nothing has changed"])
        return 0
    try:
        versions = _versions(root, given.base, given.against)
    except NoSuchRevision as error:
        _say([str(error)])
        return 2
    return _check(root, versions)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="contracts", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    producers = sorted({event.TOPIC.producer for event in EVENTS})
    printing = commands.add_parser("asyncapi", help="print the AsyncAPI document")
    printing.add_argument("producer", nargs="?", choices=producers, help="one service alone")
    exporting = commands.add_parser("export", help="write the files that are made from the code")
    checking = commands.add_parser("check", help="are they written, and compatible with before?")
    for parsing in (exporting, checking):
        parsing.add_argument("--root", type=Path, default=Path(), help="of the repository")
    base = checking.add_mutually_exclusive_group()
    base.add_argument("--base", metavar="REVISION", help="compare with this revision alone")
    base.add_argument("--against", type=Path, metavar="DIR", help="... with another checkout")
    return parser


def _versions(root: Path, base: str | None, against: Path | None) -> list[Published]:
    if against is not None:
        version = published_in(against.resolve(), str(against))
        if not version.schemas:
            raise NoSuchRevision(f"{against} holds no exported schemas")
        return [version]
    if base is not None:
        return [published_at(root, base)]
    return published_before(root)


def _check(root: Path, versions: list[Published]) -> int:
    problems = [f"{line}; run `make schemas`" for line in stale(root)]
    schemas = {event.TYPE: schema_of(event) for event in EVENTS}
    for version in versions:
        changes = [*incompatibilities(version.schemas, schemas), *_unreadable(version)]
        problems += [f"{change} (it was otherwise in {version.name})" for change in changes]
    _say(problems)
    names = ", ".join(version.name for version in versions)
    compared = f"compared with {names}" if names else "nothing earlier is here to compare with"
    _say([f"contracts: {len(problems)} found" if problems else "contracts: clean", compared])
    return 1 if problems else 0


def _unreadable(version: Published) -> Iterable[str]:
    """Read the golden payloads of an earlier version: validators tighten where no schema shows."""
    for path, payload in sorted(version.golden.items()):
        event = BY_TYPE.get(PurePosixPath(path).parent.name)
        if event is None:
            continue
        try:
            event.model_validate_json(payload)
        except ValidationError as error:
            faults = json.loads(error.json(include_url=False, include_context=False))
            first = ".".join(str(step) for step in faults[0]["loc"])
            yield f"{path} can't be read any more: {first}: {faults[0]['msg']}; {ADVICE}"


def _say(lines: Iterable[object]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
